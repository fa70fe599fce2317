package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Strategy;
import io.github.rpideploy.deploy.spec.TestSpec;
import io.github.rpideploy.report.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New containers beside the old ones, which go when those are proved good. */
class RolloutsTest {

  private static final String COMPOSE = "services: {auth: {image: auth}}\n";
  private static final String PORT = "services: {auth: {image: auth, ports: ['8080:80']}}\n";
  private static final String EXITED = ScriptedPi.state("exited", ",\"ExitCode\":1");

  @TempDir Path directory;

  private ScriptedPi pi = new ScriptedPi(COMPOSE);
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private SmokeSpec smoke = SmokeSpec.NONE;
  private Strategy.Mode mode = Strategy.Mode.ROLLOUT;
  private Policy.Rollback rollback = Policy.Rollback.SERVICE;

  @Test
  void the_old_one_goes_when_the_new_one_is_proved_good() {
    deploy("one");
    assertThat(pi.changes).as("there is nothing beside which").contains("recreate auth");
    pi.changes.clear();

    deploy("two");

    assertThat(pi.changes)
        .containsExactly(
            "load",
            "tag " + tag("two") + " auth:latest",
            "start beside auth",
            "remove container-auth");
    assertThat(pi.containers.idsOf("auth")).containsExactly("container-auth-2");
    assertThat(pi.containers.imageOf("auth")).isEqualTo(id("two"));
    assertThat(pi.intents).isEmpty();

    pi.changes.clear();
    deploy("three");
    assertThat(pi.containers.idsOf("auth")).containsExactly("container-auth-3");
    events.clear();
    deploy("three");
    assertThat(events).hasAtLeastOneElementOfType(Event.Unchanged.class);
  }

  @Test
  void what_was_found_good_before_is_verified_when_it_goes_back_later() {
    deploy("one");
    try (Deployer deployer = pi.deployer(null, events, now)) {
      deployer.deploy(List.of(candidate("two")));
      deployer.deploy(List.of(candidate("two")));
      events.clear();

      deployer.rollBack(List.of(candidate("two").spec()), "1");
    }

    assertThat(events).hasAtLeastOneElementOfType(Event.Verified.class);
    assertThat(pi.containers.idsOf("auth")).containsExactly("container-auth-3");
  }

  @Test
  void the_guard_is_told_which_ones_go_on() {
    deploy("one");
    List<String> told = new ArrayList<>();
    pi.heard = line -> told.addAll(pi.intents.values());

    deploy("two");

    assertThat(told).isNotEmpty().allMatch(intent -> intent.endsWith("\ncontainer-auth"));
  }

  @Test
  void a_bad_one_is_removed_and_the_old_one_was_never_touched() {
    deploy("good");
    pi.changes.clear();
    pi.statesOfImage.put(id("bad"), new ArrayDeque<>(List.of(EXITED)));

    DeployException failure = catchThrowableOfType(DeployException.class, () -> deploy("bad"));

    assertThat(failure)
        .hasMessageContaining("auth on pi@raspberrypi:22 is not good: the container exited")
        .hasMessageContaining("auth is back on " + tag("good") + ", verified");
    assertThat(pi.changes)
        .containsExactly(
            "load",
            "tag " + tag("bad") + " auth:latest",
            "start beside auth",
            "remove container-auth-2");
    assertThat(pi.containers.idsOf("auth")).containsExactly("container-auth");
    assertThat(pi.idOf("auth:latest")).isEqualTo(id("good"));
    assertThat(pi.intents).isEmpty();
  }

  @Test
  void where_the_old_one_does_not_run_there_is_nothing_to_keep() {
    deploy("one");
    pi.states.put("auth", new ArrayDeque<>(List.of(EXITED, ScriptedPi.running())));
    pi.changes.clear();

    deploy("two");

    assertThat(pi.changes).contains("recreate auth").doesNotContain("start beside auth");
  }

  @Test
  void a_service_of_which_only_one_can_run_is_refused_before_anything_is_sent() {
    pi = new ScriptedPi(PORT);

    DeployException failure = catchThrowableOfType(DeployException.class, () -> deploy("one"));

    assertThat(failure)
        .hasMessage(
            "auth cannot be rolled out, because only one container of it can run at a time:\n"
                + "  ports: 8080 (let only the proxy publish a port)");
    assertThat(failure.hint()).contains("-Drpi.strategy=recreate; nothing was changed");
    assertThat(pi.hasTag(tag("one"))).isFalse();
    assertThat(pi.locks).hasValue(0);
  }

  @Test
  void auto_recreates_it_and_says_why() {
    pi = new ScriptedPi(PORT);
    mode = Strategy.Mode.AUTO;

    deploy("one");
    deploy("two");

    assertThat(pi.changes).doesNotContain("start beside auth");
    assertThat(events)
        .contains(
            new Event.Warning(
                "auth is recreated and not rolled out, because of ports: 8080 (let only the proxy"
                    + " publish a port)"));
  }

  @Test
  void a_smoke_test_that_either_may_answer_proves_nothing() {
    smoke =
        new SmokeSpec(
            List.of(
                new TestSpec.Http(
                    "http://localhost:80/health", "", null, 200, false, Map.of(), List.of()),
                new TestSpec.InContainer("true")),
            Duration.ZERO);

    DeployException failure = catchThrowableOfType(DeployException.class, () -> deploy("one"));

    assertThat(failure)
        .hasMessageEndingWith(
            ":\n  smoke test: GET http://localhost:80/health (any container may answer; use"
                + " rpi.smokePath, and rpi.smokePort with the port inside the container)");
  }

  @Test
  void without_memory_for_another_one_it_is_refused() {
    pi = new ScriptedPi("services: {auth: {image: auth, mem_limit: 512m}}\n");
    pi.probe += "available 600000\n";
    deploy("one");
    pi.probe += "available 500000\n";

    DeployException failure = catchThrowableOfType(DeployException.class, () -> deploy("two"));

    assertThat(failure)
        .hasMessageEndingWith(":\n  mem_limit: another 537 MB, but the Pi has 512 MB to spare");
  }

  @Test
  void a_plan_says_how_it_is_replaced_and_refuses_what_a_deploy_would() {
    deploy("one");
    events.clear();
    try (Deployer deployer = pi.deployer(null, events, now)) {
      deployer.plan(List.of(candidate("two")));
    }
    assertThat(events)
        .filteredOn(Event.Planned.class::isInstance)
        .extracting(event -> ((Event.Planned) event).reason())
        .containsExactly(
            "its image has changed; the old container goes when the new one is verified");

    pi = new ScriptedPi(PORT);
    try (Deployer deployer = pi.deployer(null, events, now)) {
      List<Candidate> candidates = List.of(candidate("two"));
      assertThatThrownBy(() -> deployer.plan(candidates))
          .hasMessageStartingWith("auth cannot be rolled out");
    }
  }

  /** As a power cut does, before the old one is removed, when both are of the same image. */
  @Test
  void one_that_is_left_beside_another_of_the_same_release_goes_with_the_next_deploy() {
    deploy("one");
    pi.containers.upBeside("auth");
    pi.changes.clear();
    try (Deployer deployer = pi.deployer(null, events, now)) {
      deployer.plan(List.of(candidate("one")));
    }
    assertThat(events)
        .filteredOn(Event.Planned.class::isInstance)
        .extracting(event -> ((Event.Planned) event).reason())
        .containsExactly(
            "nothing has changed, but it has 2 containers instead of 1; the old container goes when"
                + " the new one is verified");

    deploy("one");

    assertThat(pi.containers.idsOf("auth")).containsExactly("container-auth-3");
    assertThat(pi.changes)
        .containsExactly(
            "tag " + tag("one") + " auth:latest",
            "start beside auth",
            "remove container-auth container-auth-2");
    events.clear();
    deploy("one");
    assertThat(events).hasAtLeastOneElementOfType(Event.Unchanged.class);
  }

  /** By hand: {@code docker compose up --scale} may mean what it does. */
  @Test
  void a_service_that_is_recreated_keeps_as_many_as_it_has() {
    mode = Strategy.Mode.RECREATE;
    deploy("one");
    pi.containers.upBeside("auth");
    events.clear();

    deploy("one");

    assertThat(events).hasAtLeastOneElementOfType(Event.Unchanged.class);
  }

  @Test
  void with_no_rollback_the_old_one_goes_too_when_the_new_one_is_good() {
    rollback = Policy.Rollback.NONE;
    deploy("one");

    deploy("two");

    assertThat(pi.containers.idsOf("auth")).containsExactly("container-auth-2");
  }

  private void deploy(String build) {
    try (Deployer deployer = pi.deployer(null, events, now)) {
      deployer.deploy(List.of(candidate(build)));
    }
  }

  private Candidate candidate(String build) {
    Strategy strategy = new Strategy(mode, Duration.ofSeconds(5), "");
    return Specs.candidate(
        directory, "auth", build, smoke, new Policy(rollback, false, 3, strategy));
  }

  private String id(String build) {
    return candidate(build).tarball().configDigest().toString();
  }

  private String tag(String build) {
    return "auth:rpi-" + candidate(build).tarball().configDigest().shortHex();
  }
}
