package io.github.rpideploy.report;

import java.time.Duration;
import java.util.List;

/** Something that happened in a deploy. Renderers decide what of it is shown and how. */
public sealed interface Event {

  /** An SSH connection to {@code host} stands; it took {@code elapsed}. */
  record Connected(String host, String authentication, Duration elapsed) implements Event {}

  /** The Pi's Docker was found. */
  record EngineFound(String host, String version, String store, String platform, String compose)
      implements Event {}

  /** Something that deserves attention and stops nothing; one or more lines. */
  record Warning(String text) implements Event {}

  /** A module is passed over. */
  record PassedOver(String module, String reason) implements Event {}

  /** A stream of {@code total} bytes for {@code services} starts. */
  record SendStarted(List<String> services, long total) implements Event {}

  /** {@code sent} of {@code total} bytes of the stream are on their way. */
  record SendProgress(long sent, long total) implements Event {}

  /** The release of a service is on the Pi and proved usable. {@code bytesSent} 0: was there. */
  record Shipped(
      String service,
      String release,
      long bytesSent,
      long imageBytes,
      int layersSent,
      int layersTotal,
      Duration elapsed)
      implements Event {}

  /** The compose file on the Pi was replaced. */
  record ComposeFileUploaded(String path) implements Event {}

  /** A service is about to be replaced by a release. */
  record Recreating(String service, String release) implements Event {}

  /** A new container runs. */
  record Recreated(String service, String container, Duration elapsed) implements Event {}

  /** Waiting for the service to become good. */
  record Verifying(String service, String check, Duration timeout) implements Event {}

  /** What is being waited for has changed, for example {@code health starting}. */
  record Waiting(String service, String state, Duration elapsed) implements Event {}

  /** The service is proved good. */
  record Verified(String service, String evidence, Duration elapsed) implements Event {}

  /** The service is not good; {@code lastLines} are the end of its container's log. */
  record Failed(String service, String reason, List<String> lastLines, String logFile)
      implements Event {}

  /** A service was not reached because an earlier one failed. */
  record NotDeployed(String service, String reason) implements Event {}
}
