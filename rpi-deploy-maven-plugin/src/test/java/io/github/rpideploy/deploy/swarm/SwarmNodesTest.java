package io.github.rpideploy.deploy.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Dial;
import io.github.rpideploy.deploy.stack.Node;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.swarm.SwarmNode;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The nodes of a swarm by their names; none of them is asked anything. */
class SwarmNodesTest {

  private final SwarmNodes nodes =
      new SwarmNodes(
          new Manager(),
          () ->
              List.of(
                  node("1", "kitchen", "ready", true),
                  node("2", "attic", "ready", false),
                  node("3", "attic", "ready", false),
                  node("4", "cellar", "down", false)),
          Dial.NOWHERE,
          false);

  @Test
  void all_of_a_name_are_found_and_the_manager_is_no_other_machine() {
    assertThat(nodes.named("kitchen")).extracting(Node::isElsewhere).containsExactly(false);
    assertThat(nodes.named("attic")).extracting(Node::name).containsExactly("attic", "attic");
    assertThat(nodes.named("attic"))
        .as("the same as any other time")
        .containsExactlyElementsOf(nodes.named("attic"))
        .doesNotHaveDuplicates();
  }

  @Test
  void a_name_that_the_swarm_does_not_have_is_refused_with_those_that_it_has() {
    DeployException failure = refusal("atic");

    assertThat(failure)
        .hasMessage("The swarm has no node atic: it has kitchen, attic, attic, cellar");
    assertThat(failure.hint()).endsWith("mvn rpi:ship -Drpi.nodes=kitchen");
  }

  @Test
  void one_that_is_down_gets_nothing_and_it_is_said_how_it_does_later() {
    DeployException failure = refusal("cellar");

    assertThat(failure).hasMessage("Node cellar is down, so no image can be brought there");
    assertThat(failure.hint()).endsWith("When it is back: mvn rpi:ship -Drpi.nodes=cellar");

    List<Event> events = new ArrayList<>();
    nodes.warnOfDown(events::add);
    assertThat(events)
        .containsExactly(
            new Event.Warning(
                "Node cellar is down: it gets no images. When it is back: mvn rpi:ship"
                    + " -Drpi.nodes=cellar"));
  }

  private DeployException refusal(String name) {
    return catchThrowableOfType(DeployException.class, () -> nodes.named(name));
  }

  private static SwarmNode node(String id, String name, String state, boolean self) {
    return new SwarmNode(
        id, name, "10.0.0." + id, state, "active", "worker", "aarch64", Map.of(), self);
  }

  private record Manager() implements Node {

    @Override
    public String name() {
      return "pi";
    }

    @Override
    public RemoteHost host() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Docker docker() {
      throw new UnsupportedOperationException();
    }
  }
}
