package io.github.rpideploy.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.FilesSpec;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.docker.Examination;
import io.github.rpideploy.docker.swarm.SwarmNode;
import io.github.rpideploy.report.Check;
import io.github.rpideploy.report.Check.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the doctor says of a swarm. */
class SwarmChecksTest {

  private final ExaminedPi pi = new ExaminedPi();

  @Test
  void a_swarm_whose_nodes_are_all_there_is_good() {
    Check swarm =
        checks(ExaminedPi.EXTENSION, node("kitchen", "ready", "active", true), good("attic"))
            .get(0);

    assertThat(swarm.level()).isEqualTo(Level.PASS);
    assertThat(swarm.finding()).isEqualTo("the Pi manages 2 nodes: kitchen, attic");
  }

  @Test
  void a_node_that_is_down_drained_or_of_another_architecture_is_told_and_what_to_do() {
    SwarmNode other =
        new SwarmNode(
            "id", "pc", "10.0.0.9", "ready", "active", "worker", "x86_64", Map.of(), false);
    Check swarm =
        checks(
                ExaminedPi.EXTENSION,
                node("kitchen", "ready", "active", true),
                node("attic", "down", "active", false),
                node("shed", "ready", "drain", false),
                other)
            .get(0);

    assertThat(swarm.level()).isEqualTo(Level.WARN);
    assertThat(swarm.finding())
        .isEqualTo(
            """
            attic is down
            shed gets no tasks: its availability is drain
            pc is amd64, and images are for linux/arm64""");
    assertThat(swarm.fix())
        .contains(
            "mvn rpi:ship",
            "docker node update --availability active shed",
            "node.platform.arch == aarch64");
  }

  @Test
  void two_managers_are_worse_than_one() {
    SwarmNode second =
        new SwarmNode(
            "id", "attic", "10.0.0.2", "ready", "active", "manager", "aarch64", Map.of(), false);
    Check swarm =
        checks(ExaminedPi.EXTENSION, node("kitchen", "ready", "active", true), second).get(0);

    assertThat(swarm.level()).isEqualTo(Level.WARN);
    assertThat(swarm.finding()).contains("two managers");
    assertThat(swarm.fix()).contains("docker node promote");
  }

  @Test
  void who_manages_no_swarm_is_not_fit() {
    Check swarm =
        new SwarmChecks(
                Examination.of(pi, "rpi/x", null, false), stack(), List.of(), Set.of("linux/arm64"))
            .all(
                () -> {
                  throw new DeployException("pi is a worker of its swarm", "Name a manager");
                })
            .get(0);

    assertThat(swarm)
        .isEqualTo(Check.fail("swarm", "pi is a worker of its swarm", "Name a manager"));
  }

  @Test
  void what_no_swarm_can_do_is_told_of_the_services_that_are_deployed() {
    Check ours = checks(ExaminedPi.AUTH, good("attic")).get(1);
    assertThat(ours.level()).isEqualTo(Level.FAIL);
    assertThat(ours.finding()).contains("auth-server cannot run", "mem_limit: write", "127.0.0.1");

    Check other = checks(ExaminedPi.EXTENSION, good("attic")).get(1);
    assertThat(other).isEqualTo(Check.pass("stack", "x: a swarm can run extension-server"));
  }

  private List<Check> checks(ServiceSpec service, SwarmNode... nodes) {
    return new SwarmChecks(
            Examination.of(pi, "rpi/x", null, false),
            stack(),
            List.of(service),
            Set.of("linux/arm64"))
        .all(() -> List.of(nodes));
  }

  private static Stack stack() {
    return new Stack("rpi/x", null, false, FilesSpec.DEFAULT, true);
  }

  private static SwarmNode good(String name) {
    return node(name, "ready", "active", false);
  }

  private static SwarmNode node(String name, String state, String availability, boolean self) {
    return new SwarmNode(
        name,
        name,
        "10.0.0.1",
        state,
        availability,
        self ? "manager" : "worker",
        "aarch64",
        Map.of(),
        self);
  }
}
