package io.github.rpideploy.smoke;

import io.github.rpideploy.DeployException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One HTTP request whose answer tells whether a service is good.
 *
 * @param url {@code http} or {@code https}; with {@code tunnelled} its host is resolved on the Pi
 * @param expectedStatus the only status that passes, for example 200
 * @param tunnelled whether the request goes through the SSH connection and leaves from the Pi
 * @param requestTimeout for the whole request, from the connection to the answer
 * @param headers to send, by name; their values may be secrets
 * @param body what the body must be like, as far as its first MiB
 */
public record SmokeTest(
    URI url,
    int expectedStatus,
    boolean tunnelled,
    Duration requestTimeout,
    Map<String, String> headers,
    List<BodyMatch> body) {

  /** A header's name (RFC 9110, 5.6.2). */
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /**
   * @throws DeployException when the request cannot be meant like this
   */
  public SmokeTest {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw bad(url.toString(), "it does not start with http:// or https://");
    }
    if (url.getHost() == null
        || url.getUserInfo() != null
        || url.getPort() == 0
        || url.getPort() > 65535) {
      throw bad(url.toString(), "it needs a host, no user name, and a port from 1 to 65535 if any");
    }
    if (expectedStatus < 200 || expectedStatus > 599) {
      throw new DeployException(
          "Not an HTTP status that a smoke test could expect: " + expectedStatus,
          "Set smokeStatus (-Drpi.smokeStatus) to one from 200 to 599");
    }
    if (requestTimeout.isNegative() || requestTimeout.isZero()) {
      throw new IllegalArgumentException("a request needs time: " + requestTimeout);
    }
    headers = Map.copyOf(headers);
    body = List.copyOf(body);
    headers.forEach(SmokeTest::requireSendable);
  }

  /**
   * A test of a URL that the user gave as {@code smokeUrl}, or by {@code smokePath} and {@code
   * smokePort}.
   *
   * @throws DeployException when it is not an http or https URL
   */
  public static SmokeTest of(
      String url, int expectedStatus, boolean tunnelled, Duration requestTimeout) {
    try {
      return new SmokeTest(
          new URI(url.strip()), expectedStatus, tunnelled, requestTimeout, Map.of(), List.of());
    } catch (URISyntaxException e) {
      throw bad(url, e.getReason());
    }
  }

  /**
   * The same with headers to send.
   *
   * @throws DeployException when they cannot be sent
   */
  public SmokeTest withHeaders(Map<String, String> sent) {
    return new SmokeTest(url, expectedStatus, tunnelled, requestTimeout, sent, body);
  }

  /** The same that also looks at the body. */
  public SmokeTest withBody(List<BodyMatch> expected) {
    return new SmokeTest(url, expectedStatus, tunnelled, requestTimeout, headers, expected);
  }

  private static void requireSendable(String name, String value) {
    if (!TOKEN.matcher(name).matches() || value.chars().anyMatch(Character::isISOControl)) {
      throw new DeployException(
          "Not a header that a smoke test could send: " + name.replaceAll("\\p{Cntrl}", "?"),
          "Write smokeHeaders (-Drpi.smokeHeaders) as Name: value, one on a line");
    }
  }

  /** Host and port, for messages. */
  String address() {
    int port = url.getPort() >= 0 ? url.getPort() : url.getScheme().length() == 5 ? 443 : 80;
    return url.getHost() + ":" + port;
  }

  private static DeployException bad(String url, String reason) {
    String shown = url.replaceAll("//[^/]*@", "//…@"); // there may be a password in it
    return new DeployException(
        "Not a URL for a smoke test: " + shown + " (" + reason + ")",
        "Set smokeUrl (-Drpi.smokeUrl) to one like http://localhost:8081/actuator/health, or"
            + " smokePath (-Drpi.smokePath) to a path like /actuator/health and smokePort"
            + " (-Drpi.smokePort) to the port on the Pi");
  }
}
