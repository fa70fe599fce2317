package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.ComposeFile;
import io.github.rpideploy.smoke.SmokeTest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the user says about a service's smoke test; the compose file may add the port.
 *
 * @param url the whole URL, or null to make it of path and port
 * @param path the URL's path; null together with {@code url} means no smoke test
 * @param port the port on the Pi, or null for the one that the compose file publishes
 * @param status the HTTP status that is expected
 * @param direct whether requests are sent from this machine and not through the SSH connection
 */
public record SmokeSpec(
    @Nullable String url,
    @Nullable String path,
    @Nullable Integer port,
    int status,
    boolean direct) {

  /** For one request; it is asked again until the service's own timeout. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  /** No smoke test: container state and health check alone decide. */
  public static final SmokeSpec NONE = new SmokeSpec(null, null, null, 200, false);

  /**
   * @param service its name, for messages
   * @param inComposeFile the service in the compose file
   * @param pi the host name or address by which the Pi was reached
   * @throws DeployException when the port is neither given nor to be had from the compose file, or
   *     the URL makes no sense
   */
  Optional<SmokeTest> resolve(String service, ComposeFile.Service inComposeFile, String pi) {
    boolean tunnelled = !direct;
    if (url != null) {
      return Optional.of(SmokeTest.of(url, status, tunnelled, REQUEST_TIMEOUT));
    }
    if (path == null) {
      return Optional.empty();
    }
    int chosen = port == null ? onlyPublishedPort(service, inComposeFile) : port;
    String host = direct ? pi : "localhost";
    String bracketed = host.contains(":") ? "[" + host + "]" : host;
    String slashed = path.startsWith("/") ? path : "/" + path;
    return Optional.of(
        SmokeTest.of(
            "http://" + bracketed + ":" + chosen + slashed, status, tunnelled, REQUEST_TIMEOUT));
  }

  /** Whether there is one, and it goes through the SSH connection. */
  boolean isTunnelled() {
    return !direct && (url != null || path != null);
  }

  private static int onlyPublishedPort(String service, ComposeFile.Service inComposeFile) {
    List<Integer> ports = inComposeFile.publishedPorts();
    if (ports.size() == 1) {
      return ports.get(0);
    }
    throw new DeployException(
        "The smoke test of "
            + service
            + " needs a port: the compose file publishes "
            + (ports.isEmpty() ? "none" : "several: " + ports)
            + " for it",
        "Name it in the module's POM: <properties><rpi.smokePort>8080</rpi.smokePort></properties>;"
            + " to publish one to the Pi only, in the compose file: ports: [\"127.0.0.1:8080:8080\"]");
  }

  /** How messages name a smoke test. */
  static String shown(SmokeTest test) {
    return "GET " + test.url();
  }
}
