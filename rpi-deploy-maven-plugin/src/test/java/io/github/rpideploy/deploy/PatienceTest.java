package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is known to start slowly has more time, unless the user says how much. */
class PatienceTest {

  private static final String SERVICE = "auth-server";

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi("services: {auth-server: {image: auth-server}}\n");
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

  @Test
  void without_a_history_it_is_two_minutes() {
    starting(1000);
    assertThat(failure(Patience.DEFAULT)).hasMessageContaining("still after 120 s");
    assertThat(now.get()).isEqualTo(Instant.EPOCH.plusSeconds(120));
  }

  @Test
  void a_start_of_a_hundred_seconds_gives_the_next_one_three_hundred() {
    history(Outcome.VERIFIED, 100.0);
    starting(200);

    deploy(Patience.DEFAULT);

    assertThat(events)
        .contains(
            new Event.Waiting(
                SERVICE,
                "not good yet; an earlier start took 100 s, so this one may take 300 s",
                Duration.ofSeconds(120)))
        .last()
        .isEqualTo(new Event.Verified(SERVICE, "healthy", Duration.ofSeconds(200)));
  }

  @Test
  void and_not_more() {
    history(Outcome.VERIFIED, 100.0);
    starting(1000);
    assertThat(failure(Patience.DEFAULT)).hasMessageContaining("still after 300 s");
  }

  @Test
  void a_quick_one_takes_no_time_away() {
    history(Outcome.VERIFIED, 1.0);
    starting(100);
    deploy(Patience.DEFAULT);
    assertThat(events).last().isInstanceOf(Event.Verified.class);
  }

  @Test
  void what_the_user_says_is_not_extended() {
    history(Outcome.VERIFIED, 100.0);
    starting(1000);
    assertThat(failure(Patience.of(Duration.ofSeconds(130))))
        .hasMessageContaining("still after 130 s");
  }

  @Test
  void one_that_is_unhealthy_for_thirty_seconds_has_failed() {
    unhealthy(1000);
    assertThat(failure(Patience.DEFAULT)).hasMessageContaining("health: unhealthy for 30 s (one");
    assertThat(now.get()).isEqualTo(Instant.EPOCH.plusSeconds(30));
  }

  @Test
  void unless_it_has_become_good_as_late_as_that_before() {
    history(Outcome.VERIFIED, 60.0);
    unhealthy(50);
    deploy(Patience.DEFAULT);
    assertThat(events).last().isInstanceOf(Event.Verified.class);

    history(Outcome.VERIFIED, 60.0);
    pi.states.clear();
    pi.changes.clear();
    unhealthy(1000);
    now.set(Instant.EPOCH);
    assertThat(failure(Patience.DEFAULT, "b")).hasMessageContaining("health: unhealthy for 30 s");
  }

  @Test
  void nor_where_the_user_says_how_long_it_may_take() {
    unhealthy(1000);
    assertThat(failure(Patience.of(Duration.ofSeconds(90))))
        .hasMessageContaining("health: unhealthy, still after 90 s");
  }

  private void unhealthy(int seconds) {
    Deque<String> states =
        new ArrayDeque<>(Collections.nCopies(seconds, ScriptedPi.health("unhealthy")));
    states.add(ScriptedPi.health("healthy"));
    pi.states.put(SERVICE, states);
  }

  @Test
  void a_start_that_was_not_good_teaches_nothing() {
    history(Outcome.FAILED, 1000.0);
    starting(1000);
    assertThat(failure(Patience.DEFAULT)).hasMessageContaining("still after 120 s");
  }

  @Test
  void the_longest_of_the_last_five_counts() {
    history(Outcome.VERIFIED, 1000.0);
    for (double seconds : new double[] {50, 90, 60, 70, 80}) {
      history(Outcome.VERIFIED, seconds);
    }
    starting(1000);
    assertThat(failure(Patience.DEFAULT)).hasMessageContaining("still after 270 s");
  }

  private void history(Outcome outcome, double seconds) {
    History.Service service =
        new History.Service(SERVICE, "auth-server:rpi-1", null, outcome, seconds, null, null);
    pi.history.add(
        History.line(new History.Deploy(Instant.EPOCH, Origin.UNKNOWN, outcome, List.of(service))));
  }

  /** It is healthy when it has been looked at so often, once a second. */
  private void starting(int seconds) {
    Deque<String> states =
        new ArrayDeque<>(Collections.nCopies(seconds, ScriptedPi.health("starting")));
    states.add(ScriptedPi.health("healthy"));
    pi.states.put(SERVICE, states);
  }

  private DeployException failure(Patience patience) {
    return failure(patience, "a");
  }

  private DeployException failure(Patience patience, String build) {
    return catchThrowableOfType(DeployException.class, () -> deploy(patience, build));
  }

  private void deploy(Patience patience) {
    deploy(patience, "a");
  }

  private void deploy(Patience patience, String build) {
    Path tarball = directory.resolve("image.tar");
    TestImages.typical("auth-server:latest").layer(build, 500).writeDocker(tarball);
    Candidate candidate =
        Candidate.read(
            new ServiceSpec(
                SERVICE,
                tarball,
                "linux/arm64",
                SmokeSpec.NONE,
                patience,
                directory.resolve("rpi/auth-server.log"),
                Policy.DEFAULT));
    pi.deployer(null, events, now).deploy(List.of(candidate));
  }
}
