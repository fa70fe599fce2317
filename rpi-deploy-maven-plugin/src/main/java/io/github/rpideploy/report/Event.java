package io.github.rpideploy.report;

import java.time.Duration;
import java.util.List;

/** Something that happened in a deploy. Renderers decide what of it is shown and how. */
public sealed interface Event {

  /** An SSH connection to {@code host} stands; it took {@code elapsed}. */
  record Connected(String host, String authentication, Duration elapsed) implements Event {}

  /** The Pi's Docker was found; {@code directory} is the remote compose directory. */
  record EngineFound(
      String host,
      String directory,
      String version,
      String store,
      String architecture,
      String compose)
      implements Event {}

  /** Something that deserves attention and stops nothing; one or more lines. */
  record Warning(String text) implements Event {}

  /** Something that only somebody who looks for a cause wants to know; one line. */
  record Detail(String text) implements Event {}

  /**
   * Another deploy, by {@code holder}, has the lock; it is awaited at most for {@code patience}.
   */
  record LockAwaited(String holder, Duration patience) implements Event {}

  /** A module is passed over. */
  record Skipped(String module, String reason) implements Event {}

  /** A stream of {@code total} bytes with the images of {@code services} starts. */
  record SendStarted(List<String> services, long total) implements Event {}

  /** {@code sent} of {@code total} bytes of the stream are on their way. */
  record SendProgress(long sent, long total) implements Event {}

  /**
   * What a deploy would do with a service; nothing was done.
   *
   * @param release the release tag
   * @param bytesSent what its part of the stream would take; 0 when the release is there
   * @param imageBytes the bytes of the image's layers in its tarball
   * @param bytesWritten what the Engine would write for it, about
   * @param layers the image's layers, lowest first
   * @param recreated whether the service would be recreated
   * @param reason why it would be recreated, or left alone
   */
  record Planned(
      String service,
      String release,
      long bytesSent,
      long imageBytes,
      long bytesWritten,
      List<PlannedLayer> layers,
      boolean recreated,
      String reason)
      implements Event {

    /** Keeps a copy of the list. */
    public Planned {
      layers = List.copyOf(layers);
    }
  }

  /**
   * A layer of a planned service.
   *
   * @param diffId its digest, shortened
   * @param bytes what it takes in the tarball
   * @param sent whether it would be sent for this service
   */
  record PlannedLayer(String diffId, long bytes, boolean sent) {}

  /**
   * The release of a service is on the Pi and proved usable.
   *
   * @param image the live tag
   * @param imageId the config digest, as in Jib's {@code jib-image.id}
   * @param release the release tag
   * @param bytesSent the bytes that were sent for this service, as they went over the wire; 0 when
   *     it was there
   * @param imageBytes the bytes of the image's layers in its tarball
   * @param layersSent how many of its layers were sent for it; one that an earlier service of the
   *     same stream had brought does not count
   */
  record Shipped(
      String service,
      String image,
      String imageId,
      String release,
      long bytesSent,
      long imageBytes,
      int layersSent,
      int layersTotal,
      Duration elapsed)
      implements Event {}

  /** The compose file on the Pi was replaced. */
  record ComposeFileUploaded(String path) implements Event {}

  /** The compose file that was replaced is back. */
  record ComposeFileRestored(String path) implements Event {}

  /** A service runs what it is to run already, is good by {@code evidence}, and is left alone. */
  record Unchanged(String service, String evidence) implements Event {}

  /** Maven has come to a service too early: it is deployed when {@code awaited} are good. */
  record Deferred(String service, List<String> awaited) implements Event {

    /** Keeps a copy of the list. */
    public Deferred {
      awaited = List.copyOf(awaited);
    }
  }

  /**
   * A service is about to run a release, unless it is found to run it already.
   *
   * @param release the release tag
   * @param imageId the id of the release's image on the Pi
   * @param before the name of the image that its container was made of, or empty when there was
   *     none or it has no name
   */
  record ReleaseChosen(String service, String release, String imageId, String before)
      implements Event {}

  /** A service is about to be replaced by a release. */
  record Recreating(String service, String release) implements Event {}

  /** A new container was made and started. */
  record Recreated(String service, String container, Duration elapsed) implements Event {}

  /** Waiting for the service to become good by {@code check}, at most {@code timeout}. */
  record Verifying(String service, String check, Duration timeout) implements Event {}

  /** What is being waited for has changed, for example to {@code health: starting}. */
  record Waiting(String service, String state, Duration elapsed) implements Event {}

  /** The service is proved good. */
  record Verified(String service, String evidence, Duration elapsed) implements Event {}

  /** The log of a service that is not good: its last lines, and the file that has all of it. */
  record LogCollected(String service, List<String> lastLines, String file) implements Event {}

  /** The deploy of a service failed. */
  record Failed(String service, String reason) implements Event {}

  /** A service is about to go back to the image {@code to}. */
  record RollingBack(String service, String to) implements Event {}

  /** A service runs the image {@code to} again, and is proved good. */
  record RolledBack(String service, String to, String evidence, Duration elapsed)
      implements Event {}

  /** A service could not go back to {@code to}, or is not good with it either. */
  record RollbackFailed(String service, String to, String reason) implements Event {}

  /** Old releases of a service are not on the Pi any more. */
  record ReleasesRemoved(String service, List<String> releases) implements Event {

    /** Keeps a copy of the list. */
    public ReleasesRemoved {
      releases = List.copyOf(releases);
    }
  }

  /** A service was not reached because an earlier one failed. */
  record NotDeployed(String service, String reason) implements Event {}

  /** A Pi was looked at closely; nothing was changed there. */
  record Examined(String host, List<Check> checks) implements Event {

    /** Keeps a copy of the list. */
    public Examined {
      checks = List.copyOf(checks);
    }

    /** How many of the checks came out like that. */
    public long count(Check.Level level) {
      return checks.stream().filter(check -> check.level() == level).count();
    }
  }
}
