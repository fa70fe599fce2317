package io.github.rpideploy.deploy;

import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.smoke.SmokeOutcome;
import io.github.rpideploy.smoke.SmokeTest;
import io.github.rpideploy.smoke.SmokeTester;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows one container from look to look. */
final class Watch {

  /** How often in a row a container must be seen running when nothing else can be asked of it. */
  private static final int SEEN_RUNNING = 5;

  /** What one look at the container says. */
  sealed interface Judgement {
    record Good(String evidence) implements Judgement {}

    record NotYet(String state) implements Judgement {}

    record Bad(String reason) implements Judgement {}
  }

  private final Docker docker;
  private final SmokeTester smokeTester;
  private final String image;
  private final Optional<SmokeTest> smoke;
  private final int restartsBefore;
  private final Consumer<String> waiting;
  private String lastState = "";
  private int seenRunning;

  /**
   * @param image the id of the image that is to run
   * @param restartsBefore how many restarts do not count
   * @param waiting is told when what is being waited for has changed
   */
  Watch(
      Docker docker,
      SmokeTester smokeTester,
      String image,
      Optional<SmokeTest> smoke,
      int restartsBefore,
      Consumer<String> waiting) {
    this.docker = docker;
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
      return notYet("health: " + container.health());
    }
    if (smoke.isPresent()) {
      return smoke(smoke.get(), container.id(), healthCheck);
    }
    seenRunning++;
    return healthCheck || seenRunning >= SEEN_RUNNING
        ? new Judgement.Good(healthCheck ? "healthy" : "running, no restart")
        : notYet("running, no health check and no smoke test to ask");
  }

  private Judgement smoke(SmokeTest test, String containerId, boolean healthCheck) {
    String shown = SmokeSpec.shown(test);
    SmokeOutcome outcome = smokeTester.attempt(test);
    if (outcome instanceof SmokeOutcome.Passed passed) {
      return stillRunning(
          containerId, (healthCheck ? "healthy, " : "") + shown + " answered " + passed.status());
    }
    if (outcome instanceof SmokeOutcome.Answered answered) {
      return notYet(shown + " answers " + answered.status() + ", not " + test.expectedStatus());
    }
    return notYet(shown + ": " + ((SmokeOutcome.NoAnswer) outcome).reason());
  }

  /** The answer may have come with the last breath, so the container is looked at once more. */
  private Judgement stillRunning(String containerId, String evidence) {
    Optional<Container> now = docker.container(containerId);
    if (now.isEmpty()) {
      return new Judgement.Bad("its container was removed meanwhile");
    }
    return now.get().running() && now.get().restarts() == restartsBefore
        ? new Judgement.Good(evidence)
        : new Judgement.Bad(ended(now.get()));
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
    return "the container exited (code "
        + container.exitCode()
        + (container.oomKilled() ? ", out of memory)" : ")");
  }
}
