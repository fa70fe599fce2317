package io.github.rpideploy.docker.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.ProjectStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The lines are those of Engine 26.1. */
class SwarmStatusTest {

  private static final ProjectStatus MANAGER =
      new ProjectStatus(
          List.of("a line"),
          List.of(),
          Map.of(),
          Map.of("api:rpi-000000000001", "sha256:1", "api:rpi-000000000002", "sha256:2"),
          Map.of(),
          "");

  private static final String NODES = "node n1 kitchen\nnode n2 attic\n";

  @Test
  void each_task_that_is_wanted_has_its_node_its_release_and_since_when_it_runs() {
    ProjectStatus status =
        SwarmStatus.in(
            MANAGER,
            NODES
                + task("n1", "running", "running", "", 1, "sha256:1")
                + task("n2", "running", "running", "", 2, "sha256:1")
                + task("n2", "shutdown", "shutdown", "", 2, "sha256:2"));

    assertThat(status.members())
        .extracting(ProjectStatus.Member::service, ProjectStatus.Member::node)
        .containsExactly(tuple("api", "kitchen"), tuple("api", "attic"));
    ProjectStatus.Member first = status.members().get(0);
    assertThat(first.container().startedAt()).isEqualTo("2026-11-30T11:00:48.1Z");
    assertThat(first.container().id()).isEqualTo("c1");
    assertThat(Objects.requireNonNull(status.images().get(first.container().image())).tags())
        .containsExactly("api:rpi-000000000001");
    assertThat(status.history()).containsExactly("a line");
  }

  @Test
  void a_task_that_no_node_takes_says_why_and_has_no_node() {
    ProjectStatus status =
        SwarmStatus.in(MANAGER, task("", "running", "pending", "no suitable node", 1, "sha256:1"));

    ProjectStatus.Member member = status.members().get(0);
    assertThat(member.node()).isEqualTo("-");
    assertThat(member.container().status()).isEqualTo("pending");
    assertThat(member.container().error()).isEqualTo("no suitable node");
    assertThat(member.container().startedAt()).isEmpty();
  }

  @Test
  void restarts_are_the_tasks_of_the_same_image_in_the_same_place_that_have_failed() {
    ProjectStatus status =
        SwarmStatus.in(
            MANAGER,
            NODES
                + task("n1", "running", "running", "", 1, "sha256:2")
                + task("n2", "shutdown", "failed", "task: non-zero exit (3)", 1, "sha256:2")
                + task("n2", "shutdown", "rejected", "no such image", 1, "sha256:2")
                + task("n2", "shutdown", "failed", "task: non-zero exit (3)", 1, "sha256:1")
                + task("n2", "shutdown", "failed", "task: non-zero exit (3)", 2, "sha256:2"));

    assertThat(status.members().get(0).container().restarts()).isEqualTo(2);
  }

  @Test
  void an_image_that_the_manager_lacks_is_called_as_the_service_was_told() {
    ProjectStatus status =
        SwarmStatus.in(MANAGER, task("n1", "running", "running", "", 1, "caddy:2@sha256:9"));

    assertThat(
            Objects.requireNonNull(status.images().get(status.members().get(0).container().image()))
                .tags())
        .containsExactly("caddy:2");
  }

  @Test
  void what_is_no_JSON_is_told_without_it() {
    assertThatThrownBy(() -> SwarmStatus.in(MANAGER, "task api {\"secret"))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("cannot be read")
        .hasMessageNotContaining("secret");
  }

  private static String task(
      String node, String desired, String state, String error, int slot, String image) {
    return """
        task api {"node":"%s","desired":"%s","state":"%s","error":"%s",\
        "since":"2026-11-30T11:00:48.1Z","slot":%d,"image":"%s",\
        "status":{"ContainerID":"c1","PID":1}}
        """
        .formatted(node, desired, state, error, slot, image);
  }
}
