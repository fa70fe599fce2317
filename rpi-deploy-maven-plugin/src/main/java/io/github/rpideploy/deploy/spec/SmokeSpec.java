package io.github.rpideploy.deploy.spec;

import io.github.rpideploy.docker.ComposeFile;
import io.github.rpideploy.smoke.SmokeTest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the user says about how a service is proved good, beyond container state and health check.
 *
 * @param tests all of which must pass
 * @param settle for how long it must stay good
 */
public record SmokeSpec(List<TestSpec> tests, Duration settle) {

  /** No smoke test: container state and health check alone decide. */
  public static final SmokeSpec NONE = new SmokeSpec(List.of(), Duration.ZERO);

  /** Keeps a copy of the list. */
  public SmokeSpec {
    tests = List.copyOf(tests);
  }

  /**
   * The checks of one service, with what the compose file says of its ports.
   *
   * @param service its name, for messages
   * @param inComposeFile the service in the compose file
   * @param pi the host name or address by which the Pi was reached
   * @throws io.github.rpideploy.DeployException when the port is neither given nor to be had from
   *     the compose file, or a test makes no sense
   */
  public List<SmokeTest> resolve(String service, ComposeFile.Service inComposeFile, String pi) {
    return tests.stream().map(test -> test.resolve(service, inComposeFile, pi)).toList();
  }

  /** Whether a test goes through the SSH connection. */
  public boolean isTunnelled() {
    return tests.stream().anyMatch(TestSpec::isTunnelled);
  }

  /** The port of the first test that goes through the SSH connection; null when none says it. */
  public @Nullable Integer port() {
    return tests.stream()
        .filter(TestSpec::isTunnelled)
        .map(TestSpec::port)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
