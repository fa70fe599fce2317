package io.github.rpideploy.report;

import java.time.Duration;
import java.util.List;

/**
 * Something that happened in a deploy. Each renderer decides whether and how it shows it;
 * EveryEventTest holds these decisions.
 */
public sealed interface Event {

  /** The event is of that Pi, in a build that deploys to several; the name tells them apart. */
  record OnTarget(String target, Event event) implements Event {}

  /** The SSH connection to {@code host} is open; {@code early}: it was made beside the build. */
  record Connected(String host, String authentication, Duration elapsed, boolean early)
      implements Event {}

  /** Docker was found on the Pi; {@code directory} is the remote compose directory. */
  record EngineFound(
      String host,
      String directory,
      String version,
      String store,
      String architecture,
      String compose)
      implements Event {}

  /** Something that deserves attention but stops nothing; one or more lines. */
  record Warning(String text) implements Event {}

  /** Something that helps only to find a cause, shown with {@code mvn -X}; one line. */
  record Detail(String text) implements Event {}

  /** Another deploy holds the lock; this one waits for it, at most {@code patience}. */
  record LockAwaited(String holder, Duration patience) implements Event {}

  /** A module is skipped. */
  record Skipped(String module, String reason) implements Event {}

  /** A stream of {@code total} bytes with the images of {@code services} starts. */
  record SendStarted(List<String> services, long total) implements Event {}

  /** {@code sent} of {@code total} bytes of the stream were sent. */
  record SendProgress(long sent, long total) implements Event {}

  /**
   * What a deploy would do with a service; it was not done.
   *
   * @param release the release tag
   * @param bytesSent the size of its part of the stream; 0 when the release is on the Pi already
   * @param imageBytes the bytes of the image's layers in its tarball
   * @param bytesWritten about how much the Engine would write for it
   * @param layers the image's layers, lowest first
   * @param nodes what other nodes of a swarm would get
   * @param recreated whether the service would be recreated
   * @param reason why it would be recreated, or not
   */
  record Planned(
      String service,
      String release,
      long bytesSent,
      long imageBytes,
      long bytesWritten,
      List<PlannedLayer> layers,
      List<PlannedNode> nodes,
      boolean recreated,
      String reason)
      implements Event {

    public Planned {
      layers = List.copyOf(layers);
      nodes = List.copyOf(nodes);
    }
  }

  /**
   * What a deploy would do with a service that no module deploys; it was not done.
   *
   * @param neededBy the services that name it in their {@code depends_on}
   * @param image that it runs; empty when it has none
   * @param pulled whether the Pi would pull that image
   * @param reason why it would be started
   */
  record PlannedOther(String service, String neededBy, String image, boolean pulled, String reason)
      implements Event {}

  /**
   * The end of a plan.
   *
   * @param services that a deploy would deploy
   * @param recreated how many of them it would recreate
   * @param bytesSent over the wire for all of them, and for files
   * @param filesSent how many files of the stack it would send
   * @param filesRemoved how many it would remove
   * @param started how many services that no module deploys it would start
   * @param pulled how many images the Pi would pull for them
   */
  record PlanTotal(
      int services,
      int recreated,
      long bytesSent,
      int filesSent,
      int filesRemoved,
      int started,
      int pulled)
      implements Event {}

  /** Services of the compose file that nothing starts; {@code command} would. */
  record Idle(List<String> services, String command) implements Event {

    /** Keeps a copy of the list. */
    public Idle {
      services = List.copyOf(services);
    }
  }

  /** The Pi has pulled the image of a service that no module deploys. */
  record Pulled(String service, String image, Duration elapsed) implements Event {}

  /**
   * A service that no module deploys is about to be started.
   *
   * @param neededBy the services that name it in their {@code depends_on}
   * @param anew whether its container is replaced
   * @param reason why it is started
   */
  record StartingOther(String service, String neededBy, boolean anew, String reason)
      implements Event {}

  /** A service that no module deploys has reached what others need of it. */
  record OtherReady(String service, String evidence, Duration elapsed) implements Event {}

  /**
   * The release of a service is on the Pi, and it was proved that the Engine can use it.
   *
   * @param image the live tag
   * @param imageId the config digest, as in Jib's {@code jib-image.id}
   * @param release the release tag
   * @param bytesSent the bytes that went over the wire for this service; 0 when the release was on
   *     the Pi already
   * @param imageBytes the bytes of the image's layers in its tarball
   * @param layersSent how many of its layers were sent for it; a layer that was sent for an earlier
   *     service of the same stream does not count
   * @param machines to how many machines they went; 0 when nothing was sent
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
      int machines,
      Duration elapsed)
      implements Event {}

  /** The compose file on the Pi was replaced. */
  record ComposeFileUploaded(String path) implements Event {}

  /** The compose file that was replaced is restored. */
  record ComposeFileRestored(String path) implements Event {}

  /** Files of the stack were put in place; their paths are relative to the compose directory. */
  record FilesSent(List<SentFile> files) implements Event {

    /** Keeps a copy of the list. */
    public FilesSent {
      files = List.copyOf(files);
    }

    /** How many bytes they have together. */
    public long bytes() {
      return files.stream().mapToLong(SentFile::bytes).sum();
    }
  }

  /** A file of the stack was removed, because the compose file names it no longer. */
  record FileRemoved(String path) implements Event {}

  /** The files of the stack that were replaced are restored. */
  record FilesRestored(String directory) implements Event {}

  /** A service will be recreated although its image is the same, because of its files. */
  record FilesChanged(String service, String reason) implements Event {}

  /**
   * The files that a deploy would send; it was not done.
   *
   * @param files those that the Pi lacks
   * @param removed those that it would lose
   */
  record FilesPlanned(List<SentFile> files, List<String> removed) implements Event {

    /** A deploy would change no file. */
    public static final FilesPlanned NONE = new FilesPlanned(List.of(), List.of());

    /** Keeps copies. */
    public FilesPlanned {
      files = List.copyOf(files);
      removed = List.copyOf(removed);
    }

    /** How many bytes would be sent. */
    public long bytes() {
      return files.stream().mapToLong(SentFile::bytes).sum();
    }
  }

  /** A file of the stack that is sent, or would be. */
  record SentFile(String path, long bytes) {}

  /** A service already runs its release and is good by {@code evidence}; it was not touched. */
  record Unchanged(String service, String evidence) implements Event {}

  /** Maven reached a service too early: it is deployed once the {@code awaited} ones are good. */
  record Deferred(String service, List<String> awaited) implements Event {

    /** Keeps a copy of the list. */
    public Deferred {
      awaited = List.copyOf(awaited);
    }
  }

  /**
   * The release that a service must run was chosen; the service may turn out to run it already.
   *
   * @param release the release tag
   * @param imageId the id of the release's image on the Pi
   * @param before the name of the image that the service ran before; empty when it ran none, or
   *     when that image has no name
   */
  record ReleaseChosen(String service, String release, String imageId, String before)
      implements Event {}

  /** The container of a service is about to be replaced by one of a release. */
  record Recreating(String service, String release) implements Event {}

  /** A new container was created and started. */
  record Recreated(String service, String container, Duration elapsed) implements Event {}

  /** {@code check} must show within {@code timeout} that the service is good. */
  record Verifying(String service, String check, Duration timeout) implements Event {}

  /** The state of a service that is being verified changed, for example to {@code starting}. */
  record Waiting(String service, String state, Duration elapsed) implements Event {}

  /** A service is good, by {@code evidence}. */
  record Verified(String service, String evidence, Duration elapsed) implements Event {}

  /** The log of a service that is not good: its last lines, and the file with all of it. */
  record LogCollected(String service, List<String> lastLines, String file) implements Event {}

  /** The deploy of a service failed. */
  record Failed(String service, String reason) implements Event {}

  /** A service is about to go back to the image {@code to}. */
  record RollingBack(String service, String to) implements Event {}

  /** A service runs the image {@code to} again and is good, by {@code evidence}. */
  record RolledBack(String service, String to, String evidence, Duration elapsed)
      implements Event {}

  /** A service could not go back to {@code to}, or is not good with it either. */
  record RollbackFailed(String service, String to, String reason) implements Event {}

  /** Old releases of a service were removed from the Pi. */
  record ReleasesRemoved(String service, List<String> releases) implements Event {

    /** Keeps a copy of the list. */
    public ReleasesRemoved {
      releases = List.copyOf(releases);
    }
  }

  /** A service was not reached because an earlier one failed. */
  record NotDeployed(String service, String reason) implements Event {}

  /** The doctor examined a Pi, and changed nothing there. */
  record Examined(String host, List<Check> checks) implements Event {

    /** Keeps a copy of the list. */
    public Examined {
      checks = List.copyOf(checks);
    }

    /** How many checks have this level. */
    public long count(Check.Level level) {
      return checks.stream().filter(check -> check.level() == level).count();
    }
  }
}
