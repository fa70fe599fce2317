package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.deploy.spec.SmokeCheck;
import io.github.rpideploy.deploy.spec.TestSpec;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.smoke.SmokeOutcome;
import io.github.rpideploy.smoke.SmokeTest;
import io.github.rpideploy.smoke.SmokeTester;
import io.github.rpideploy.smoke.TcpTester;
import java.util.Map;

/** Asks a service what its smoke tests ask, once. */
final class SmokeRun {

  private static final int TIMED_OUT = 124;

  private final Docker docker;
  private final SmokeTester requests;
  private final TcpTester connections;

  SmokeRun(RemoteHost host, Docker docker) {
    this.docker = docker;
    this.requests = new SmokeTester(host);
    this.connections = new TcpTester(host);
  }

  /**
   * What came of it.
   *
   * @param passed whether it is as it should be
   * @param state in words, without secrets: {@code GET http://localhost/ answers 503, not 200}
   * @param said what came with it; it may hold secrets
   */
  record Outcome(boolean passed, String state, String said) {}

  /**
   * @param container the id of the service's container
   */
  Outcome of(SmokeCheck check, String container) {
    if (check instanceof SmokeCheck.Http http) {
      return request(http.test(), check.shown());
    }
    if (check instanceof SmokeCheck.Tcp tcp) {
      return connections
          .attempt(tcp.test())
          .map(none -> new Outcome(false, check.shown() + ": " + none.reason(), ""))
          .orElse(new Outcome(true, check.shown() + " accepts", ""));
    }
    String command = ((SmokeCheck.InContainer) check).command();
    ExecResult result = docker.containers().execute(container, command, TestSpec.REQUEST_TIMEOUT);
    String said = result.stdout() + result.stderr();
    if (result.ok()) {
      return new Outcome(true, check.shown() + " exits with 0", said);
    }
    return new Outcome(
        false,
        check.shown()
            + (result.exitStatus() == TIMED_OUT
                ? " does not end within " + TestSpec.REQUEST_TIMEOUT.toSeconds() + " s"
                : " exits with " + result.exitStatus() + ", not 0"),
        said);
  }

  private Outcome request(SmokeTest test, String shown) {
    SmokeOutcome outcome = requests.attempt(test);
    if (outcome instanceof SmokeOutcome.Passed passed) {
      return new Outcome(true, shown + " answered " + passed.status(), "");
    }
    if (outcome instanceof SmokeOutcome.Answered answered) {
      return new Outcome(
          false,
          shown + " answers " + answered.status() + ", not " + test.expectedStatus(),
          withoutHeaders(answered.bodyStart(), test));
    }
    if (outcome instanceof SmokeOutcome.Mismatched other) {
      return new Outcome(
          false,
          shown + " answers " + other.status() + ", but its body " + other.mismatch(),
          withoutHeaders(other.bodyStart(), test));
    }
    return new Outcome(false, shown + ": " + ((SmokeOutcome.NoAnswer) outcome).reason(), "");
  }

  /** A service may say which token it has refused. */
  private static String withoutHeaders(String body, SmokeTest test) {
    String text = body;
    for (Map.Entry<String, String> header : test.headers().entrySet()) {
      for (String word : header.getValue().split("\\s+", -1)) {
        text = word.length() > 3 ? text.replace(word, "[" + header.getKey() + "]") : text;
      }
    }
    return text;
  }
}
