package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.report.Units;
import io.github.rpideploy.smoke.SmokeOutcome;
import io.github.rpideploy.smoke.SmokeTester;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a service is good: its container runs the image that was shipped, stays running, is
 * healthy where it has a health check, and answers the smoke test.
 */
final class Verifier {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** How often in a row a container must be seen running when nothing else can be asked of it. */
  private static final int SEEN_RUNNING = 5;

  private final RemoteHost host;
  private final Docker docker;
  private final ComposeDirectory directory;
  private final SmokeTester smokeTester;
  private final Reporter reporter;
  private final InstantSource clock;
  private final Pause pause;

  Verifier(
      RemoteHost host,
      Docker docker,
      ComposeDirectory directory,
      Reporter reporter,
      InstantSource clock,
      Pause pause) {
    this.host = host;
    this.docker = docker;
    this.directory = directory;
    this.smokeTester = new SmokeTester(host);
    this.reporter = reporter;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Waits until the service is good.
   *
   * @param replaced how this build has recreated it; null when it has not, so that earlier restarts
   *     do not count against it
   * @throws DeployException when it is not good in time, or cannot become good any more; its log
   *     has been collected then
   */
  void verify(Release release, @Nullable Replacement replaced) {
    Duration timeout = release.candidate().spec().timeout();
    reporter.report(new Event.Verifying(release.service(), checks(release), timeout));
    Instant start = clock.instant();
    String image = docker.imageId(release.tag().familiar()).orElseThrow(() -> notShipped(release));
    String containerId = onlyContainer(release);
    Container first = container(release, containerId, replaced);
    Watch watch = new Watch(release, image, replaced == null ? first.restarts() : 0, start);
    Judgement judgement = watch.judge(first);
    while (judgement instanceof Judgement.NotYet
        && Duration.between(start, clock.instant()).compareTo(timeout) < 0) {
      pause.of(INTERVAL);
      judgement = watch.judge(container(release, containerId, replaced));
    }
    Duration elapsed = Duration.between(start, clock.instant());
    if (judgement instanceof Judgement.Good good) {
      reporter.report(new Event.Verified(release.service(), good.evidence(), elapsed));
    } else if (judgement instanceof Judgement.NotYet notYet) {
      throw notGood(release, replaced, notYet.state() + ", still after " + Units.seconds(timeout));
    } else if (judgement instanceof Judgement.Bad bad) {
      throw notGood(release, replaced, bad.reason());
    }
  }

  private static String checks(Release release) {
    return "container and health"
        + release.smoke().map(test -> ", " + SmokeSpec.shown(test)).orElse("");
  }

  private String onlyContainer(Release release) {
    return directory.compose().containers(release.service()).stream()
        .findFirst()
        .orElseThrow(
            () ->
                new DeployException(
                    "Service " + release.service() + " has no container on " + host.name(),
                    "Recreate it: mvn rpi:recreate rpi:verify"));
  }

  private Container container(Release release, String id, @Nullable Replacement replaced) {
    return docker
        .container(id)
        .orElseThrow(() -> notGood(release, replaced, "its container was removed meanwhile"));
  }

  private DeployException notShipped(Release release) {
    return new DeployException(
        "Release "
            + release.tag().familiar()
            + " of "
            + release.service()
            + " is not on "
            + host.name()
            + ": what runs there is another build",
        "Ship it: mvn rpi:ship rpi:recreate rpi:verify; nothing was changed");
  }

  private DeployException notGood(Release release, @Nullable Replacement replaced, String reason) {
    String service = release.service();
    List<String> ids = directory.compose().containers(service);
    new LogCollector(docker, reporter).collect(release.candidate().spec(), ids);
    String goBack =
        replaced == null || replaced.previousImage() == null
            ? ""
            : "\nGo back: "
                + directory.onThePi(
                    "docker tag "
                        + replaced.previousImage()
                        + " "
                        + release.live().familiar()
                        + " && docker compose up -d --force-recreate --no-deps "
                        + service);
    return new DeployException(
        service + " on " + host.name() + " is not good: " + reason,
        "It was left as it is, with image "
            + release.tag().familiar()
            + "; no other service was touched.\nLook at it: "
            + directory.onThePi("docker compose ps -a; docker compose logs " + service)
            + goBack);
  }

  /** What one look at the container says. */
  private sealed interface Judgement {
    record Good(String evidence) implements Judgement {}

    record NotYet(String state) implements Judgement {}

    record Bad(String reason) implements Judgement {}
  }

  /** Follows one container from look to look. */
  private final class Watch {

    private final Release release;
    private final String image;
    private final int restartsBefore;
    private final Instant start;
    private String lastState = "";
    private int seenRunning;

    Watch(Release release, String image, int restartsBefore, Instant start) {
      this.release = release;
      this.image = image;
      this.restartsBefore = restartsBefore;
      this.start = start;
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
      if (release.smoke().isPresent()) {
        return smoke(container.id(), healthCheck);
      }
      seenRunning++;
      return healthCheck || seenRunning >= SEEN_RUNNING
          ? new Judgement.Good(healthCheck ? "healthy" : "running, no restart")
          : notYet("running, no health check and no smoke test to ask");
    }

    private Judgement smoke(String containerId, boolean healthCheck) {
      var test = release.smoke().orElseThrow();
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
        reporter.report(
            new Event.Waiting(release.service(), state, Duration.between(start, clock.instant())));
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
}
