package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.report.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollbackTest {

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
        extension-server:
          image: extension-server
      """;

  private static final String EXITED = ScriptedPi.state("exited", ",\"ExitCode\":1");

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi(COMPOSE);
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private Policy policy = Policy.DEFAULT;
  private @Nullable Path composeFile;

  @Test
  void a_service_that_is_not_good_goes_back_to_the_image_of_its_container_and_is_verified() {
    deploy(candidate("auth-server", "good"));
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);

    DeployException failure = failureOf(bad);

    assertThat(pi.changes)
        .endsWith(
            "tag " + id("auth-server", "good") + " auth-server:latest", "recreate auth-server");
    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "good"));
    assertThat(pi.idOf("auth-server:latest")).isEqualTo(id("auth-server", "good"));
    assertThat(failure)
        .hasMessageContaining("auth-server on pi@raspberrypi:22 is not good: the container exited")
        .hasMessageContaining(
            "auth-server is back on " + tag("auth-server", "good") + ", verified");
    assertThat(failure.hint()).contains("works again").contains("auth-server.log");
    assertThat(events)
        .last()
        .isEqualTo(
            new Event.RolledBack(
                "auth-server",
                tag("auth-server", "good"),
                "running, no restart",
                Duration.ofSeconds(4)));
  }

  @Test
  void what_the_live_tag_names_is_no_release_of_it_when_its_container_runs_another() {
    deploy(candidate("auth-server", "good"));
    pi.putImage("auth-server:latest", "sha256:of-another-project");
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);

    failureOf(bad);

    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "good"));
  }

  @Test
  void a_live_tag_without_a_container_is_nothing_to_go_back_to() {
    pi.putImage("auth-server:latest", "sha256:of-another-project");
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);

    DeployException failure = failureOf(bad);

    assertThat(failure)
        .hasMessageContaining("There is nothing to go back to: auth-server had no container before")
        .hasMessageContaining("left for inspection");
    assertThat(failure.hint()).contains("docker compose logs auth-server");
    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "bad"));
    assertThat(pi.changes).filteredOn("recreate auth-server"::equals).hasSize(1);
  }

  @Test
  void with_none_it_is_left_and_the_way_back_is_named() {
    deploy(candidate("auth-server", "good"));
    policy = new Policy(Policy.Rollback.NONE, false);
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);

    DeployException failure = failureOf(bad);

    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "bad"));
    assertThat(failure).hasMessageContaining("It was left as it is");
    assertThat(failure.hint())
        .contains(
            "docker tag "
                + id("auth-server", "good")
                + " auth-server:latest && docker compose up -d --force-recreate --no-deps"
                + " auth-server");
  }

  @Test
  void with_service_the_ones_that_were_verified_before_it_stay() {
    deploy(candidate("auth-server", "good"), candidate("extension-server", "good"));
    Candidate bad = candidate("extension-server", "bad");
    breakIt(bad);

    failureOf(candidate("auth-server", "new"), bad);

    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "new"));
    assertThat(pi.runs("extension-server")).isEqualTo(id("extension-server", "good"));
  }

  @Test
  void with_all_every_service_goes_back_the_last_one_first() {
    deploy(candidate("auth-server", "good"), candidate("extension-server", "good"));
    policy = new Policy(Policy.Rollback.ALL, false);
    Candidate bad = candidate("extension-server", "bad");
    breakIt(bad);
    pi.changes.clear();

    DeployException failure = failureOf(candidate("auth-server", "new"), bad);

    assertThat(pi.changes)
        .filteredOn(change -> change.startsWith("recreate"))
        .containsExactly(
            "recreate auth-server",
            "recreate extension-server",
            "recreate extension-server",
            "recreate auth-server");
    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "good"));
    assertThat(pi.runs("extension-server")).isEqualTo(id("extension-server", "good"));
    assertThat(failure)
        .hasMessageContaining("extension-server is back on")
        .hasMessageContaining("auth-server is back on");
  }

  @Test
  void what_is_not_good_with_the_old_image_either_is_said() {
    deploy(candidate("auth-server", "good"));
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);
    pi.statesOfImage.put(
        id("auth-server", "good"),
        new ArrayDeque<>(List.of(ScriptedPi.running(), ScriptedPi.state("restarting", ""))));

    DeployException failure = failureOf(bad);

    assertThat(failure)
        .hasMessageContaining("auth-server could not go back to " + tag("auth-server", "good"))
        .hasMessageContaining("it is not good with that either");
    assertThat(failure.hint()).contains("Inspect it");
    assertThat(events).filteredOn(Event.RollbackFailed.class::isInstance).hasSize(1);
  }

  @Test
  void a_recreate_that_compose_refuses_goes_back_too() {
    deploy(candidate("auth-server", "good"));
    pi.recreateResult =
        result -> {
          pi.recreateResult = same -> same;
          return ScriptedPi.failed("Bind for 127.0.0.1:8081 failed: port is already allocated");
        };

    DeployException failure = failureOf(candidate("auth-server", "new"));

    assertThat(failure)
        .hasMessageContaining("port is already allocated")
        .hasMessageContaining("auth-server is back on");
    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "good"));
  }

  @Test
  void the_compose_file_that_was_replaced_goes_back_before_the_service() throws IOException {
    deploy(candidate("auth-server", "good"), candidate("extension-server", "good"));
    composeFile =
        Files.writeString(
            directory.resolve("compose.yaml"),
            COMPOSE.replace("image: auth-server", "image: auth-server\n    environment: {A: b}"));
    Candidate bad = candidate("extension-server", "bad");
    breakIt(bad);

    failureOf(candidate("auth-server", "new"), bad);

    assertThat(pi.composeYaml).isEqualTo(COMPOSE);
    assertThat(pi.changes)
        .containsSubsequence("upload", "recreate extension-server", "restore")
        .endsWith("recreate extension-server");
    assertThat(events)
        .filteredOn(Event.Warning.class::isInstance)
        .extracting(event -> ((Event.Warning) event).text())
        .singleElement()
        .asString()
        .startsWith("auth-server runs with the new compose file, but the old one is back");
  }

  @Test
  void the_same_image_goes_back_when_only_the_compose_file_was_bad() throws IOException {
    deploy(candidate("auth-server", "good"));
    composeFile =
        Files.writeString(
            directory.resolve("compose.yaml"),
            COMPOSE.replace("image: auth-server", "image: auth-server\n    environment: {A: b}"));
    pi.states.put("auth-server", new ArrayDeque<>(List.of(ScriptedPi.running(), EXITED)));
    Candidate same = candidate("auth-server", "good");

    DeployException failure = failureOf(same);

    assertThat(pi.composeYaml).isEqualTo(COMPOSE);
    assertThat(failure).hasMessageContaining("auth-server");
    assertThat(pi.changes).endsWith("recreate auth-server");
  }

  @Test
  void nothing_goes_back_to_the_same_image_with_the_same_compose_file() {
    deploy(candidate("auth-server", "good"));
    policy = new Policy(Policy.Rollback.SERVICE, true);
    breakIt(candidate("auth-server", "good"));

    assertThat(failureOf(candidate("auth-server", "good")))
        .hasMessageContaining("ran the same image before, with the same compose file");
  }

  @Test
  void what_runs_already_and_is_good_is_left_alone() {
    deploy(candidate("auth-server", "good"));
    pi.changes.clear();
    events.clear();

    deploy(candidate("auth-server", "good"));

    assertThat(pi.changes).doesNotContain("recreate auth-server");
    assertThat(events).last().isEqualTo(new Event.Unchanged("auth-server", "running, no restart"));
  }

  @Test
  void what_runs_already_is_recreated_when_it_is_not_healthy_or_its_part_of_the_file_changed() {
    deploy(candidate("auth-server", "good"));
    pi.changes.clear();
    pi.states.put(
        "auth-server",
        new ArrayDeque<>(List.of(ScriptedPi.health("unhealthy"), ScriptedPi.health("healthy"))));
    deploy(candidate("auth-server", "good"));
    assertThat(pi.changes).contains("recreate auth-server");
    pi.changes.clear();

    pi.composeYaml = COMPOSE.replace("image: auth-server", "image: auth-server\n    user: root");
    deploy(candidate("auth-server", "good"));

    assertThat(pi.changes).contains("recreate auth-server");
  }

  @Test
  void force_recreates_all_the_same() {
    deploy(candidate("auth-server", "good"));
    pi.changes.clear();
    policy = new Policy(Policy.Rollback.SERVICE, true);

    deploy(candidate("auth-server", "good"));

    assertThat(pi.changes).contains("recreate auth-server");
  }

  @Test
  void a_plan_says_what_would_be_left_alone_and_what_not() {
    deploy(candidate("auth-server", "good"), candidate("extension-server", "good"));
    pi.states.put("extension-server", new ArrayDeque<>(List.of(EXITED)));

    deployer()
        .plan(List.of(candidate("auth-server", "good"), candidate("extension-server", "good")));

    assertThat(events)
        .filteredOn(Event.Planned.class::isInstance)
        .extracting(event -> ((Event.Planned) event).recreated())
        .containsExactly(false, true);
  }

  private void breakIt(Candidate candidate) {
    // The image's id on a classic store is its config's digest.
    pi.statesOfImage.put(
        candidate.tarball().configDigest().toString(), new ArrayDeque<>(List.of(EXITED)));
  }

  private void deploy(Candidate... candidates) {
    deployer().deploy(List.of(candidates));
  }

  private DeployException failureOf(Candidate... candidates) {
    return catchThrowableOfType(DeployException.class, () -> deploy(candidates));
  }

  private Deployer deployer() {
    return pi.deployer(composeFile, events, now);
  }

  private Candidate candidate(String service, String build) {
    return Specs.candidate(directory, service, build, policy);
  }

  private String id(String service, String build) {
    return candidate(service, build).tarball().configDigest().toString();
  }

  private String tag(String service, String build) {
    return service + ":rpi-" + candidate(service, build).tarball().configDigest().shortHex();
  }
}
