package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.report.Event;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A deploy whose connection is lost while a service is being replaced connects again, once. */
class ComeBackTest {

  @TempDir Path directory;

  private final ScriptedPi pi =
      new ScriptedPi("services:\n  auth-server:\n    image: auth-server\n");
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

  @BeforeEach
  void a_release_runs() {
    deploy("good");
    events.clear();
  }

  @ParameterizedTest
  @ValueSource(strings = {" recreate.sh ", "/usr/bin/docker container inspect", " settle.sh "})
  void and_goes_on_where_it_was(String command) {
    loseAt(command, 1);

    deploy("new");

    assertThat(pi.reconnected).isOne();
    assertThat(events)
        .filteredOn(Event.Warning.class::isInstance)
        .containsExactly(
            new Event.Warning(
                "The connection to pi@raspberrypi:22 was lost. Connected again: going on with"
                    + " auth-server"));
    assertThat(events).filteredOn(Event.Verified.class::isInstance).hasSize(1);
    assertThat(pi.intents).isEmpty();
    assertThat(pi.history).hasSize(2);
    assertThat(pi.locks).hasValue(2);
  }

  @Test
  void and_tries_for_as_long_as_the_Pi_waits() {
    pi.unreachable = 3;
    loseAt("/usr/bin/docker container inspect", 1);

    deploy("new");

    assertThat(pi.reconnected).isOne();
    assertThat(now.get()).isBetween(Instant.EPOCH.plusSeconds(3), Instant.EPOCH.plusSeconds(20));
  }

  @Test
  void but_not_longer() {
    pi.unreachable = 100;
    loseAt("/usr/bin/docker container inspect", 1);

    DeployException failure = failure("new");

    assertThat(failure)
        .hasMessageContaining(
            "was lost\nauth-server was not confirmed before the Pi was lost. The"
                + " Pi lets it go back to auth-server:rpi-");
    assertThat(pi.unreachable).isBetween(35, 41);
    assertThat(pi.intents).containsKey("auth-server");
  }

  @Test
  void but_only_once_for_a_service() {
    loseAt("/usr/bin/docker container inspect", 2);

    assertThat(failure("new")).hasMessageContaining("The Pi lets it go back to auth-server:rpi-");

    assertThat(pi.reconnected).isOne();
  }

  @Test
  void but_not_when_the_guard_has_gone_back() {
    pi.guardWaits = false;
    loseAt("/usr/bin/docker container inspect", 1);

    assertThat(failure("new")).hasMessageContaining("The Pi lets it go back to auth-server:rpi-");
    assertThat(events).filteredOn(Event.Verified.class::isInstance).isEmpty();
  }

  @Test
  void but_not_before_anything_is_live() {
    loseAt(" service-now.sh ", 1);

    assertThat(failure("new")).hasMessageContaining("was lost");
    assertThat(pi.reconnected).isZero();
  }

  @Test
  void but_not_for_a_failure_of_another_kind() {
    pi.heard =
        line -> {
          if (line.contains("/usr/bin/docker container inspect")) {
            throw new DeployException("it takes too long", "Wait");
          }
        };

    assertThat(failure("new")).hasMessageContaining("it takes too long");
    assertThat(pi.reconnected).isZero();
  }

  @Test
  void also_on_the_way_back() {
    Candidate bad = candidate("bad");
    // The image's id on a classic store is its config's digest.
    pi.statesOfImage.put(
        bad.tarball().configDigest().toString(),
        new ArrayDeque<>(List.of(ScriptedPi.state("exited", ",\"ExitCode\":1"))));
    AtomicInteger recreated = new AtomicInteger();
    pi.heard =
        line -> {
          if (line.contains(" recreate.sh ") && recreated.incrementAndGet() == 2) {
            throw pi.loseConnection();
          }
        };

    DeployException failure =
        catchThrowableOfType(DeployException.class, () -> deployer().deploy(List.of(bad)));

    assertThat(failure)
        .hasMessageContaining("is back on auth-server:rpi-")
        .hasMessageContaining("verified");
    assertThat(pi.reconnected).isOne();
  }

  /** As often as that, each time that such a command is about to run. */
  private void loseAt(String command, int times) {
    AtomicInteger left = new AtomicInteger(times);
    pi.heard =
        line -> {
          if (line.contains(command) && left.getAndDecrement() > 0) {
            throw pi.loseConnection();
          }
        };
  }

  private DeployException failure(String version) {
    return catchThrowableOfType(DeployException.class, () -> deploy(version));
  }

  private void deploy(String version) {
    deployer().deploy(List.of(candidate(version)));
  }

  private Deployer deployer() {
    return pi.deployer(null, events, now);
  }

  private Candidate candidate(String version) {
    return Specs.candidate(directory, "auth-server", version, Policy.DEFAULT);
  }
}
