package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.stack.Node;
import io.github.rpideploy.docker.Containers;
import io.github.rpideploy.docker.file.Endpoint;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.smoke.HttpTester;
import io.github.rpideploy.smoke.SmokeOutcome;
import io.github.rpideploy.smoke.SmokeTest;
import io.github.rpideploy.smoke.TcpTester;
import java.util.Optional;
import java.util.Set;

/** Runs smoke tests, each once: requests and connections over SSH, commands by the Engine. */
final class SmokeTester {

  /** The exit status of {@code timeout}. */
  private static final int TIMED_OUT = 124;

  private final RemoteHost host;
  private final Node node;
  private final HttpTester http;
  private final TcpTester tcp;

  /**
   * @param node where the container is
   */
  SmokeTester(Node node) {
    this.host = node.host();
    this.node = node;
    this.http = new HttpTester(host);
    this.tcp = new TcpTester(host);
  }

  /**
   * Makes one attempt.
   *
   * @param container the id of the service's container
   */
  SmokeOutcome attempt(SmokeTest test, String container) {
    if (test instanceof SmokeTest.Http request) {
      return http.attempt(request);
    }
    if (test instanceof SmokeTest.Tcp connection) {
      return tcp.attempt(connection);
    }
    if (test instanceof SmokeTest.OfContainer listening) {
      return whereItListens(listening, container);
    }
    return execute((SmokeTest.InContainer) test, container);
  }

  /**
   * A port of the Pi that the Engine has given to the container; else the container's own address,
   * which only the Pi reaches. Where nobody answers there, the port may be one of the Pi that
   * something in front of the container has.
   */
  private SmokeOutcome whereItListens(SmokeTest.OfContainer test, String container) {
    Optional<Containers.Listening> found = node.listening(container);
    if (found.isEmpty()) {
      return SmokeOutcome.failed(test.shown() + ": the container is gone", "");
    }
    Containers.Listening listening = found.get();
    int port = test.port() == null ? onlyPort(listening) : test.port();
    Endpoint published = listening.published().get(port);
    if (published != null) {
      String shown = published.address().getHostAddress();
      boolean local =
          !test.isTunnelled()
              || published.address().isAnyLocalAddress()
              || published.address().isLoopbackAddress();
      return attempt(test.at(local ? pi(test) : shown, published.port()), container);
    }
    if (!test.isTunnelled() || listening.addresses().isEmpty()) {
      return attempt(test.at(pi(test), port), container);
    }
    SmokeOutcome own = attempt(test.at(listening.addresses().get(0), port), container);
    return own.passed() || !own.answer().isEmpty() || test.port() == null || !test.alsoOnPi()
        ? own
        : firstPassed(attempt(test.at("localhost", port), container), own);
  }

  private static SmokeOutcome firstPassed(SmokeOutcome one, SmokeOutcome otherwise) {
    return one.passed() ? one : otherwise;
  }

  private String pi(SmokeTest.OfContainer test) {
    return test.isTunnelled() ? "localhost" : host.hostName();
  }

  private int onlyPort(Containers.Listening listening) {
    Set<Integer> ports =
        listening.published().isEmpty() ? listening.exposed() : listening.published().keySet();
    if (ports.size() == 1) {
      return ports.iterator().next();
    }
    throw new DeployException(
        "The smoke test needs a port: the container on "
            + host.name()
            + (ports.isEmpty() ? " names none" : " has several: " + ports),
        "Name the one that the service listens on in the module's POM:"
            + " <properties><rpi.smokePort>8080</rpi.smokePort></properties>");
  }

  private SmokeOutcome execute(SmokeTest.InContainer test, String container) {
    ExecResult result =
        node.docker().containers().execute(container, test.command(), test.timeout());
    if (result.ok()) {
      return SmokeOutcome.passed(test.shown() + " exits with 0");
    }
    String end =
        result.exitStatus() == TIMED_OUT
            ? " does not end within " + test.timeout().toSeconds() + " s"
            : " exits with " + result.exitStatus() + ", not 0";
    return SmokeOutcome.failed(test.shown() + end, result.stdout() + result.stderr());
  }
}
