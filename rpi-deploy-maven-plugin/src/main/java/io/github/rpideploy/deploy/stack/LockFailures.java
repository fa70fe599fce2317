package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.docker.ComposeComplaint;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.report.Event;
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
  static final int NO_TOOLS = 69;

  static final int NO_DIRECTORY = 73;
  static final int HELD = 75;

  /**
   * The script has ended without the lock.
   *
   * @param ending whether the other deploy has ended, and its guard is still at work
   * @param holder who has the lock, as far as is known
   */
  DeployException refused(
      ExecResult result, boolean ending, @Nullable String holder, LockRequest request) {
    if (result.exitStatus() == HELD && ending) {
      return new DeployException(
          "An earlier deploy to "
              + place()
              + " has ended, and the Pi is still letting go back what it was replacing",
          "Wait a minute and see: mvn rpi:status; nothing was changed");
    }
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
      case NO_TOOLS ->
          new DeployException(
              "The deploy lock cannot be taken in "
                  + place()
                  + ": flock, timeout or setsid is missing there",
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

  /** Whoever answers is not our shell. */
  DeployException tooMuch(int lines) {
    return new DeployException(
        "The deploy lock in " + place() + " says more than " + lines + " lines",
        "See on the Pi what answers in place of a shell: type -a sh flock setsid");
  }

  /** The script has ended while the lock was needed. */
  DeployException lost() {
    return new DeployException(
        "The deploy lock in "
            + place()
            + " was lost: the connection or its shell has ended, or this machine slept",
        "A service that was being replaced goes back by itself, the others run. See what runs: mvn"
            + " rpi:status; then deploy again");
  }

  /** An earlier deploy ended without a verdict, and its guard is still at work. */
  Event.Warning isEnding() {
    return new Event.Warning(
        "The last deploy to "
            + place()
            + " has ended, and what it was replacing is going back: waiting for that");
  }

  /** An earlier deploy ended without a verdict, and so did its guard. */
  Event.Warning unsettled(String services) {
    return new Event.Warning(
        "The last deploy to "
            + place()
            + " ended before "
            + services
            + (services.contains(" ") ? " were" : " was")
            + " verified: going back first");
  }

  /** The guard took a service back. */
  Event.Warning isBack(String service) {
    return new Event.Warning(service + " is back on its last verified release");
  }

  /** A release was removed, because it may have files without content. */
  Event.Warning wasTorn(String tag) {
    return new Event.Warning(
        "The Pi lost its power while "
            + tag
            + " was being loaded: it was removed, and is sent again");
  }

  /**
   * The guard could not take a service back.
   *
   * @param text the service, and why
   */
  Event.Warning isStuck(String text) {
    String[] words = text.split(" ", 2);
    return new Event.Warning(
        words[0]
            + " could not go back"
            + (words.length < 2
                ? ""
                : ": " + ComposeComplaint.lostProcess(words[1]).orElse(words[1]))
            + ". This deploy goes on; see what runs: mvn rpi:status");
  }

  private String place() {
    return directory + " on " + host;
  }
}
