package io.github.rpideploy.deploy.spec;

import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.smoke.SmokeTest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the user has configured to prove a service good, beyond container state and health check.
 *
 * @param tests the smoke tests, all of which must pass
 * @param settle how long it must stay good after that
 */
public record SmokeSpec(List<TestSpec> tests, Duration settle) {

  /** No smoke test: container state and health check alone decide. */
  public static final SmokeSpec NONE = new SmokeSpec(List.of(), Duration.ZERO);

  /** Keeps a copy of the list. */
  public SmokeSpec {
    tests = List.copyOf(tests);
  }

  /**
   * The smoke tests of one service, completed by the ports that the compose file publishes.
   *
   * @param service its name, for messages
   * @param inComposeFile the service in the compose file
   * @param pi the host name or address by which the Pi was reached
   * @throws io.github.rpideploy.DeployException when a port is neither configured nor published by
   *     the compose file, or a test cannot be sent
   */
  public List<SmokeTest> resolve(String service, ComposeFile.Service inComposeFile, String pi) {
    return tests.stream().map(test -> test.resolve(service, inComposeFile, pi)).toList();
  }

  /** Whether any test goes through the SSH connection. */
  public boolean isTunnelled() {
    return tests.stream().anyMatch(TestSpec::isTunnelled);
  }

  /** The first configured port of a test that goes through the SSH connection, or null. */
  public @Nullable Integer port() {
    return tests.stream()
        .filter(TestSpec::isTunnelled)
        .map(TestSpec::port)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
