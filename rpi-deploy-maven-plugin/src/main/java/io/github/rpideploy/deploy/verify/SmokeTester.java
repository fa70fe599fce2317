package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.smoke.HttpTester;
import io.github.rpideploy.smoke.SmokeOutcome;
import io.github.rpideploy.smoke.SmokeTest;
import io.github.rpideploy.smoke.TcpTester;

/** Runs smoke tests, each once: requests and connections over SSH, commands by the Engine. */
final class SmokeTester {

  /** The exit status of {@code timeout}. */
  private static final int TIMED_OUT = 124;

  private final Docker docker;
  private final HttpTester http;
  private final TcpTester tcp;

  SmokeTester(RemoteHost host, Docker docker) {
    this.docker = docker;
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
    return execute((SmokeTest.InContainer) test, container);
  }

  private SmokeOutcome execute(SmokeTest.InContainer test, String container) {
    ExecResult result = docker.containers().execute(container, test.command(), test.timeout());
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
