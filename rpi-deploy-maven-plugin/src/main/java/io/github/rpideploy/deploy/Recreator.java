package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Replacement.Back;
import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.stack.Orchestrator;
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
  private final Rollouts rollouts;

  Recreator(StackContext context, Intents intents, Diagnosis diagnosis, Rollouts rollouts) {
    this.context = context;
    this.intents = intents;
    this.rollouts = rollouts;
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
    ServiceNow now = now(context.orchestrator(), release);
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
    return new Replacement(release, image, now, back(release, image, now), beside(release, now));
  }

  /** The containers that go on beside the new ones: all of them, if they serve. */
  private List<String> beside(ShippedRelease release, ServiceNow now) {
    return rollouts.isRolledOut(release) && now.containers().stream().allMatch(Container::running)
        ? now.containers().stream().map(Container::id).toList()
        : List.of();
  }

  /** What the service runs now. */
  static ServiceNow now(Orchestrator orchestrator, ShippedRelease release) {
    return orchestrator.now(release.service(), release.tag(), release.live());
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
   * @return the containers that run it
   * @throws DeployException when compose cannot recreate it
   */
  List<String> recreate(Replacement replacement, Runnable untouched) {
    ShippedRelease release = replacement.release();
    Instant start = context.clock().instant();
    context.reporter().report(new Event.Recreating(release.service(), release.tag().familiar()));
    List<String> beside = replacement.beside();
    List<String> containers =
        containers(
            release,
            context
                .orchestrator()
                .replace(
                    intents.lock(),
                    new Orchestrator.Change(
                        release.service(),
                        intents.open(replacement),
                        release.tag().familiar(),
                        release.live(),
                        beside,
                        beside.isEmpty() ? 0 : rollouts.replicas(release.service())),
                    untouched));
    context
        .reporter()
        .report(
            new Event.Recreated(
                release.service(),
                containers.get(0),
                Duration.between(start, context.clock().instant())));
    return containers;
  }

  /** Lets the live tag name a release that runs already. */
  void name(ShippedRelease release) {
    docker.images().tag(release.tag().familiar(), release.live().familiar());
  }

  /**
   * Lets the service run again what it goes back to.
   *
   * @return the containers that run it
   * @throws DeployException when that fails
   */
  List<String> goBack(Replacement replacement, Back back) {
    ShippedRelease release = replacement.release();
    return containers(
        release,
        context
            .orchestrator()
            .goBack(
                intents.lock(),
                new Orchestrator.Change(
                    release.service(),
                    "",
                    back.image(),
                    release.live(),
                    replacement.goesBackToTheOldOnes() ? replacement.beside() : List.of(),
                    0)));
  }

  private List<String> containers(ShippedRelease release, ExecResult result) {
    List<String> containers = result.stdout().lines().toList();
    diagnosis.composeSaid(release.service(), result.stderr());
    if (!result.ok() || containers.isEmpty()) {
      throw new DeployException(
          context.orchestrator().named()
              + " could not recreate "
              + release.service()
              + " on "
              + context.host().name()
              + ": "
              + diagnosis.recreateFailure(release.spec()).map(cause -> cause + "\n").orElse("")
              + new ExecResult(result.exitStatus(), null, "", result.stderr()).describe(),
          "Look at it: "
              + directory.onThePi(context.orchestrator().commandsToSee(release.service())));
    }
    return containers;
  }
}
