package io.github.rpideploy.smoke;

import io.github.rpideploy.DeployException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request whose answer tells whether a service is good.
 *
 * @param url {@code http} or {@code https}; with {@code tunnelled} its host is resolved on the Pi
 * @param expectedStatus the only status that passes, for example 200
 * @param tunnelled whether the request goes through the SSH connection and leaves from the Pi
 * @param requestTimeout for the whole request, from the connection to the answer
 */
public record SmokeTest(URI url, int expectedStatus, boolean tunnelled, Duration requestTimeout) {

  /**
   * @throws DeployException when the request cannot be meant like this
   */
  public SmokeTest {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw bad(url.toString(), "it does not start with http:// or https://");
    }
    if (url.getHost() == null || url.getUserInfo() != null || url.getPort() == 0) {
      throw bad(withoutUser(url), "it needs a host, and no user name or port 0");
    }
    if (expectedStatus < 200 || expectedStatus > 599) {
      throw new DeployException(
          "no HTTP status that a smoke test could expect: " + expectedStatus,
          "Set smokeStatus (-Drpi.smokeStatus) to one from 200 to 599");
    }
    if (requestTimeout.isNegative() || requestTimeout.isZero()) {
      throw new DeployException(
          "no time for a smoke test: " + requestTimeout.toMillis() + " ms",
          "Set smokeRequestTimeout (-Drpi.smokeRequestTimeout) to a positive one, for example 5s");
    }
  }

  /**
   * A test of a URL that the user gave as {@code smokeUrl}.
   *
   * @throws DeployException when it is not an http or https URL
   */
  public static SmokeTest of(
      String url, int expectedStatus, boolean tunnelled, Duration requestTimeout) {
    try {
      return new SmokeTest(new URI(url.strip()), expectedStatus, tunnelled, requestTimeout);
    } catch (URISyntaxException e) {
      throw bad(url, e.getReason());
    }
  }

  /**
   * A tunnelled test of a port of the Pi, given as {@code smokePort} and {@code smokePath}.
   *
   * @param path with or without the leading slash; null or empty for the root
   * @throws DeployException when one of them cannot be meant
   */
  public static SmokeTest ofPort(
      int port, @Nullable String path, int expectedStatus, Duration requestTimeout) {
    if (port < 1 || port > 65535) {
      throw new DeployException(
          "not a TCP port for a smoke test: " + port,
          "Set smokePort (-Drpi.smokePort) to the port that compose publishes on the Pi, 1 to 65535");
    }
    String absolute = path == null ? "/" : path.startsWith("/") ? path : "/" + path;
    try {
      URI url = new URI("http://localhost:" + port + absolute);
      return new SmokeTest(url, expectedStatus, true, requestTimeout);
    } catch (URISyntaxException e) {
      throw new DeployException(
          "not a path for a smoke test: " + path + " (" + e.getReason() + ")",
          "Set smokePath (-Drpi.smokePath) to a URL path, for example /actuator/health; write a"
              + " space as %20");
    }
  }

  /** Host and port, for messages. */
  String address() {
    int port = url.getPort() >= 0 ? url.getPort() : url.getScheme().length() == 5 ? 443 : 80;
    return url.getHost() + ":" + port;
  }

  private static String withoutUser(URI url) {
    return url.getUserInfo() == null
        ? url.toString()
        : url.toString().replace(url.getRawUserInfo() + "@", "…@");
  }

  private static DeployException bad(String url, String reason) {
    return new DeployException(
        "not a URL for a smoke test: " + url + " (" + reason + ")",
        "Set smokeUrl (-Drpi.smokeUrl) to one like http://localhost:8081/actuator/health, or set"
            + " smokePort and smokePath instead");
  }
}
