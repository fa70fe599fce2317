package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.report.DeployJson;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rollback goes on, whichever part of it breaks. */
class RollbackFaultsTest {

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
        extension-server:
          image: extension-server
        mail-server:
          image: mail-server
      """;

  /** What breaks from the moment on at which extension-server is known to have failed. */
  @SuppressWarnings("ImmutableEnumChecker") // the predicates are lambdas without state
  enum Part {
    RECREATE(
        line -> line.contains(" recreate.sh ") && line.contains(" extension-server "),
        event -> false),
    SETTLE(
        line -> line.contains(" settle.sh ") && line.endsWith(" extension-server"), event -> false),
    VERIFIER(line -> line.endsWith("container-extension-server"), event -> false),
    DIAGNOSIS(line -> line.contains(" logs "), Event.Warning.class::isInstance),
    COMPOSE_FILE(line -> line.contains(" restore.sh "), event -> false),
    REPORTER_OF_THE_FAILURE(line -> false, Event.Failed.class::isInstance),
    REPORTER_OF_THE_COMPOSE_FILE(line -> false, Event.ComposeFileRestored.class::isInstance),
    REPORTER_OF_THE_ROLLBACK(line -> false, Event.RollingBack.class::isInstance),
    REPORTER_OF_THE_PROOF(line -> false, Event.Verifying.class::isInstance),
    REPORTER_OF_THE_END(line -> false, Event.RolledBack.class::isInstance),
    REPORTER_OF_ANYTHING(line -> false, event -> true),
    PAUSE(line -> false, event -> false),
    CLOCK(line -> false, event -> false);

    private final Predicate<String> command;
    private final Predicate<Event> event;

    Part(Predicate<String> command, Predicate<Event> event) {
      this.command = command;
      this.event = event;
    }

    /** Whether it keeps the rollback of extension-server from being done or proved. */
    boolean stopsTheRollback() {
      return switch (this) {
        case RECREATE, SETTLE, VERIFIER, DIAGNOSIS -> true;
        case REPORTER_OF_THE_PROOF, REPORTER_OF_ANYTHING, PAUSE, CLOCK -> true;
        default -> false;
      };
    }
  }

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi(COMPOSE);
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final AtomicBoolean broke = new AtomicBoolean();
  private boolean failed;

  @ParameterizedTest
  @EnumSource
  void whichever_part_breaks_the_other_service_is_taken_back_and_the_failure_is_told(Part part)
      throws IOException {
    deploy(candidate("auth-server", "good"), candidate("extension-server", "good"));
    Candidate bad = candidate("extension-server", "bad");
    breakIt(bad);
    if (part == Part.DIAGNOSIS) {
      pi.statesOfImage.put(
          id("extension-server", "good"),
          new ArrayDeque<>(List.of(ScriptedPi.running(), ScriptedPi.state("restarting", ""))));
    }
    pi.heard = line -> breakIf(part.command.test(line));
    events.clear();
    Deployer deployer = deployer(changedFile(), part);

    Throwable failure =
        catchThrowable(() -> deployer.deploy(List.of(candidate("auth-server", "new"), bad)));

    assertThat(broke).as("it was used, and broke").isTrue();
    assertThat(failure)
        .isInstanceOf(DeployException.class)
        .hasMessageStartingWith("extension-server on pi@raspberrypi:22 is not good: the container")
        .hasMessageContaining("\nauth-server ")
        .hasMessageContaining(
            part.stopsTheRollback()
                ? "\nextension-server could not go back to " + tag("extension-server", "good")
                : "\nextension-server is back on " + tag("extension-server", "good"));
    if (part == Part.REPORTER_OF_THE_ROLLBACK) {
      assertThat(failure.getMessage())
          .as("both services could not be reported")
          .containsOnlyOnce("The report of this rollback has gaps: java.lang.IllegalState");
    }
    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "good"));
    assertThat(events)
        .filteredOn(event -> event instanceof Event.RollbackFailed)
        .extracting(event -> ((Event.RollbackFailed) event).service())
        .matches(
            services -> services.contains("extension-server") == part.stopsTheRollback(),
            "has extension-server: " + part.stopsTheRollback());
  }

  @Test
  void a_service_that_is_awaited_and_cannot_go_back_keeps_no_other_from_going_back() {
    deploy(
        candidate("auth-server", "good"),
        candidate("mail-server", "good"),
        candidate("extension-server", "good"));
    Candidate bad = candidate("extension-server", "bad");
    breakIt(bad);
    DeployJson report = new DeployJson(now::get);
    Deployer deployer = deployer(null, event -> report(report, event), null);
    List<Candidate> all =
        List.of(candidate("auth-server", "new"), candidate("mail-server", "new"), bad);
    deployer.ship(all);
    all.forEach(deployer::recreate);
    breakIt(candidate("mail-server", "good"));

    Throwable failure = catchThrowable(() -> deployer.verify(bad));

    assertThat(failure)
        .hasMessageContaining("extension-server is back on ")
        .hasMessageContaining("mail-server could not go back to ")
        .hasMessageContaining("auth-server is back on ");
    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "good"));
  }

  @Test
  void a_fault_of_the_plugin_after_a_recreate_takes_the_service_back_too() {
    deploy(candidate("auth-server", "good"));
    Deployer deployer =
        deployer(
            null,
            event -> {
              if (event instanceof Event.Recreated) {
                throw new IllegalStateException("broken on purpose");
              }
            },
            null);

    Throwable failure =
        catchThrowable(() -> deployer.deploy(List.of(candidate("auth-server", "new"))));

    assertThat(failure)
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("broken on purpose")
        .hasMessageContaining("auth-server is back on " + tag("auth-server", "good"));
    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "good"));
  }

  private void report(DeployJson report, Event event) {
    events.add(event);
    report.report(event);
  }

  private void breakIf(boolean it) {
    if (failed && it) {
      broke.set(true);
      throw new IllegalStateException("broken on purpose");
    }
  }

  private Path changedFile() throws IOException {
    return Files.writeString(
        directory.resolve("compose.yaml"),
        COMPOSE.replace("image: auth-server", "image: auth-server\n    environment: {A: b}"));
  }

  private void breakIt(Candidate candidate) {
    pi.statesOfImage.put(
        candidate.tarball().configDigest().toString(),
        new ArrayDeque<>(List.of(ScriptedPi.state("exited", ",\"ExitCode\":1"))));
  }

  private void deploy(Candidate... candidates) {
    pi.deployer(null, events, now).deploy(List.of(candidates));
  }

  private Deployer deployer(@Nullable Path composeFile, Part part) {
    return deployer(
        composeFile,
        event -> {
          events.add(event);
          failed |= event instanceof Event.Failed;
          breakIf(part.event.test(event));
        },
        part);
  }

  private Deployer deployer(@Nullable Path composeFile, Reporter reporter, @Nullable Part part) {
    return pi.deployer(
        composeFile,
        reporter,
        () -> {
          breakIf(part == Part.CLOCK);
          return now.get();
        },
        pause -> {
          breakIf(part == Part.PAUSE);
          now.updateAndGet(instant -> instant.plus(pause));
        });
  }

  private Candidate candidate(String service, String build) {
    return Specs.candidate(directory, service, build, new Policy(Policy.Rollback.ALL, false));
  }

  private String id(String service, String build) {
    return candidate(service, build).tarball().configDigest().toString();
  }

  private String tag(String service, String build) {
    return service + ":rpi-" + candidate(service, build).tarball().configDigest().shortHex();
  }
}
