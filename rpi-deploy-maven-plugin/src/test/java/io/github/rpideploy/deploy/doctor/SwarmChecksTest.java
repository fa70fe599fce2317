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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the doctor says of a swarm. */
class SwarmChecksTest {

  private static final String RELEASE = "extension-server:rpi-0123456789ab";

  private final ExaminedPi pi = new ExaminedPi();
  private @Nullable DeployException noSwarm;

  /** The release of each service in the swarm. */
  private final Map<String, String> running = new HashMap<>();

  /** The tags that each node has. */
  private final Map<String, Set<String>> images = new HashMap<>();

  private String unreachable = "";

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
            "mvn rpi:ship -Drpi.nodes=attic",
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
    noSwarm = new DeployException("pi is a worker of its swarm", "Name a manager");

    List<Check> checks = checks(ExaminedPi.EXTENSION);

    assertThat(checks)
        .startsWith(Check.fail("swarm", "pi is a worker of its swarm", "Name a manager"))
        .endsWith(Check.notChecked("nodes"));
  }

  @Test
  void what_no_swarm_can_do_is_told_of_the_services_that_are_deployed() {
    Check ours = checks(ExaminedPi.AUTH, good("attic")).get(1);
    assertThat(ours.level()).isEqualTo(Level.FAIL);
    assertThat(ours.finding()).contains("auth-server cannot run", "mem_limit: write", "127.0.0.1");

    Check other = checks(ExaminedPi.EXTENSION, good("attic")).get(1);
    assertThat(other).isEqualTo(Check.pass("stack", "x: a swarm can run extension-server"));
  }

  @Test
  void nodes_that_have_what_they_may_have_to_run_are_good() {
    running.put("x_extension-server", RELEASE);
    images.put("kitchen", Set.of(RELEASE));
    images.put("attic", Set.of(RELEASE));
    SwarmNode[] nodes = {
      node("kitchen", "ready", "active", true),
      good("attic"),
      node("shed", "ready", "drain", false),
      node("cellar", "down", "active", false)
    };

    assertThat(nodes(ExaminedPi.EXTENSION, nodes))
        .isEqualTo(Check.pass("nodes", "kitchen, attic: have what runs"));
    running.clear();
    images.clear();
    assertThat(nodes(ExaminedPi.EXTENSION, nodes))
        .as("nothing runs yet")
        .isEqualTo(Check.pass("nodes", "kitchen, attic: have what runs"));
  }

  @Test
  void one_that_lacks_the_release_that_runs_is_told_and_how_it_gets_it() {
    running.put("x_extension-server", RELEASE);
    images.put("kitchen", Set.of(RELEASE));

    Check nodes =
        nodes(
            ExaminedPi.EXTENSION,
            node("kitchen", "ready", "active", true),
            good("attic"),
            good("cellar"));

    assertThat(nodes)
        .isEqualTo(
            Check.warn(
                "nodes",
                "attic lacks " + RELEASE + "\ncellar lacks " + RELEASE,
                "Build what runs, then bring it there: mvn rpi:ship -Drpi.nodes=attic,cellar; or"
                    + " deploy anew"));
  }

  @Test
  void one_that_cannot_be_reached_would_fail_a_deploy() {
    unreachable = "attic";

    Check nodes = nodes(ExaminedPi.EXTENSION, good("attic"), good("cellar"));

    assertThat(nodes.level()).isEqualTo(Level.FAIL);
    assertThat(nodes.finding())
        .isEqualTo("Node attic (10.0.0.1): The host key of 10.0.0.1 is not known");
    assertThat(nodes.fix())
        .startsWith("Add it\n")
        .contains("<nodes><node><name>attic</name><port>2222</port></node></nodes>");
  }

  @Test
  void one_on_which_no_service_may_run_is_not_asked() {
    pi.prints =
        pi.prints.replace(
            "  extension-server:\n    deploy:\n",
            """
              extension-server:
                deploy:
                  placement: {constraints: [node.hostname != attic]}
            """);
    unreachable = "attic";

    assertThat(nodes(ExaminedPi.EXTENSION, good("attic")))
        .isEqualTo(Check.pass("nodes", "none may run a service"));
  }

  private Check nodes(ServiceSpec service, SwarmNode... nodes) {
    return checks(service, nodes).get(2);
  }

  private List<Check> checks(ServiceSpec service, SwarmNode... nodes) {
    return new SwarmChecks(
            Examination.of(pi, "rpi/x", null, false),
            stack(),
            List.of(service),
            Set.of("linux/arm64"))
        .all(new Answers(List.of(nodes)));
  }

  private final class Answers implements SwarmChecks.Questions {

    private final List<SwarmNode> nodes;

    private Answers(List<SwarmNode> nodes) {
      this.nodes = nodes;
    }

    @Override
    public List<SwarmNode> nodes() {
      if (noSwarm != null) {
        throw noSwarm;
      }
      return nodes;
    }

    @Override
    public String runs(String stack, String service) {
      return running.getOrDefault(stack + "_" + service, "");
    }

    @Override
    public Predicate<String> tags(SwarmNode node) {
      if (unreachable.equals(node.name())) {
        throw new DeployException("The host key of 10.0.0.1 is not known", "Add it");
      }
      return images.getOrDefault(node.name(), Set.of())::contains;
    }
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
