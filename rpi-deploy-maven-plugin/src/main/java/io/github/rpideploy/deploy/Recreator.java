package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Replacement.Back;
import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.deploy.verify.Diagnosis;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.ServiceNow;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.report.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Points the live tag at a release and has compose replace exactly one service. */
final class Recreator {

  private final StackContext context;
  private final Docker docker;
  private final ComposeDirectory directory;
  private final Intents intents;
  private final Diagnosis diagnosis;

  Recreator(StackContext context, Intents intents, Diagnosis diagnosis) {
    this.context = context;
    this.intents = intents;
    this.docker = context.docker();
    this.directory = context.directory();
    this.diagnosis = diagnosis;
  }

  /**
   * Finds what the service runs now, which is what it can go back to. That is the image of its
   * container and not what the live tag names: another project may have moved the tag.
   *
   * @throws DeployException when the release was not shipped
   */
  Replacement replacement(ShippedRelease release) {
    String tag = release.tag().familiar();
    ServiceNow now = now(directory, release);
    String image =
        now.release()
            .orElseThrow(
                () ->
                    new DeployException(
                        "Release "
                            + tag
                            + " of "
                            + release.service()
                            + " is not on "
                            + context.host().name(),
                        "Ship it first: mvn rpi:ship rpi:recreate rpi:verify; nothing was"
                            + " changed"));
    return new Replacement(release, image, now, back(release, image, now));
  }

  /** What the service runs now. */
  static ServiceNow now(ComposeDirectory directory, ShippedRelease release) {
    return directory
        .compose()
        .now(
            release.service(),
            release.tag().familiar(),
            release.live().familiarName(),
            release.live().familiar());
  }

  /**
   * The newest release that the history calls verified and the Pi still has: most often what runs.
   * What runs, if the history knows none. A service without a container has only the history.
   */
  private static @Nullable Back back(ShippedRelease release, String image, ServiceNow now) {
    List<Container> containers = now.containers();
    Back ran = containers.isEmpty() ? null : new Back(containers.get(0).image(), now.named());
    if (now.verified()) {
      return ran;
    }
    return History.parse(now.history())
        .earlier(release.service(), release.live(), now.tags(), image)
        .stream()
        .findFirst()
        .map(tag -> new Back(Objects.requireNonNull(now.tags().get(tag)), tag))
        .orElse(ran);
  }

  /**
   * Lets the service run the release.
   *
   * @param untouched is called before this fails because nothing live was changed
   * @throws DeployException when compose cannot recreate it
   */
  void recreate(Replacement replacement, Runnable untouched) {
    ShippedRelease release = replacement.release();
    Instant start = context.clock().instant();
    context.reporter().report(new Event.Recreating(release.service(), release.tag().familiar()));
    String container =
        replace(release, release.tag().familiar(), intents.open(replacement), untouched);
    context
        .reporter()
        .report(
            new Event.Recreated(
                release.service(), container, Duration.between(start, context.clock().instant())));
  }

  /** Lets the live tag name a release that runs already. */
  void name(ShippedRelease release) {
    docker.images().tag(release.tag().familiar(), release.live().familiar());
  }

  /**
   * Lets the service run again what it goes back to.
   *
   * @throws DeployException when that fails
   */
  void goBack(Replacement replacement, Back back) {
    replace(replacement.release(), back.image(), "", () -> {});
  }

  private String replace(ShippedRelease release, String image, String intent, Runnable untouched) {
    ExecResult result =
        directory
            .compose()
            .recreate(
                intents.lock(),
                release.service(),
                intent,
                image,
                release.live().familiar(),
                directory.uses(release.service()),
                untouched);
    List<String> containers = result.stdout().lines().toList();
    diagnosis.composeSaid(release.service(), result.stderr());
    if (!result.ok() || containers.isEmpty()) {
      throw new DeployException(
          "Compose could not recreate "
              + release.service()
              + " on "
              + context.host().name()
              + ": "
              + diagnosis.recreateFailure(release.spec()).map(cause -> cause + "\n").orElse("")
              + new ExecResult(result.exitStatus(), null, "", result.stderr()).describe(),
          "Look at it: " + directory.onThePi("docker compose ps -a " + release.service()));
    }
    return containers.get(0);
  }
}
