package io.github.rpideploy.deploy.spec;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.smoke.BodyMatch;
import io.github.rpideploy.smoke.SmokeTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the user has configured for one smoke test; the compose file may add the port. */
public sealed interface TestSpec {

  /** The limit of one attempt; attempts are repeated until the service's own timeout. */
  Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(10);

  /** The test to run, completed as {@link SmokeSpec#resolve} describes. */
  SmokeTest resolve(String service, ComposeFile.Service inComposeFile, String pi);

  /** Whether it goes through the SSH connection. */
  boolean isTunnelled();

  /** The port on the Pi, if it is configured. */
  @Nullable Integer port();

  /**
   * An HTTP request.
   *
   * @param url the whole URL, or null to use path and port
   * @param path the path of the URL, if there is no {@code url}
   * @param port the port on the Pi, or null for the one that the compose file publishes
   * @param status the expected HTTP status
   * @param direct whether this machine sends it itself instead of through the SSH connection
   * @param headers to send, by name
   * @param body what the body of the answer must be like
   */
  record Http(
      @Nullable String url,
      String path,
      @Nullable Integer port,
      int status,
      boolean direct,
      Map<String, String> headers,
      List<BodyMatch> body)
      implements TestSpec {

    /** Keeps copies. */
    public Http {
      headers = Map.copyOf(headers);
      body = List.copyOf(body);
    }

    @Override
    public SmokeTest resolve(String service, ComposeFile.Service inComposeFile, String pi) {
      if (url != null) {
        return request(url);
      }
      List<Integer> published = inComposeFile.publishedPorts();
      if (port == null ? published.isEmpty() : !published.contains(port)) {
        // The Engine knows it once the container runs.
        return new SmokeTest.OfContainer(request(ofPath(pi, port == null ? 80 : port)), port, true);
      }
      return request(ofPath(pi, port == null ? onlyOne(service, published) : port));
    }

    private SmokeTest request(String whole) {
      return SmokeTest.http(whole, status, !direct, ATTEMPT_TIMEOUT)
          .withHeaders(headers)
          .withBody(body);
    }

    private String ofPath(String pi, int there) {
      String host = direct ? pi : "localhost";
      String bracketed = host.contains(":") ? "[" + host + "]" : host;
      return "http://" + bracketed + ":" + there + (path.startsWith("/") ? path : "/" + path);
    }

    @Override
    public boolean isTunnelled() {
      return !direct;
    }

    private static int onlyOne(String service, List<Integer> published) {
      if (published.size() == 1) {
        return published.get(0);
      }
      throw new DeployException(
          "The smoke test of "
              + service
              + " needs a port: the compose file publishes several for it: "
              + published,
          "Name it in the module's POM:"
              + " <properties><rpi.smokePort>8080</rpi.smokePort></properties>; to publish one to"
              + " the Pi only, in the compose file: ports: [\"127.0.0.1:8080:8080\"]");
    }
  }

  /**
   * A TCP connection.
   *
   * @param host the host to connect to; null for the Pi
   * @param port the port on that host
   * @param direct whether this machine connects itself instead of through the SSH connection
   */
  record Tcp(@Nullable String host, Integer port, boolean direct) implements TestSpec {

    @Override
    public SmokeTest resolve(String service, ComposeFile.Service inComposeFile, String pi) {
      String there = host == null ? (direct ? pi : "localhost") : host;
      SmokeTest test = new SmokeTest.Tcp(there, port, !direct, ATTEMPT_TIMEOUT);
      return host != null || inComposeFile.publishedPorts().contains(port)
          ? test
          : new SmokeTest.OfContainer(test, port, true);
    }

    @Override
    public boolean isTunnelled() {
      return !direct;
    }
  }

  /**
   * A command line for the shell of the container.
   *
   * @param command the command line, which must exit with 0
   */
  record InContainer(String command) implements TestSpec {

    @Override
    public SmokeTest resolve(String service, ComposeFile.Service inComposeFile, String pi) {
      return new SmokeTest.InContainer(command, ATTEMPT_TIMEOUT);
    }

    @Override
    public boolean isTunnelled() {
      return false;
    }

    @Override
    public @Nullable Integer port() {
      return null;
    }
  }
}
