package io.github.rpideploy.deploy.look;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.ProjectStatus;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.report.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTest {

  private static final String ONE = "auth-server:rpi-000000000001";
  private static final String TWO = "auth-server:rpi-000000000002";
  private static final Map<String, ComposeFile.Service> SERVICES =
      Map.of("auth-server", ComposeFile.Service.of("auth-server"));

  private static Container container(String image) {
    return new Container(
        "c1", image, "running", "healthy", 0, false, "", 2, "2026-11-25T10:00:00Z", "hash", "", 0);
  }

  private static Container neverStarted(String image) {
    return new Container(
        "c1", image, "created", "none", 0, false, "", 0, "0001-01-01T00:00:00Z", "hash", "", 0);
  }

  private static String deployed(String release, String commit) {
    return History.line(
        new History.Deploy(
            Instant.EPOCH,
            new Origin("me@laptop", null, commit, "1.0"),
            Outcome.VERIFIED,
            List.of(
                new History.Service(
                    "auth-server", release, null, Outcome.VERIFIED, 1.0, null, release))));
  }

  private Map<String, String> unsettled = Map.of();

  @Test
  void files_that_somebody_has_changed_are_drift_of_the_services_that_see_them() {
    ProjectStatus project =
        new ProjectStatus(
            List.of(deployed(ONE, "c0ffee")),
            List.of(new ProjectStatus.Member("auth-server", container("sha256:1"), "12MiB")),
            Map.of(
                "sha256:1", new ProjectStatus.Image(List.of(ONE, "auth-server:latest"), Map.of())),
            Map.of(),
            Map.of(),
            List.of(
                new ProjectStatus.Drifted("changed", "auth-server", "conf/app.yml"),
                new ProjectStatus.Drifted("missing", "auth-server", "auth.env"),
                new ProjectStatus.Drifted("changed", "-", "common.yaml"),
                new ProjectStatus.Drifted("changed", "other", "x")),
            "");
    Status status = new Status(project);

    assertThat(status.of(SERVICES).get(0).drift())
        .isEqualTo(
            "conf/app.yml was changed on the Pi since it was sent; auth.env was sent, but"
                + " is not on the Pi");
    assertThat(status.driftOfOtherFiles())
        .containsExactly("common.yaml was changed on the Pi since it was sent");
  }

  private ServiceStatus status(ProjectStatus.@Nullable Image image, String... history) {
    return status(container("sha256:1"), image, history);
  }

  private ServiceStatus status(
      Container container, ProjectStatus.@Nullable Image image, String... history) {
    ProjectStatus project =
        new ProjectStatus(
            List.of(history),
            image == null
                ? List.of()
                : List.of(new ProjectStatus.Member("auth-server", container, "12MiB")),
            image == null ? Map.of() : Map.of("sha256:1", image),
            Map.of(ONE, "sha256:1", TWO, "sha256:2", "my/" + ONE, "sha256:3"),
            unsettled,
            "");
    return new Status(project).of(SERVICES).get(0);
  }

  private static ProjectStatus.Image image(String... tags) {
    return new ProjectStatus.Image(List.of(tags), Map.of());
  }

  @Test
  void a_service_that_runs_what_the_history_says_has_not_drifted() {
    assertThat(status(image("auth-server:latest", TWO), deployed(ONE, "c1"), deployed(TWO, "c2")))
        .isEqualTo(
            new ServiceStatus(
                "auth-server",
                "running",
                "healthy",
                "auth-server",
                TWO,
                "1.0",
                "c2",
                "2026-11-25T10:00:00Z",
                2,
                "12MiB",
                null,
                List.of(new ServiceStatus.Earlier(TWO, "1.0", "c2")),
                null,
                null));
  }

  @Test
  void a_task_of_a_swarm_has_its_node_and_what_is_wrong_with_it_but_no_live_tag() {
    Container waits =
        new Container("", "sha256:2", "pending", "none", 0, false, "no node", 0, "", "", "", 0);
    ProjectStatus project =
        new ProjectStatus(
            List.of(deployed(ONE, "c1"), deployed(TWO, "c2")),
            List.of(
                new ProjectStatus.Member("auth-server", container("sha256:2"), "", "kitchen"),
                new ProjectStatus.Member("auth-server", waits, "", "-"),
                new ProjectStatus.Member("auth-server", container("sha256:1"), "", "attic")),
            Map.of("sha256:1", image(ONE), "sha256:2", image(TWO)),
            Map.of(),
            Map.of(),
            "");
    List<ServiceStatus> tasks = new Status(project).of(SERVICES);

    assertThat(tasks).extracting(ServiceStatus::node).containsExactly("kitchen", "-", "attic");
    assertThat(tasks.get(0).drift()).isNull();
    assertThat(tasks.get(0).health()).isNull();
    assertThat(tasks.get(1).drift()).isEqualTo("no node");
    assertThat(tasks.get(1).since()).isNull();
    assertThat(tasks.get(2).drift()).isEqualTo("the history says it runs " + TWO);
  }

  @Test
  void what_it_can_go_back_to_was_good_is_there_and_does_not_run() {
    String gone = "auth-server:rpi-000000000003";
    String elsewhere = "my/auth-server:rpi-000000000001";
    List<String> history =
        List.of(
            deployed(gone, "c0"),
            deployed(elsewhere, "c0"),
            deployed(TWO, "c1"),
            deployed(ONE, "c2"));
    assertThat(status(image("auth-server:latest", ONE), history.toArray(String[]::new)).earlier())
        .containsExactly(new ServiceStatus.Earlier(TWO, "1.0", "c1"));
    assertThat(status(null, history.toArray(String[]::new)).earlier())
        .extracting(ServiceStatus.Earlier::release)
        .containsExactly(ONE, TWO);
  }

  @Test
  void a_service_has_no_containers_of_another() {
    ProjectStatus project =
        new ProjectStatus(
            List.of(),
            List.of(
                new ProjectStatus.Member("auth-server", container("sha256:1"), "12MiB"),
                new ProjectStatus.Member("db", neverStarted("sha256:2"), "")),
            Map.of(),
            Map.of(),
            Map.of(),
            "");

    assertThat(new Status(project).of(SERVICES))
        .singleElement()
        .extracting(ServiceStatus::service, ServiceStatus::state)
        .containsExactly("auth-server", "running");
  }

  @Test
  void a_container_that_never_ran_runs_since_no_time() {
    assertThat(status(neverStarted("sha256:1"), image("auth-server:latest", ONE)))
        .extracting(ServiceStatus::state, ServiceStatus::since)
        .containsExactly("created", null);
  }

  @Test
  void what_the_image_says_of_itself_comes_first() {
    ProjectStatus.Image labelled =
        new ProjectStatus.Image(
            List.of(ONE, "auth-server:latest"),
            Map.of(
                "org.opencontainers.image.version", "7",
                "org.opencontainers.image.revision", "abc"));
    assertThat(status(labelled, deployed(ONE, "c1")))
        .extracting(ServiceStatus::version, ServiceStatus::commit)
        .containsExactly("7", "abc");
  }

  @Test
  void the_commit_is_the_one_that_first_made_the_release() {
    assertThat(status(image(ONE, "auth-server:latest"), deployed(ONE, "c1"), deployed(ONE, "c2")))
        .extracting(ServiceStatus::commit)
        .isEqualTo("c1");
  }

  @Test
  void what_runs_something_else_than_the_history_says_has_drifted() {
    assertThat(status(image("auth-server:latest", ONE), deployed(ONE, "c1"), deployed(TWO, "c2")))
        .extracting(ServiceStatus::drift)
        .isEqualTo("the history says it runs " + TWO);
    assertThat(status(null, deployed(ONE, "c1")))
        .extracting(ServiceStatus::state, ServiceStatus::drift)
        .containsExactly("absent", "has no container, but the history says it runs " + ONE);
    assertThat(status(image(ONE), deployed(ONE, "c1")))
        .extracting(ServiceStatus::drift)
        .isEqualTo("auth-server names another image now: compose would recreate it");
  }

  @Test
  void a_service_without_a_verdict_is_shown_as_such() {
    unsettled = Map.of("auth-server", "unsettled");
    assertThat(status(image("auth-server:latest", ONE), deployed(ONE, "c1")).drift())
        .isEqualTo(
            "its last deploy ended before it was verified; the next one lets it go back first");
    assertThat(status(null, deployed(ONE, "c1")).drift()).startsWith("its last deploy ended");

    unsettled = Map.of("auth-server", "replacing");
    assertThat(status(image("auth-server:latest", ONE), deployed(ONE, "c1")).drift())
        .isEqualTo("a deploy is replacing it now");
  }

  @Test
  void what_the_history_does_not_know_cannot_drift() {
    assertThat(status(image("postgres:16")))
        .extracting(ServiceStatus::release, ServiceStatus::drift, ServiceStatus::commit)
        .containsExactly("postgres:16", null, null);
    assertThat(status(image())).extracting(ServiceStatus::release).isEqualTo("sha256:1");
    assertThat(status(null)).extracting(ServiceStatus::drift).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres:16@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "<none>:<none>",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "Not An Image"
      })
  void an_image_that_no_deploy_could_move_is_shown_as_it_is(String image) {
    ProjectStatus project =
        new ProjectStatus(
            List.of(deployed(ONE, "c1")),
            List.of(new ProjectStatus.Member("auth-server", container("sha256:1"), "12MiB")),
            Map.of("sha256:1", image(ONE)),
            Map.of(ONE, "sha256:1", "<none>:<none>", "sha256:2"),
            Map.of(),
            "");

    assertThat(new Status(project).of(Map.of("auth-server", ComposeFile.Service.of(image))).get(0))
        .extracting(ServiceStatus::image, ServiceStatus::drift, ServiceStatus::earlier)
        .containsExactly(image, null, List.of());
    assertThat(new Status(project).of(Map.of("other", ComposeFile.Service.of(image))).get(0))
        .extracting(ServiceStatus::image, ServiceStatus::earlier)
        .containsExactly(image, List.of());
  }

  @Test
  void a_name_that_is_none_is_neither_a_release_nor_something_to_go_back_to() {
    assertThat(status(image("<none>:<none>")))
        .extracting(ServiceStatus::release)
        .isEqualTo("sha256:1");

    ProjectStatus project =
        new ProjectStatus(
            List.of(deployed("<none>:<none>", "c1"), deployed(TWO, "c2"), deployed(ONE, "c3")),
            List.of(),
            Map.of(),
            Map.of(ONE, "sha256:1", TWO, "sha256:2", "<none>:<none>", "sha256:3"),
            Map.of(),
            "");
    assertThat(new Status(project).of(SERVICES).get(0).earlier())
        .extracting(ServiceStatus.Earlier::release)
        .containsExactly(ONE, TWO);
  }
}
