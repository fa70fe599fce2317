package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.report.Units;
import org.jspecify.annotations.Nullable;

/**
 * What the user is told when the deploy lock cannot be taken, or is lost.
 *
 * @param directory the compose directory on the Pi
 * @param host how messages name the Pi
 */
record LockFailures(String directory, String host) {

  /** Exit statuses that {@code lock.sh} is given. */
  static final int NO_FLOCK = 69;

  static final int NO_DIRECTORY = 73;
  static final int HELD = 75;

  /**
   * The script has ended without the lock.
   *
   * @param holder who has the lock, as far as is known
   */
  DeployException refused(ExecResult result, @Nullable String holder, LockRequest request) {
    return switch (result.exitStatus()) {
      case HELD ->
          new DeployException(
              "Another deploy to "
                  + place()
                  + " is in progress: "
                  + (holder == null || holder.isBlank() ? "by someone unknown" : holder)
                  + (request.patience().isZero()
                      ? ""
                      : "; waited " + Units.seconds(request.patience()) + " for it"),
              "Wait longer for it: -Drpi.lockTimeout=10m; nothing was changed");
      case NO_FLOCK ->
          new DeployException(
              "The deploy lock cannot be taken in "
                  + place()
                  + ": flock or timeout is missing there",
              "Install them: sudo apt install util-linux coreutils; nothing was changed");
      case NO_DIRECTORY ->
          new DeployException(
              "The directory " + place() + " cannot be created or written to: " + result.describe(),
              "Choose one that the user may write to: -Drpi.directory=rpi/my-services (relative to"
                  + " the home directory)");
      default ->
          new DeployException(
              "The deploy lock cannot be taken in " + place() + ": " + result.describe(),
              "Nothing was changed");
    };
  }

  /** The script has not printed anything in time. */
  DeployException noAnswer(String file) {
    return new DeployException(
        "The deploy lock in " + place() + " cannot be taken: no answer",
        "Check it on the Pi: ls -l " + directory + "/" + file + "; nothing was changed");
  }

  /** The script has ended while the lock was needed. */
  DeployException lost() {
    return new DeployException(
        "The deploy lock in "
            + place()
            + " was lost: the connection or its shell has ended, or this machine slept",
        "Deploy again; the services replaced so far are running");
  }

  private String place() {
    return directory + " on " + host;
  }
}
