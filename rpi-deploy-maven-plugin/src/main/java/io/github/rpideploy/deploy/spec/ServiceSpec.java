package io.github.rpideploy.deploy.spec;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeFile;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the user has configured for one service.
 *
 * @param service its name in the compose file
 * @param imageTar the tarball that its builder wrote
 * @param platform what the image must be built for: {@code linux/arm64}
 * @param smoke what it is asked, beyond the state and health of its container
 * @param patience how long it may take to become good once it is recreated
 * @param logFile the file for its log if it does not become good
 * @param policy how careful its deploy is
 */
public record ServiceSpec(
    String service,
    Path imageTar,
    String platform,
    SmokeSpec smoke,
    Patience patience,
    Path logFile,
    Policy policy) {

  /**
   * @throws DeployException when no service can have that name
   */
  public ServiceSpec {
    requireName(service);
  }

  /**
   * The name, if a service can have it.
   *
   * @throws DeployException when none can
   */
  public static String requireName(String service) {
    if (!ComposeFile.isName(service)) {
      throw new DeployException(
          "A compose service cannot be called '"
              + service.replaceAll("\\p{Cntrl}", "?")
              + "': only letters, digits, dots, dashes and underscores are allowed",
          "Name the module's service with <properties><rpi.service>auth-server</rpi.service>"
              + "</properties>, or skip the module: <rpi.skip>true</rpi.skip>");
    }
    return service;
  }

  /** With the default policy, and the given time and no longer to become good. */
  public ServiceSpec(
      String service,
      Path imageTar,
      String platform,
      SmokeSpec smoke,
      Duration timeout,
      Path logFile) {
    this(service, imageTar, platform, smoke, Patience.of(timeout), logFile, Policy.DEFAULT);
  }

  /** The same with its log in another file. */
  public ServiceSpec withLogFile(Path file) {
    return new ServiceSpec(service, imageTar, platform, smoke, patience, file, policy);
  }
}
