package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.image.TestImages;
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

class DeployerTest {

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
        extension-server:
          image: docker.io/library/extension-server:latest
      """;

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi(COMPOSE);
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

  @Test
  void ships_all_in_one_stream_then_replaces_one_after_the_other() {
    deployer().deploy(List.of(candidate("auth-server"), candidate("extension-server")));

    assertThat(pi.changes)
        .containsExactly(
            "load",
            "tag " + release("auth-server") + " auth-server:latest",
            "recreate auth-server",
            "tag " + release("extension-server") + " extension-server:latest",
            "recreate extension-server");
    assertThat(events.stream().map(event -> event.getClass().getSimpleName()))
        .containsSubsequence(
            "Shipped", "Shipped", "Recreated", "Verified", "Recreated", "Verified");
  }

  @Test
  void bytes_of_one_stream_are_shared_out_without_rest() {
    deployer().ship(List.of(candidate("auth-server"), candidate("extension-server")));

    long total =
        events.stream()
            .filter(Event.SendStarted.class::isInstance)
            .mapToLong(event -> ((Event.SendStarted) event).total())
            .sum();
    assertThat(shipped()).extracting(Event.Shipped::bytesSent).allMatch(bytes -> bytes > 0);
    assertThat(shipped().stream().mapToLong(Event.Shipped::bytesSent).sum()).isEqualTo(total);
  }

  @Test
  void shipping_touches_nothing_live() {
    pi.putImage("auth-server:latest", "sha256:old");

    deployer().ship(List.of(candidate("auth-server")));

    assertThat(pi.changes).containsExactly("load");
    assertThat(pi.idOf("auth-server:latest")).isEqualTo("sha256:old");
  }

  @Test
  void a_release_that_is_there_is_not_sent_again() {
    Deployer deployer = deployer();
    deployer.ship(List.of(candidate("auth-server")));
    pi.changes.clear();

    deployer.ship(List.of(candidate("auth-server")));

    assertThat(pi.changes).isEmpty();
    assertThat(shipped()).extracting(Event.Shipped::machines).containsExactly(1, 0);
    assertThat(shipped()).last().extracting(Event.Shipped::bytesSent).isEqualTo(0L);
  }

  @Test
  void a_load_that_exits_0_and_left_an_unusable_image_fails_and_its_tag_goes() {
    pi.load = ScriptedPi.Load.LIES;
    pi.putImage("auth-server:latest", "sha256:old");

    assertThatThrownBy(() -> deployer().ship(List.of(candidate("auth-server"))))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("auth-server did not arrive usable on pi@raspberrypi:22")
        .hasMessageContaining("Error unpacking image");
    assertThat(pi.hasTag(release("auth-server"))).isFalse();
    assertThat(pi.idOf("auth-server:latest")).isEqualTo("sha256:old");
  }

  @Test
  void a_load_that_fails_says_why_and_what_state_the_Pi_is_in() {
    pi.load = ScriptedPi.Load.FAILS;

    DeployException failure =
        catchThrowableOfType(
            DeployException.class, () -> deployer().ship(List.of(candidate("auth-server"))));

    assertThat(failure).hasMessageContaining("no space left on device");
    assertThat(failure.hint()).contains("as they were").contains("df -h /var/lib/docker");
  }

  @Test
  void stops_at_the_first_service_that_is_not_good_and_names_the_later_ones() {
    pi.states.put(
        "auth-server", new ArrayDeque<>(List.of(ScriptedPi.state("exited", ",\"ExitCode\":1"))));
    pi.environments.put("auth-server", "[\"PATH=/bin\",\"DB_PASSWORD=s3cr3t\"]");
    pi.logs.put("auth-server", "logging in with s3cr3t\nAPPLICATION FAILED TO START\n");

    assertThatThrownBy(
            () ->
                deployer().deploy(List.of(candidate("auth-server"), candidate("extension-server"))))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("auth-server on pi@raspberrypi:22 is not good")
        .hasMessageContaining("the container exited (code 1)");

    assertThat(pi.changes).doesNotContain("recreate extension-server");
    assertThat(events)
        .contains(
            new Event.LogCollected(
                "auth-server",
                List.of("logging in with [DB_PASSWORD]", "APPLICATION FAILED TO START"),
                log("auth-server").toString()),
            new Event.NotDeployed("extension-server", "auth-server failed before it"));
    assertThat(log("auth-server"))
        .hasContent("logging in with [DB_PASSWORD]\nAPPLICATION FAILED TO START\n");
  }

  @Test
  void after_a_failure_nothing_more_is_touched_whatever_Maven_goes_on_with() {
    pi.states.put(
        "auth-server", new ArrayDeque<>(List.of(ScriptedPi.state("exited", ",\"ExitCode\":1"))));
    Deployer deployer = deployer();
    assertThatThrownBy(() -> deployer.deploy(List.of(candidate("auth-server"))))
        .isInstanceOf(DeployException.class);
    pi.changes.clear();

    for (Runnable step :
        List.<Runnable>of(
            () -> deployer.ship(List.of(candidate("extension-server"))),
            () -> deployer.recreate(candidate("extension-server")),
            () -> deployer.verify(candidate("extension-server")))) {
      assertThatThrownBy(step::run)
          .isInstanceOf(DeployException.class)
          .hasMessageContaining("extension-server is not deployed: auth-server failed before");
    }
    assertThat(pi.changes).isEmpty();
  }

  @Test
  void waits_while_the_health_check_starts_and_even_while_it_says_unhealthy() {
    pi.states.put(
        "auth-server",
        new ArrayDeque<>(
            List.of(
                ScriptedPi.health("starting"),
                ScriptedPi.health("unhealthy"),
                ScriptedPi.health("healthy"))));

    deployer().deploy(List.of(candidate("auth-server")));

    assertThat(events)
        .filteredOn(Event.Waiting.class::isInstance)
        .extracting(event -> ((Event.Waiting) event).state())
        .containsExactly("health: starting", "health: unhealthy");
    assertThat(events).last().isEqualTo(verified("healthy", Duration.ofSeconds(2)));
  }

  @Test
  void gives_up_when_the_timeout_has_passed_and_says_what_was_awaited() {
    pi.states.put("auth-server", new ArrayDeque<>(List.of(ScriptedPi.health("starting"))));

    assertThatThrownBy(() -> deployer().deploy(List.of(candidate("auth-server"))))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("health: starting, still after 30 s");
    assertThat(now.get()).isEqualTo(Instant.EPOCH.plusSeconds(30));
  }

  @Test
  void without_health_check_and_smoke_test_a_container_must_stay_running() {
    pi.states.put(
        "auth-server",
        new ArrayDeque<>(
            List.of(
                ScriptedPi.running(),
                ScriptedPi.running(),
                ScriptedPi.state("restarting", ",\"ExitCode\":137,\"OOMKilled\":true"))));

    assertThatThrownBy(() -> deployer().deploy(List.of(candidate("auth-server"))))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining(
            "the container exited (code 137); cause: out of memory: the kernel killed it");
  }

  @Test
  void a_container_that_runs_another_image_is_not_verified() {
    deployer().deploy(List.of(candidate("auth-server")));
    pi.putImage(release("auth-server"), "sha256:" + "0".repeat(64));

    assertThatThrownBy(() -> deployer().verify(candidate("auth-server")))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("not the shipped image");
  }

  @Test
  void recreating_what_was_not_shipped_changes_nothing() {
    assertThatThrownBy(() -> deployer().recreate(candidate("auth-server")))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("is not on pi@raspberrypi:22");
    assertThat(pi.changes).isEmpty();
  }

  @Test
  void a_service_that_the_compose_file_does_not_know_is_refused_before_anything_is_sent() {
    assertThatThrownBy(() -> deployer().ship(List.of(candidate("auth"))))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("has no service auth")
        .hasMessageContaining("auth-server, extension-server");
    assertThat(pi.changes).isEmpty();
  }

  @Test
  void an_image_that_the_tarball_does_not_carry_is_refused_and_both_are_shown() {
    pi.composeYaml = "services: {auth-server: {image: 'registry.example/auth:1'}}";

    assertThatThrownBy(() -> deployer().ship(List.of(candidate("auth-server"))))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("wants image registry.example/auth:1")
        .hasMessageContaining("carries auth-server:latest");
    assertThat(pi.changes).isEmpty();
  }

  @Test
  void an_image_that_is_not_of_Jib_is_given_the_right_name_by_what_saved_it() {
    pi.composeYaml = "services: {auth-server: {image: 'registry.example/auth:1'}}";

    assertThat(
            catchThrowableOfType(
                    DeployException.class, () -> deployer().ship(List.of(candidate("auth-server"))))
                .hint())
        .startsWith(
            "Save it under that name: docker tag auth-server:latest registry.example/auth:1")
        .doesNotContain("Jib", "<to>");
  }

  @Test
  void an_image_that_the_Engine_cannot_run_is_refused_before_anything_is_sent() {
    pi.probe = pi.probe.replace("linux arm64", "linux arm");

    assertThatThrownBy(() -> deployer().ship(List.of(candidate("auth-server"))))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("built for linux/arm64")
        .hasMessageContaining("runs linux/arm");
    assertThat(pi.changes).isEmpty();
  }

  @Test
  void the_local_compose_file_is_sent_once_and_only_when_the_Pi_has_another() throws IOException {
    Path local = directory.resolve("compose.yaml");
    Files.writeString(local, COMPOSE + "# new\n");

    for (int i = 0; i < 2; i++) {
      deployer(local).deploy(List.of(candidate("auth-server")));
    }

    assertThat(pi.changes).filteredOn("upload"::equals).hasSize(1);
    assertThat(pi.composeYaml).endsWith("# new\n");
  }

  @Test
  void a_deploy_that_has_waited_for_another_one_asks_again_what_the_Pi_has() {
    deployer().ship(List.of(candidate("auth-server")));
    Deployer deployer = deployer();
    pi.otherDeploy = () -> pi.store().remove(release("auth-server"));
    pi.changes.clear();

    deployer.ship(List.of(candidate("auth-server")));

    assertThat(pi.changes).containsExactly("load");
    assertThat(events).hasAtLeastOneElementOfType(Event.LockAwaited.class);
  }

  @Test
  void a_recreate_that_compose_refuses_says_what_compose_said() {
    pi.recreateResult = result -> ScriptedPi.failed("Bind for 127.0.0.1:8081 failed: port in use");

    assertThatThrownBy(() -> deployer().deploy(List.of(candidate("auth-server"))))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("Compose could not recreate auth-server on pi@raspberrypi:22")
        .hasMessageContaining("port in use");
  }

  private Deployer deployer() {
    return deployer(null);
  }

  private Deployer deployer(@Nullable Path composeFile) {
    return pi.deployer(composeFile, events, now);
  }

  private Candidate candidate(String service) {
    Path tarball = directory.resolve(service + ".tar");
    TestImages.typical(service + ":latest").layer(service, 500).writeDocker(tarball);
    return Candidate.read(Specs.of(service, tarball, log(service)));
  }

  private Path log(String service) {
    return directory.resolve("rpi").resolve(service + ".log");
  }

  private String release(String service) {
    return service + ":rpi-" + candidate(service).tarball().configDigest().shortHex();
  }

  private List<Event.Shipped> shipped() {
    return events.stream()
        .filter(Event.Shipped.class::isInstance)
        .map(Event.Shipped.class::cast)
        .toList();
  }

  private static Event verified(String evidence, Duration elapsed) {
    return new Event.Verified("auth-server", evidence, elapsed);
  }
}
