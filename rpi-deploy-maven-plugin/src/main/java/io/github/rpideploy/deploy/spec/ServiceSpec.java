package io.github.rpideploy.deploy.spec;

import io.github.rpideploy.DeployException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What the user says about one service.
 *
 * @param service its name in the compose file
 * @param imageTar what Jib's {@code buildTar} wrote
 * @param platform what the image must be built for: {@code linux/arm64}
 * @param smoke how it is proved good, beyond its container's state and health
 * @param patience how long it may take to become good after it was recreated
 * @param logFile where the container's log goes when it does not become good
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

  /** What the compose specification takes. It stands in command lines, and names files here. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]+");

  /**
   * @throws DeployException when no service can have that name
   */
  public ServiceSpec {
    if (!NAME.matcher(service).matches()) {
      throw new DeployException(
          "No service of a compose file can be called '"
              + service.replaceAll("\\p{Cntrl}", "?")
              + "': letters, digits, dots, dashes and underscores only",
          "Name the module's service with <properties><rpi.service>auth-server</rpi.service>"
              + "</properties>, or skip the module: <rpi.skip>true</rpi.skip>");
    }
  }

  /** With the default policy, and no more patience than said. */
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
