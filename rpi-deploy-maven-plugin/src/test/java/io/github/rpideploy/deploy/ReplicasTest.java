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
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service with several containers is good when each of them is. */
class ReplicasTest {

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi("services: {auth: {image: auth}}\n");
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

  @Test
  void all_are_waited_for() {
    pi.replicas.put("auth", 2);
    pi.states.put("auth", states(ScriptedPi.health("healthy")));
    pi.states.put("auth-2", states(ScriptedPi.health("starting"), ScriptedPi.health("healthy")));

    deploy("one");

    assertThat(events)
        .filteredOn(Event.Verified.class::isInstance)
        .extracting(event -> ((Event.Verified) event).evidence())
        .containsExactly("2 containers: healthy");
    assertThat(now.get()).as("one more look").isAfter(Instant.EPOCH);
  }

  @Test
  void one_that_crashes_is_named_and_the_service_goes_back() {
    pi.replicas.put("auth", 3);
    deploy("good");
    String bad = candidate("bad").tarball().configDigest().toString();
    pi.states.put("auth-2", states(ScriptedPi.running()));
    pi.heard =
        line -> {
          if (line.contains(" recreate.sh ")) {
            pi.states.put(
                "auth-2",
                states(
                    line.contains(bad.substring(7, 19))
                        ? ScriptedPi.state("exited", ",\"ExitCode\":3")
                        : ScriptedPi.running()));
          }
        };

    DeployException failure = catchThrowableOfType(DeployException.class, () -> deploy("bad"));

    assertThat(failure)
        .hasMessageContaining("is not good: container 2 of 3: the container exited (code 3)")
        .hasMessageContaining("auth is back on ");
  }

  @Test
  void the_service_is_changed_when_one_of_them_is() {
    pi.replicas.put("auth", 2);
    deploy("one");
    events.clear();
    deploy("one");
    assertThat(events).hasAtLeastOneElementOfType(Event.Unchanged.class);
    events.clear();

    pi.states.put("auth-2", states(ScriptedPi.state("exited", ""), ScriptedPi.running()));
    deploy("one");

    assertThat(events).doesNotHaveAnyElementsOfTypes(Event.Unchanged.class);
    assertThat(events).hasAtLeastOneElementOfType(Event.Recreated.class);
  }

  private static ArrayDeque<String> states(String... states) {
    return new ArrayDeque<>(List.of(states));
  }

  private void deploy(String content) {
    try (Deployer deployer = pi.deployer(null, events, now)) {
      deployer.deploy(List.of(candidate(content)));
    }
  }

  private Candidate candidate(String content) {
    return Specs.candidate(directory, "auth", content, Policy.DEFAULT);
  }
}
