package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.docker.Container;
import io.github.rpideploy.smoke.SmokeOutcome;
import io.github.rpideploy.smoke.SmokeTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows one container from look to look. */
final class ContainerJudge {

  /** How often in a row a container must be seen running when nothing else can be asked of it. */
  private static final int SEEN_RUNNING = 5;

  /** What one look at the container says. */
  sealed interface Judgement {
    record Good(String evidence) implements Judgement {}

    record NotYet(String state) implements Judgement {}

    record Bad(String reason) implements Judgement {}
  }

  /** What is said of a container that is not there any more. */
  static final Judgement GONE = new Judgement.Bad("its container was removed meanwhile");

  private final SmokeTester smokeTester;
  private final String image;
  private final List<SmokeTest> smoke;
  private final int restartsBefore;
  private final Consumer<String> waiting;
  private String lastState = "";
  private String answer = "";
  private int seenRunning;

  /**
   * @param image the id of the image that is to run
   * @param restartsBefore how many restarts do not count
   * @param waiting is told when what is being waited for has changed
   */
  ContainerJudge(
      SmokeTester smokeTester,
      String image,
      List<SmokeTest> smoke,
      int restartsBefore,
      Consumer<String> waiting) {
    this.smokeTester = smokeTester;
    this.image = image;
    this.smoke = smoke;
    this.restartsBefore = restartsBefore;
    this.waiting = waiting;
  }

  Judgement judge(Container container) {
    if (!container.image().equals(image)) {
      return new Judgement.Bad(
          "its container runs image " + container.image() + ", not the one shipped, " + image);
    }
    if (!container.running()) {
      return switch (container.status()) {
        case "restarting", "exited", "dead" -> new Judgement.Bad(ended(container));
        default -> notYet("the container is " + container.status());
      };
    }
    if (container.restarts() > restartsBefore) {
      return new Judgement.Bad(
          "the container has exited and was restarted " + container.restarts() + " time(s)");
    }
    boolean healthCheck = !container.health().equals(Container.NO_HEALTH_CHECK);
    if (healthCheck && !container.health().equals("healthy")) {
      String state = "health: " + container.health();
      // Waiting gives an image no command that it lacks.
      return container.health().equals("unhealthy")
              && Cause.healthCommandLacking(container.healthSaid()).isPresent()
          ? new Judgement.Bad(state)
          : notYet(state);
    }
    if (!smoke.isEmpty()) {
      return smoke(container.id(), healthCheck);
    }
    if (healthCheck) {
      return new Judgement.Good("healthy");
    }
    seenRunning++;
    return seenRunning >= SEEN_RUNNING
        ? new Judgement.Good("running, no restart")
        : notYet("running, no health check and no smoke test to ask");
  }

  private Judgement smoke(String containerId, boolean healthCheck) {
    List<String> evidence = new ArrayList<>(healthCheck ? List.of("healthy") : List.of());
    answer = "";
    for (SmokeTest test : smoke) {
      SmokeOutcome outcome = smokeTester.attempt(test, containerId);
      if (!outcome.passed()) {
        answer = outcome.answer();
        return notYet(outcome.state());
      }
      evidence.add(outcome.state());
    }
    return new Judgement.Good(String.join(", ", evidence));
  }

  /**
   * Whether a container that was good still is, some time later or because the answer may have come
   * with its last breath.
   *
   * @param good why it was good
   * @param later empty when it is gone
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

  /** Whether the service itself is asked, and not only its container's state is looked at. */
  boolean asks() {
    return !smoke.isEmpty();
  }

  /** How often in a row it was seen running while nothing else could be asked of it. */
  int seenRunning() {
    return seenRunning;
  }

  /** What the smoke test was answered at last, when that was not what it expects. */
  String answer() {
    return answer;
  }

  private Judgement notYet(String state) {
    if (!state.equals(lastState)) {
      lastState = state;
      waiting.accept(state);
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
