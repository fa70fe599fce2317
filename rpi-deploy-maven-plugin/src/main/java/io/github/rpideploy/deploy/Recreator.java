package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.deploy.verify.Diagnosis;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.report.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Points the live tag at a release and has compose replace exactly one service. */
final class Recreator {

  private final StackContext context;
  private final Docker docker;
  private final ComposeDirectory directory;
  private final Diagnosis diagnosis;

  Recreator(StackContext context, Diagnosis diagnosis) {
    this.context = context;
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
    String image =
        docker
            .images()
            .id(tag)
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
    Optional<Container> before =
        directory.compose().containersIfAny(release.service()).stream()
            .findFirst()
            .flatMap(docker.containers()::inspect);
    String named =
        before
            .map(container -> docker.images().nameOf(container.image(), release.live().familiar()))
            .orElse("");
    return new Replacement(release, image, before.orElse(null), named);
  }

  /**
   * Lets the service run the release.
   *
   * @throws DeployException when compose cannot recreate it
   */
  void recreate(ShippedRelease release) {
    Instant start = context.clock().instant();
    context.reporter().report(new Event.Recreating(release.service(), release.tag().familiar()));
    String container = replace(release, release.tag().familiar());
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
   * Lets the service run any image, under its live tag.
   *
   * @param image a tag or an id
   * @return the id of the new container
   * @throws DeployException when that fails
   */
  String replace(ShippedRelease release, String image) {
    docker.images().tag(image, release.live().familiar());
    ExecResult result = directory.compose().recreate(release.service());
    List<String> containers = directory.compose().containers(release.service());
    diagnosis.composeSaid(release.service(), result.stderr() + "\n" + result.stdout());
    if (!result.ok() || containers.isEmpty()) {
      throw new DeployException(
          "Compose could not recreate "
              + release.service()
              + " on "
              + context.host().name()
              + ": "
              + diagnosis.recreateFailure(release.spec()).map(cause -> cause + "\n").orElse("")
              + result.describe(),
          "Look at it: " + directory.onThePi("docker compose ps -a " + release.service()));
    }
    return containers.get(0);
  }
}
