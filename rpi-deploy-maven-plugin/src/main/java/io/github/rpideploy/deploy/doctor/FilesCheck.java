package io.github.rpideploy.deploy.doctor;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.stack.LocalStack;
import io.github.rpideploy.docker.ExaminationResult;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.report.Check;
import io.github.rpideploy.report.Units;
import org.jspecify.annotations.Nullable;

/** Checks the files that go along with the compose file. */
final class FilesCheck {

  static final String NAME = "files";

  private final LocalStack local;
  private final long limit;
  private final @Nullable DeployException failure;

  private FilesCheck(LocalStack local, long limit, @Nullable DeployException failure) {
    this.local = local;
    this.limit = limit;
    this.failure = failure;
  }

  /**
   * Reads them.
   *
   * @throws DeployException when the compose file cannot be read
   */
  static FilesCheck of(Stack stack) {
    long limit = stack.files().limit();
    LocalStack alone = LocalStack.withoutFiles(stack);
    try {
      return new FilesCheck(LocalStack.of(stack), limit, null);
    } catch (DeployException e) {
      return new FilesCheck(alone, limit, e);
    }
  }

  /** What compose on the Pi is to read. */
  Probe.@Nullable Given given() {
    return local.given();
  }

  /** Whether {@link #given} has all that compose reads. */
  boolean isComplete() {
    return failure == null;
  }

  Check check(ExaminationResult result, String host) {
    if (failure != null) {
      return Check.fail(NAME, failure.getMessage(), failure.hint());
    }
    try {
      local.requireNoConflict(result.files(), host);
    } catch (DeployException e) {
      return Check.fail(NAME, e.getMessage(), e.hint());
    }
    String finding =
        local.count() == 0
            ? "none go along with the compose file"
            : "%s, %s of at most %s (rpi.filesLimit)"
                .formatted(
                    Units.count(local.count(), "file"),
                    Units.bytes(local.bytes()),
                    Units.bytes(limit));
    return local.told().isEmpty()
        ? Check.pass(NAME, finding)
        : Check.warn(NAME, finding + "\n" + String.join("\n", local.told()), "");
  }
}
