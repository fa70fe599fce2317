package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.RollingSpec;
import io.github.rpideploy.report.Event;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One build, two Pis: auth-server on kitchen, extension-server after it on attic. */
class TargetListTest {

  @TempDir Path directory;

  private final ScriptedPi kitchen = new ScriptedPi(ScriptedPi.TWO_SERVICES);
  private final ScriptedPi attic = new ScriptedPi(ScriptedPi.TWO_SERVICES);
  private final List<String> steps = new CopyOnWriteArrayList<>();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private Policy policy = Policy.DEFAULT;

  @BeforeEach
  void bothRunAnEarlierRelease() {
    deploy("first");
    steps.clear();
    events.clear();
    kitchen.heard = heard("kitchen");
    attic.heard = heard("attic");
    kitchen.locking = () -> steps.add("kitchen lock.sh");
    attic.locking = () -> steps.add("attic lock.sh");
  }

  @Test
  void all_are_locked_before_the_first_byte_and_the_order_goes_across_them() {
    deploy("second");

    assertThat(steps.subList(0, 2)).containsExactly("attic lock.sh", "kitchen lock.sh");
    assertThat(steps.subList(2, 4)).containsExactlyInAnyOrder("attic load.sh", "kitchen load.sh");
    assertThat(steps.subList(4, steps.size()))
        .containsSubsequence(
            "kitchen recreate.sh", "kitchen settle.sh", "attic recreate.sh", "attic settle.sh");
    assertThat(kitchen.runs("auth-server")).isEqualTo(id("auth-server", "second"));
    assertThat(attic.runs("extension-server")).isEqualTo(id("extension-server", "second"));
    assertThat(kitchen.changes).noneMatch(change -> change.contains("extension-server"));
  }

  @Test
  void a_failure_on_the_second_leaves_the_first_as_it_is() {
    breakIt(attic, "extension-server", "bad");

    DeployException failure = failureOf("bad");

    assertThat(failure)
        .hasMessageContaining("extension-server is back on " + tag("extension-server", "first"));
    assertThat(attic.runs("extension-server")).isEqualTo(id("extension-server", "first"));
    assertThat(kitchen.runs("auth-server")).isEqualTo(id("auth-server", "bad"));
  }

  @Test
  void with_all_the_first_goes_back_too() {
    policy = new Policy(Policy.Rollback.ALL, false);
    breakIt(attic, "extension-server", "bad");

    DeployException failure = failureOf("bad");

    assertThat(failure)
        .hasMessageContaining("extension-server is back on " + tag("extension-server", "first"))
        .hasMessageContaining("auth-server is back on " + tag("auth-server", "first"));
    assertThat(failure.hint()).contains("The Pi works again. Fix extension-server");
    assertThat(kitchen.runs("auth-server")).isEqualTo(id("auth-server", "first"));
    assertThat(steps)
        .filteredOn(step -> step.endsWith("recreate.sh"))
        .containsExactly(
            "kitchen recreate.sh", "attic recreate.sh", "attic recreate.sh", "kitchen recreate.sh");
  }

  @Test
  void a_failure_on_the_first_keeps_the_second_from_being_touched() {
    breakIt(kitchen, "auth-server", "bad");

    failureOf("bad");

    assertThat(attic.runs("extension-server")).isEqualTo(id("extension-server", "first"));
    assertThat(steps).doesNotContain("attic recreate.sh");
    assertThat(events)
        .contains(
            new Event.NotDeployed("extension-server", "kitchen: auth-server failed before it"));
  }

  @Test
  void nothing_is_sent_to_any_when_one_of_them_is_locked_by_somebody_else() {
    kitchen.locking =
        () -> {
          throw new DeployException("Another deploy is running", "Wait");
        };

    DeployException failure = failureOf("second");

    assertThat(failure).hasMessage("kitchen: Another deploy is running");
    assertThat(steps).doesNotContain("attic load.sh", "kitchen load.sh");
    assertThat(events)
        .contains(
            new Event.Failed("auth-server", "Another deploy is running"),
            new Event.NotDeployed("extension-server", "kitchen: auth-server failed before it"));
    kitchen.locking = () -> {};
    deploy("second");
  }

  @Test
  void nothing_live_is_touched_on_any_when_an_image_does_not_arrive_on_one_of_them() {
    attic.heard = heard("attic").andThen(refusing("load.sh"));

    DeployException failure = failureOf("second");

    assertThat(failure).hasMessage("attic: no load.sh here");
    assertThat(steps).noneMatch(step -> step.endsWith("recreate.sh"));
    assertThat(events)
        .contains(
            new Event.Failed("extension-server", "no load.sh here"),
            new Event.NotDeployed("auth-server", "attic: extension-server failed before it"));
  }

  private static Consumer<String> refusing(String script) {
    return line -> {
      if (line.contains(script)) {
        throw new DeployException("no " + script + " here", "Wait");
      }
    };
  }

  private Consumer<String> heard(String pi) {
    return line -> {
      for (String script : List.of("load.sh", "recreate.sh", "settle.sh")) {
        if (line.contains(script)) {
          steps.add(pi + " " + script);
        }
      }
    };
  }

  private void breakIt(ScriptedPi pi, String service, String build) {
    pi.statesOfImage.put(
        id(service, build), new ArrayDeque<>(List.of(ScriptedPi.state("exited", ""))));
  }

  private DeployException failureOf(String build) {
    return catchThrowableOfType(DeployException.class, () -> deploy(build));
  }

  private void deploy(String build) {
    Deployer onKitchen = kitchen.deployer(null, events, now);
    Deployer onAttic = attic.deployer(null, events, now);
    new TargetList(
            List.of(
                new TargetList.Member("attic", onAttic, List.of("extension-server")),
                new TargetList.Member("kitchen", onKitchen, List.of("auth-server"))),
            RollingSpec.DEFAULT)
        .deploy(
            List.of(
                List.of(new TargetList.Placed(onKitchen, candidate("auth-server", build))),
                List.of(new TargetList.Placed(onAttic, candidate("extension-server", build)))));
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
