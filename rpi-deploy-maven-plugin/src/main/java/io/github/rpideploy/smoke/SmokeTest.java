package io.github.rpideploy.smoke;

import io.github.rpideploy.DeployException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One question whose answer tells whether a service is good. */
public sealed interface SmokeTest {

  /** How messages name it, without secrets: {@code GET http://localhost:8081/health}. */
  String shown();

  /**
   * A GET request of a URL that the user gave as {@code smokeUrl}, or as {@code smokePath} and
   * {@code smokePort}.
   *
   * @throws DeployException when it is not an http or https URL
   */
  static Http http(String url, int expectedStatus, boolean tunnelled, Duration timeout) {
    try {
      return new Http(
          new URI(url.strip()), expectedStatus, tunnelled, timeout, Map.of(), List.of());
    } catch (URISyntaxException e) {
      throw Http.bad(url, e.getReason());
    }
  }

  /**
   * An HTTP GET request.
   *
   * @param url {@code http} or {@code https}; if {@code tunnelled}, the Pi resolves its host
   * @param expectedStatus the only status that passes, for example 200
   * @param tunnelled whether the request goes through the SSH connection and leaves from the Pi
   * @param timeout for the whole request, from the connection to the answer
   * @param headers to send, by name; their values may be secrets
   * @param body what the body must be like; only its first MiB counts
   */
  record Http(
      URI url,
      int expectedStatus,
      boolean tunnelled,
      Duration timeout,
      Map<String, String> headers,
      List<BodyMatch> body)
      implements SmokeTest {

    /** A header's name (RFC 9110, 5.6.2). */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /**
     * @throws DeployException when such a request cannot be sent, or its answer cannot pass
     */
    public Http {
      String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      if (!scheme.equals("http") && !scheme.equals("https")) {
        throw bad(url.toString(), "it does not start with http:// or https://");
      }
      if (url.getHost() == null
          || url.getUserInfo() != null
          || url.getPort() == 0
          || url.getPort() > 65535) {
        throw bad(
            url.toString(), "it needs a host, no user name, and a port from 1 to 65535 if any");
      }
      if (expectedStatus < 200 || expectedStatus > 599) {
        throw new DeployException(
            "A smoke test cannot expect HTTP status " + expectedStatus,
            "Set smokeStatus (-Drpi.smokeStatus) to one from 200 to 599");
      }
      if (timeout.isNegative() || timeout.isZero()) {
        throw new IllegalArgumentException("a request needs time: " + timeout);
      }
      headers = Map.copyOf(headers);
      body = List.copyOf(body);
      headers.forEach(Http::requireSendable);
    }

    /**
     * The same with headers to send.
     *
     * @throws DeployException when they cannot be sent
     */
    public Http withHeaders(Map<String, String> sent) {
      return new Http(url, expectedStatus, tunnelled, timeout, sent, body);
    }

    /** The same that also checks the body. */
    public Http withBody(List<BodyMatch> expected) {
      return new Http(url, expectedStatus, tunnelled, timeout, headers, expected);
    }

    @Override
    public String shown() {
      return "GET " + url;
    }

    /** Host and port, for messages. */
    String address() {
      int port = url.getPort() >= 0 ? url.getPort() : url.getScheme().length() == 5 ? 443 : 80;
      return url.getHost() + ":" + port;
    }

    private static void requireSendable(String name, String value) {
      if (!TOKEN.matcher(name).matches() || value.chars().anyMatch(Character::isISOControl)) {
        throw new DeployException(
            "A smoke test cannot send this header: " + name.replaceAll("\\p{Cntrl}", "?"),
            "Write smokeHeaders (-Drpi.smokeHeaders) as Name: value, one per line");
      }
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

  /**
   * A TCP connection that must be accepted, and stay open for a moment: Docker's own proxy accepts
   * for a container in which nothing listens, and closes the connection.
   *
   * @param host if {@code tunnelled}, the Pi resolves it
   * @param port from 1 to 65535
   * @param tunnelled whether the connection goes through the SSH connection and leaves from the Pi
   * @param timeout to connect
   */
  record Tcp(String host, int port, boolean tunnelled, Duration timeout) implements SmokeTest {

    /**
     * @throws DeployException when there is no such port
     */
    public Tcp {
      if (port < 1 || port > 65535) {
        throw new DeployException(
            "Not a TCP port: " + port,
            "Set smokeTcp (-Drpi.smokeTcp) to a port from 1 to 65535, or to host:port");
      }
    }

    @Override
    public String shown() {
      return "TCP " + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * A request or a connection to the port on which a container listens. Which one of the Pi leads
   * there is known only once the container runs: the Engine may have chosen it, or there is none.
   *
   * @param test with a port of no meaning
   * @param port that the container listens on; null when it has only one
   * @param alsoOnPi whether the same port of the Pi is tried where the container does not answer
   */
  record OfContainer(SmokeTest test, @Nullable Integer port, boolean alsoOnPi)
      implements SmokeTest {

    /** The same of this container, and no other that may answer on the Pi. */
    public OfContainer alone() {
      return new OfContainer(test, port, false);
    }

    /** The test, sent there. */
    public SmokeTest at(String host, int there) {
      String bracketed = host.contains(":") ? "[" + host + "]" : host;
      if (test instanceof Http http) {
        URI url = http.url();
        String path = url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        return http(
                url.getScheme() + "://" + bracketed + ":" + there + path,
                http.expectedStatus(),
                http.tunnelled(),
                http.timeout())
            .withHeaders(http.headers())
            .withBody(http.body());
      }
      return test instanceof Tcp tcp ? new Tcp(host, there, tcp.tunnelled(), tcp.timeout()) : test;
    }

    /** Whether it goes through the SSH connection. */
    public boolean isTunnelled() {
      return test instanceof Http http
          ? http.tunnelled()
          : test instanceof Tcp tcp && tcp.tunnelled();
    }

    @Override
    public String shown() {
      String where = port == null ? "where it listens" : "port " + port + " of the container";
      return test instanceof Http http
          ? "GET " + http.url().getRawPath() + " (" + where + ")"
          : "TCP " + where;
    }
  }

  /**
   * A command line for the shell of the container, which must exit with 0.
   *
   * @param timeout for the whole command
   */
  record InContainer(String command, Duration timeout) implements SmokeTest {

    @Override
    public String shown() {
      // Only the program: what follows may be a password, and so may an assignment before it.
      String program = command.split("\\s", 2)[0];
      return "command " + (program.contains("=") ? "" : program + " ") + "in the container";
    }
  }
}
