package io.github.rpideploy.deploy;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What the user says about one service.
 *
 * @param service its name in the compose file
 * @param imageTar what Jib's {@code buildTar} wrote
 * @param platform what the image must be built for: {@code linux/arm64}
 * @param smoke the HTTP request that proves it good, if any
 * @param timeout how long it may take to become good after it was recreated
 * @param logFile where the container's log goes when it does not become good
 * @param policy how careful its deploy is
 */
public record ServiceSpec(
    String service,
    Path imageTar,
    String platform,
    SmokeSpec smoke,
    Duration timeout,
    Path logFile,
    Policy policy) {

  /** With the default policy. */
  public ServiceSpec(
      String service,
      Path imageTar,
      String platform,
      SmokeSpec smoke,
      Duration timeout,
      Path logFile) {
    this(service, imageTar, platform, smoke, timeout, logFile, Policy.DEFAULT);
  }

  /** The same with its log in another file. */
  ServiceSpec withLogFile(Path file) {
    return new ServiceSpec(service, imageTar, platform, smoke, timeout, file, policy);
  }
}
