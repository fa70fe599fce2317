package io.github.rpideploy.docker.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.docker.file.ComposeTree;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SwarmNodeTest {

  /** What a real manager printed of itself, but for the names. */
  private static final String SELF =
      """
      swarm active true n1
      managers [{"NodeID":"n1","Addr":"172.17.0.1:2377"}]
      node {"id":"n1","name":"kitchen","address":"ADDRESS","state":"ready",\
      "availability":"active","role":"manager","architecture":"aarch64","labels":{},\
      "manager":{"Leader":true,"Reachability":"reachable","Addr":"MANAGER"}}
      """;

  @ParameterizedTest
  @CsvSource({
    "172.17.0.1, 172.17.0.1:2377, 172.17.0.1",
    "0.0.0.0, 172.17.0.1:2377, 172.17.0.1",
    "127.0.0.1, 172.17.0.1:2377, 172.17.0.1",
    "'', 172.17.0.1:2377, 172.17.0.1",
    "10.0.0.9, 172.17.0.1:2377, 10.0.0.9",
    "'', '[fd00::1]:2377', fd00::1",
  })
  void a_node_is_reached_by_an_address_that_leads_to_it(
      String address, String manager, String reached) {
    String said = SELF.replace("ADDRESS", address).replace("MANAGER", manager);

    assertThat(SwarmAnswer.nodes(said).nodes())
        .containsExactly(
            new SwarmNode(
                "n1", "kitchen", reached, "ready", "active", "manager", "aarch64", Map.of(), true));
  }

  /** A warning names it. */
  @Test
  void a_node_whose_name_is_a_trick_is_harmless() {
    String said = SELF.replace("kitchen", "\\u001b[2J\\n[INFO] BUILD SUCCESS" + "x".repeat(1000));

    assertThat(SwarmAnswer.nodes(said).nodes().get(0).name())
        .startsWith("?[2J [INFO] BUILD SUCCESSxxx")
        .hasSize(101);
  }

  @Test
  void a_worker_that_is_not_known_well_has_no_address() {
    assertThat(SwarmAnswer.nodes("node {\"id\":\"n2\",\"labels\":null,\"manager\":null}").nodes())
        .containsExactly(new SwarmNode("n2", "", "", "", "", "", "", Map.of(), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node.role == worker",
        "node.role==Worker",
        "node.role != manager",
        "node.hostname == attic",
        "node.id == n2",
        "node.platform.arch == aarch64",
        "node.labels.room == under the roof",
        "node.labels.none != x",
        "engine.labels.own == x",
        "node.platform.os == linux",
        "nonsense",
      })
  void it_may_run_a_service_whose_constraints_it_meets_or_that_cannot_be_told(String constraint) {
    assertThat(node("active").mayRun(constrained(constraint))).isTrue();
    assertThat(node("pause").mayRun(constrained(constraint))).isTrue();
    assertThat(node("drain").mayRun(constrained(constraint))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node.role == manager",
        "node.role != worker",
        "node.hostname != attic",
        "node.id == n1",
        "node.platform.arch == x86_64",
        "node.labels.room == kitchen",
        "node.labels.none == x",
      })
  void it_may_not_when_one_of_them_says_so(String constraint) {
    assertThat(node("active").mayRun(constrained("node.role == worker, " + constraint))).isFalse();
  }

  @Test
  void without_constraints_it_may() {
    assertThat(node("active").mayRun(Map.of())).isTrue();
    assertThat(node("active").mayRun(ComposeTree.typed("deploy: {placement: [x]}"))).isTrue();
  }

  private static SwarmNode node(String availability) {
    return new SwarmNode(
        "n2",
        "attic",
        "10.0.0.2",
        "ready",
        availability,
        "worker",
        "aarch64",
        Map.of("room", "under the roof"),
        false);
  }

  private static Map<String, Object> constrained(String constraints) {
    return ComposeTree.typed("deploy: {placement: {constraints: [" + constraints + "]}}");
  }
}
