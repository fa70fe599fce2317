package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.docker.Container;
import io.github.rpideploy.smoke.SmokeOutcome;
import io.github.rpideploy.smoke.SmokeTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides, check after check, whether a container is good, is not good yet, or cannot become good.
 */
final class ContainerJudge {

  /** How often in a row a container must be seen running if there is nothing else to check. */
  private static final int SEEN_RUNNING = 5;

  /** What one check of the container shows. */
  sealed interface Judgement {
    /** It is good, by this evidence. */
    record Good(String evidence) implements Judgement {}

    /** It may become good; this is what it still lacks. */
    record NotYet(String state) implements Judgement {}

    /** It cannot become good, for this reason. */
    record Bad(String reason) implements Judgement {}
  }

  private static final Judgement GONE = new Judgement.Bad("its container has been removed");

  private final SmokeTester tester;
  private final String image;
  private final List<SmokeTest> smokeTests;
  private final int restartsBefore;
  private final Consumer<String> onWaiting;
  private String lastState = "";
  private String answer = "";
  private int seenRunning;

  /**
   * @param image the id of the image that it must run
   * @param restartsBefore how many restarts do not count against it
   * @param onWaiting is told what it still lacks, whenever that changes
   */
  ContainerJudge(
      SmokeTester tester,
      String image,
      List<SmokeTest> smokeTests,
      int restartsBefore,
      Consumer<String> onWaiting) {
    this.tester = tester;
    this.image = image;
    this.smokeTests = smokeTests;
    this.restartsBefore = restartsBefore;
    this.onWaiting = onWaiting;
  }

  /**
   * Judges the container as it is now.
   *
   * @param found empty when it is gone
   */
  Judgement judge(Optional<Container> found) {
    if (found.isEmpty()) {
      return GONE;
    }
    Container container = found.get();
    if (!container.image().equals(image)) {
      return new Judgement.Bad(
          "its container runs image " + container.image() + ", not the shipped image " + image);
    }
    if (!container.running()) {
      return switch (container.status()) {
        case "restarting", "exited", "dead" -> new Judgement.Bad(ended(container));
        default -> notYet("the container is " + container.status());
      };
    }
    if (container.restarts() > restartsBefore) {
      return new Judgement.Bad(
          "the container exited and was restarted " + container.restarts() + " time(s)");
    }
    boolean healthCheck = !container.health().equals(Container.NO_HEALTH_CHECK);
    if (healthCheck && !container.health().equals("healthy")) {
      return unhealthy(container);
    }
    if (hasSmokeTests()) {
      return smokeTested(container.id(), healthCheck);
    }
    if (healthCheck) {
      return new Judgement.Good("healthy");
    }
    seenRunning++;
    return seenRunning >= SEEN_RUNNING
        ? new Judgement.Good("running, no restart")
        : notYet("running, without a health check or a smoke test");
  }

  private Judgement unhealthy(Container container) {
    String state = "health: " + container.health();
    // No waiting adds a command to the image.
    return container.health().equals("unhealthy")
            && Cause.missingHealthCommand(container.healthSaid()).isPresent()
        ? new Judgement.Bad(state)
        : notYet(state);
  }

  private Judgement smokeTested(String containerId, boolean healthCheck) {
    List<String> evidence = new ArrayList<>(healthCheck ? List.of("healthy") : List.of());
    answer = "";
    for (SmokeTest test : smokeTests) {
      SmokeOutcome outcome = tester.attempt(test, containerId);
      if (!outcome.passed()) {
        answer = outcome.answer();
        return notYet(outcome.state());
      }
      evidence.add(outcome.state());
    }
    return new Judgement.Good(String.join(", ", evidence));
  }

  /**
   * Judges again a container that was good: it may have crashed since, or right after it answered.
   *
   * @param good why it was good
   * @param later the container now; empty when it is gone
   */
  Judgement stillGood(Judgement.Good good, Optional<Container> later) {
    if (later.isEmpty()) {
      return GONE;
    }
    Container now = later.get();
    if (!now.running()) {
      return new Judgement.Bad("it was good (" + good.evidence() + "), but then " + ended(now));
    }
    if (now.restarts() > restartsBefore) {
      return new Judgement.Bad(
          "it was good (" + good.evidence() + "), but then the container exited and was restarted");
    }
    return now.health().equals("unhealthy") ? notYet("health: unhealthy") : good;
  }

  /** Whether the service itself is asked, and not only the state of its container. */
  boolean hasSmokeTests() {
    return !smokeTests.isEmpty();
  }

  /** How often in a row it was seen running, if there is nothing else to check. */
  int seenRunning() {
    return seenRunning;
  }

  /** The latest answer to a smoke test that did not pass; empty when it passed or got none. */
  String answer() {
    return answer;
  }

  private Judgement notYet(String state) {
    if (!state.equals(lastState)) {
      lastState = state;
      onWaiting.accept(state);
    }
    return new Judgement.NotYet(state);
  }

  private static String ended(Container container) {
    if (!container.error().isEmpty()) {
      return "the container could not be started: " + container.error();
    }
    return "the container exited (code " + container.exitCode() + ")";
  }
}
