package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.report.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the guard on the Pi is told, when it is told the verdict, and what a deploy does without.
 */
class IntentsTest {

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi(ScriptedPi.TWO_SERVICES);
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private Policy policy = Policy.DEFAULT;
  private @Nullable Path composeFile;

  @Test
  void the_guard_knows_how_to_go_back_from_the_recreation_to_the_verdict() throws IOException {
    deploy(candidate("auth-server", "good"));
    composeFile = changedFile();
    Candidate next = candidate("auth-server", "new");
    Deployer deployer = deployer();
    deployer.ship(List.of(next));
    assertThat(pi.intents).isEmpty();

    deployer.recreate(next);

    String[] intent = Objects.requireNonNull(pi.intents.get("auth-server")).split("\n", -1);
    assertThat(intent[0]).isEqualTo(id("auth-server", "good"));
    assertThat(intent[1]).isEqualTo("auth-server:latest");
    assertThat(intent[2]).isEqualTo("REPLACED");
    JsonObject back = JsonParser.parseString(intent[3]).getAsJsonObject();
    assertThat(back.get("when").getAsString()).isEqualTo("@when@");
    assertThat(back.get("outcome").getAsString()).isEqualTo("rolled-back");
    assertThat(back.get("reason").getAsString()).isEqualTo("not confirmed");
    JsonObject service = back.getAsJsonArray("services").get(0).getAsJsonObject();
    assertThat(service.get("release").getAsString()).isEqualTo(tag("auth-server", "new"));
    assertThat(service.get("outcome").getAsString()).as("it was never good").isEqualTo("failed");
    assertThat(service.get("runs").getAsString()).isEqualTo(tag("auth-server", "good"));
    assertThat(JsonParser.parseString(intent[4]).getAsJsonObject().get("outcome").getAsString())
        .isEqualTo("failed");

    deployer.verify(next);

    assertThat(pi.intents).isEmpty();
    assertThat(pi.settled).last().isEqualTo("auth-server proved");
  }

  @Test
  void a_first_release_has_nothing_to_go_back_to() {
    Deployer deployer = deployer();
    Candidate first = candidate("auth-server", "first");
    deployer.ship(List.of(first));

    deployer.recreate(first);

    assertThat(pi.intents.get("auth-server")).startsWith("\nauth-server:latest\nNONE\n");
  }

  @Test
  void a_rollback_keeps_the_intent_until_the_old_release_is_verified() {
    deploy(candidate("auth-server", "good"));
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);
    pi.good.clear();
    List<String> known = new ArrayList<>();
    pi.heard =
        line -> {
          if (line.contains(" recreate.sh ")) {
            known.add(String.join(",", pi.intents.keySet()));
          }
        };

    failureOf(bad);

    assertThat(known).containsExactly("", "auth-server");
    assertThat(pi.intents).isEmpty();
    assertThat(pi.settled).last().as("not with the new file").isEqualTo("auth-server");
    assertThat(pi.good).containsEntry("auth-server", id("auth-server", "good"));
  }

  @Test
  void what_could_not_be_taken_back_is_left_to_the_guard() {
    deploy(candidate("auth-server", "good"));
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);
    pi.heard =
        line -> {
          if (line.contains(" recreate.sh ") && pi.intents.containsKey("auth-server")) {
            throw new DeployException("Cannot connect to the Docker daemon", "start it");
          }
        };

    DeployException failure = failureOf(bad);

    assertThat(failure)
        .hasMessageContaining("auth-server could not go back to " + tag("auth-server", "good"))
        .hasMessageContaining(". The Pi tries it once more by itself");
    assertThat(pi.intents).containsKey("auth-server");
  }

  @Test
  void a_release_that_is_not_good_either_is_not_tried_again() {
    deploy(candidate("auth-server", "good"));
    breakIt(candidate("auth-server", "good"));
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);

    DeployException failure = failureOf(bad);

    assertThat(failure).hasMessageContaining("it is not good with that either");
    assertThat(pi.intents).isEmpty();
  }

  @Test
  void a_release_that_is_removed_before_anything_live_is_changed_leaves_the_service_alone() {
    deploy(candidate("auth-server", "good"));
    pi.changes.clear();
    pi.heard =
        line -> {
          if (line.contains(" recreate.sh ")) {
            pi.store().remove(tag("auth-server", "new"));
          }
        };

    DeployException failure = failureOf(candidate("auth-server", "new"));

    assertThat(failure).hasMessageContaining("No such image");
    assertThat(pi.changes).doesNotContain("recreate auth-server");
    assertThat(pi.intents).isEmpty();
  }

  @Test
  void a_deploy_that_ends_in_order_leaves_nothing_to_the_guard() {
    Deployer deployer = deployer();
    Candidate one = candidate("auth-server", "one");
    deployer.ship(List.of(one));
    deployer.recreate(one);

    deployer.finish();

    assertThat(pi.intents).isEmpty();
    assertThat(pi.settled).containsExactly("auth-server");
  }

  @Test
  void who_wants_a_failed_release_to_stay_has_no_guard() {
    deploy(candidate("auth-server", "good"));
    policy = new Policy(Policy.Rollback.NONE, false);
    Deployer deployer = deployer();
    Candidate next = candidate("auth-server", "new");
    deployer.ship(List.of(next));

    deployer.recreate(next);

    assertThat(pi.intents).isEmpty();
  }

  @Test
  void a_new_compose_file_with_which_everything_is_unchanged_counts_as_proved() throws IOException {
    Candidate same = candidate("auth-server", "good");
    deploy(same);
    pi.settled.clear();
    composeFile =
        Files.writeString(
            directory.resolve("compose.yaml"),
            ScriptedPi.TWO_SERVICES + "  other-server:\n    image: other\n");

    deploy(same);

    assertThat(pi.settled).containsExactly(" proved");
  }

  @Test
  void an_interrupted_release_is_not_what_a_rollback_goes_to() {
    deploy(candidate("auth-server", "good"));
    Candidate interrupted = candidate("auth-server", "interrupted");
    Deployer first = deployer();
    first.ship(List.of(interrupted));
    first.recreate(interrupted);
    first.finish();
    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "interrupted"));
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);

    DeployException failure = failureOf(bad);

    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "good"));
    assertThat(failure)
        .hasMessageContaining(
            "auth-server is back on " + tag("auth-server", "good") + ", verified");
  }

  @Test
  void a_release_that_was_verified_counts_although_its_deploy_died_before_it_wrote_the_history() {
    deploy(candidate("auth-server", "good"));
    Candidate newer = candidate("auth-server", "newer");
    Deployer dying = deployer();
    dying.ship(List.of(newer));
    dying.recreate(newer);
    dying.verify(newer);
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);

    failureOf(bad);

    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "newer"));
  }

  @Test
  void where_the_history_knows_nothing_a_rollback_goes_to_what_ran() {
    deploy(candidate("auth-server", "old"));
    pi.history.clear();
    pi.good.clear();
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);

    failureOf(bad);

    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "old"));
  }

  @Test
  void a_deploy_that_loses_the_lock_leaves_the_way_back_to_the_guard() {
    deploy(candidate("auth-server", "good"));
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);
    pi.heard =
        line -> {
          if (line.contains("container inspect") && pi.intents.containsKey("auth-server")) {
            pi.loseLock();
          }
        };
    pi.changes.clear();

    DeployException failure = failureOf(bad);

    assertThat(failure)
        .hasMessageContaining(
            "The Pi lets it go back to " + tag("auth-server", "good") + " by itself");
    assertThat(failure.hint()).contains("mvn rpi:status");
    assertThat(pi.changes).filteredOn("recreate auth-server"::equals).hasSize(1);
    assertThat(pi.intents).containsKey("auth-server");
  }

  @Test
  void an_interrupted_deploy_says_what_goes_back_what_was_only_shipped_and_how_to_go_on() {
    deploy(candidate("auth-server", "good"), candidate("extension-server", "good"));
    List<Candidate> next =
        List.of(candidate("auth-server", "new"), candidate("extension-server", "new"));
    Deployer deployer = deployer();
    deployer.ship(next);
    deployer.recreate(next.get(0));

    deployer.interrupted();

    assertThat(events)
        .last()
        .isEqualTo(
            new Event.Warning(
                """
                Interrupted. auth-server was recreated and not verified. The Pi lets it go back to \
                %s by itself
                Shipped and not recreated: extension-server
                See what runs: mvn rpi:status. Deploy again to go on; what the Pi has is not sent \
                again"""
                    .formatted(tag("auth-server", "good"))));
  }

  @Test
  void an_interrupted_deploy_tells_a_service_that_nobody_takes_back_from_one_that_is_untouched() {
    policy = new Policy(Policy.Rollback.NONE, false, 3);
    Candidate auth = candidate("auth-server", "new");
    Deployer deployer = deployer();
    deployer.ship(List.of(auth));
    deployer.interrupted();
    assertThat(events)
        .last()
        .extracting(event -> ((Event.Warning) event).text().lines().limit(2).toList())
        .isEqualTo(
            List.of(
                "Interrupted. No service was being replaced on pi@raspberrypi:22",
                "Shipped and not recreated: auth-server"));

    Deployer another = deployer();
    another.ship(List.of(auth));
    another.recreate(auth);
    another.interrupted();

    assertThat(events)
        .last()
        .extracting(event -> ((Event.Warning) event).text().lines().limit(2).toList())
        .isEqualTo(
            List.of(
                "Interrupted. auth-server was recreated and not verified. It stays as it is"
                    + " (rpi.rollback=none)",
                "See what runs: mvn rpi:status. Deploy again to go on; what the Pi has is not sent"
                    + " again"));

    another.verify(auth);
    another.interrupted();
    assertThat(events)
        .last()
        .extracting(event -> ((Event.Warning) event).text().lines().findFirst().orElse(""))
        .isEqualTo("Interrupted. No service was being replaced on pi@raspberrypi:22");
  }

  @Test
  void a_plan_says_what_a_deploy_would_do_first() {
    pi.probe += "unsettled auth-server\n";

    deployer().plan(List.of(candidate("auth-server", "new")));

    assertThat(events)
        .contains(
            new Event.Warning(
                "The last deploy ended before it had verified auth-server: a deploy lets that go"
                    + " back to the last verified release first"));
    assertThat(pi.changes).isEmpty();
  }

  @Test
  void any_fault_of_a_step_is_a_failure_of_that_step() {
    deploy(candidate("auth-server", "good"));
    Candidate next = candidate("auth-server", "new");
    pi.heard =
        line -> {
          if (line.contains("container inspect") && pi.intents.containsKey("auth-server")) {
            pi.heard = any -> {};
            throw new StackOverflowError();
          }
        };

    Throwable failure = catchThrowable(() -> deploy(next));

    assertThat(failure)
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("a fault of this plugin: java.lang.StackOverflowError")
        .hasMessageContaining("auth-server is back on " + tag("auth-server", "good"));
  }

  @Test
  void a_small_deploy_takes_six_round_trips_besides_the_looks_at_its_container() {
    deploy(candidate("auth-server", "good"));
    List<String> commands = new ArrayList<>();
    pi.heard = commands::add;

    deploy(candidate("auth-server", "new"));

    assertThat(
            commands.stream().filter(line -> !line.startsWith("/usr/bin/docker container inspect")))
        .extracting(line -> line.replaceAll("(?s)^sh -c .* ([a-z-]+\\.sh) .*", "$1"))
        .containsExactly(
            "probe.sh", "load.sh", "service-now.sh", "recreate.sh", "settle.sh", "inventory.sh");
  }

  private DeployException failureOf(Candidate... candidates) {
    return catchThrowableOfType(DeployException.class, () -> deploy(candidates));
  }

  private void deploy(Candidate... candidates) {
    deployer().deploy(List.of(candidates));
  }

  private Deployer deployer() {
    return pi.deployer(composeFile, events, now);
  }

  private Path changedFile() throws IOException {
    return Files.writeString(
        directory.resolve("compose.yaml"),
        ScriptedPi.TWO_SERVICES.replace("auth-server\n", "auth-server\n    init: true\n"));
  }

  private void breakIt(Candidate candidate) {
    // The image's id on a classic store is its config's digest.
    pi.statesOfImage.put(
        candidate.tarball().configDigest().toString(),
        new ArrayDeque<>(List.of(ScriptedPi.state("exited", ",\"ExitCode\":1"))));
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
