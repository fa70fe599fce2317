package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.ImageFacts;
import io.github.rpideploy.image.ArchivePlan;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Brings releases to the Pi and proves that they are usable there. Touches nothing live. */
final class Shipper {

  private final RemoteHost host;
  private final Docker docker;
  private final Reporter reporter;
  private final InstantSource clock;

  Shipper(RemoteHost host, Docker docker, Reporter reporter, InstantSource clock) {
    this.host = host;
    this.docker = docker;
    this.reporter = reporter;
    this.clock = clock;
  }

  /**
   * Ships what is not there yet, all in one stream.
   *
   * @throws DeployException when a release is not usable on the Pi; its release tag is gone then
   */
  void ship(List<Release> releases) {
    List<Release> missing = new ArrayList<>();
    for (Release release : releases) {
      Instant start = clock.instant();
      requireRunnable(release);
      if (problem(release).isEmpty()) {
        reporter.report(shipped(release, 0, 0, Duration.between(start, clock.instant())));
      } else {
        missing.add(release);
      }
    }
    if (!missing.isEmpty()) {
      send(missing);
    }
  }

  private void requireRunnable(Release release) {
    var platform = release.tarball().platform();
    if (!docker.engine().runs(platform.os(), platform.architecture())) {
      throw new DeployException(
          "The image of "
              + release.service()
              + " is built for "
              + platform
              + ", but the Docker Engine on "
              + host.name()
              + " runs "
              + docker.engine().platform(),
          "Use a 64-bit Raspberry Pi OS, or build for the Engine and say so: -Drpi.platform="
              + docker.engine().platform()
              + "; nothing was sent");
    }
  }

  private void send(List<Release> releases) {
    ArchivePlan plan = plan(releases);
    Instant start = clock.instant();
    reporter.report(
        new Event.SendStarted(releases.stream().map(Release::service).toList(), plan.bytes()));
    ExecResult loaded =
        docker.load(
            out -> plan.writeTo(new CountingOutputStream(out, sent -> progress(sent, plan))));
    for (Release release : releases) {
      Optional<String> problem = loaded.ok() ? problem(release) : Optional.of(loaded.describe());
      if (problem.isPresent()) {
        releases.forEach(sent -> docker.removeTag(sent.tag().familiar()));
        throw new DeployException(
            "The image of "
                + release.service()
                + " did not arrive usable on "
                + host.name()
                + ": "
                + problem.get()
                + (loaded.ok() && !loaded.stdout().isBlank()
                    ? " (docker load said: " + loaded.stdout().strip() + ")"
                    : ""),
            "Nothing live was touched: the running services and their tags are as they were."
                + " Check the space on the Pi: df -h "
                + docker.engine().rootDirectory());
      }
    }
    Duration elapsed = Duration.between(start, clock.instant());
    long bytesBefore = 0;
    for (int i = 0; i < releases.size(); i++) {
      // What this image added to the stream: a layer that it shares counts for the first that has
      // it.
      long bytes = plan(releases.subList(0, i + 1)).bytes();
      Release release = releases.get(i);
      int layers = release.tarball().layers().size();
      reporter.report(shipped(release, bytes - bytesBefore, layers, elapsed));
      bytesBefore = bytes;
    }
  }

  private static ArchivePlan plan(List<Release> releases) {
    return ArchivePlan.of(
        releases.stream()
            .map(release -> ArchivePlan.Image.whole(release.tarball(), release.tag()))
            .toList());
  }

  private void progress(long sent, ArchivePlan plan) {
    reporter.report(new Event.SendProgress(sent, plan.bytes()));
  }

  /**
   * Why the release on the Pi cannot be used, empty when it can: never {@code docker load}'s word.
   */
  private Optional<String> problem(Release release) {
    String tag = release.tag().familiar();
    Optional<ImageFacts> image = docker.image(tag);
    if (image.isEmpty()) {
      return Optional.of("the Engine knows no image " + tag);
    }
    List<String> diffIds =
        release.tarball().layers().stream().map(layer -> layer.diffId().toString()).toList();
    if (!image.get().layers().equals(diffIds)) {
      return Optional.of("image " + tag + " has other layers than the tarball");
    }
    return docker
        .prove(tag, release.tarball().platform().toString())
        .map(said -> "no container can be made of image " + tag + ": " + said);
  }

  private Event shipped(Release release, long bytes, int layers, Duration elapsed) {
    return new Event.Shipped(
        release.service(),
        release.live().familiar(),
        release.tarball().configDigest().toString(),
        release.tag().familiar(),
        bytes,
        release.tarball().layerBytes(),
        layers,
        release.tarball().layers().size(),
        elapsed);
  }
}
