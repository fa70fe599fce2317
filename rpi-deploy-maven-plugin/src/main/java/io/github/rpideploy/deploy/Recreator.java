package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Points the live tag at a release and has compose replace exactly one service. */
final class Recreator {

  private final RemoteHost host;
  private final Docker docker;
  private final ComposeDirectory directory;
  private final Reporter reporter;
  private final InstantSource clock;

  Recreator(
      RemoteHost host,
      Docker docker,
      ComposeDirectory directory,
      Reporter reporter,
      InstantSource clock) {
    this.host = host;
    this.docker = docker;
    this.directory = directory;
    this.reporter = reporter;
    this.clock = clock;
  }

  /**
   * @throws DeployException when the release was not shipped, or compose cannot recreate the
   *     service
   */
  Replacement recreate(Release release) {
    String tag = release.tag().familiar();
    String live = release.live().familiar();
    if (docker.imageId(tag).isEmpty()) {
      throw new DeployException(
          "Release " + tag + " of " + release.service() + " is not on " + host.name(),
          "Ship it first: mvn rpi:ship rpi:recreate rpi:verify; nothing was changed");
    }
    Instant start = clock.instant();
    reporter.report(new Event.Recreating(release.service(), tag));
    @Nullable String previous = docker.imageId(live).orElse(null);
    directory.upload();
    docker.tag(tag, live);
    ExecResult result = directory.compose().recreate(release.service());
    List<String> containers = directory.compose().containers(release.service());
    if (!result.ok() || containers.isEmpty()) {
      throw new DeployException(
          "Compose could not recreate "
              + release.service()
              + " on "
              + host.name()
              + ": "
              + result.describe(),
          "Image "
              + live
              + " is the new release now; other services were not touched."
              + " Look at it: "
              + directory.onThePi("docker compose ps -a " + release.service()));
    }
    reporter.report(
        new Event.Recreated(
            release.service(), containers.get(0), Duration.between(start, clock.instant())));
    return new Replacement(previous);
  }
}
