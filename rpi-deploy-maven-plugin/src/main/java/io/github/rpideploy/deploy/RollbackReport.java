package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.stack.Orchestrator;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * What a rollback tells: events while it is under way, and lines for the failure that led to it.
 */
final class RollbackReport {

  private final Reporter reporter;
  private final List<String> lines = new ArrayList<>();
  private boolean complete = true;

  RollbackReport(Reporter reporter) {
    this.reporter = reporter;
  }

  /** A service is back. */
  void good(String line) {
    lines.add(line);
  }

  /** Something did not go back. */
  void bad(String line) {
    lines.add(line);
    complete = false;
  }

  /** Reports an event; a reporter that breaks keeps nothing from going back. */
  void report(Event event) {
    try {
      reporter.report(event);
    } catch (RuntimeException e) {
      String line = "The report of this rollback has gaps: " + reason(e);
      if (!lines.contains(line)) {
        lines.add(line);
      }
    }
  }

  /** Whether everything is back. */
  boolean isComplete() {
    return complete;
  }

  /** What it has come to. */
  String text() {
    return String.join("\n", lines);
  }

  /** How a failure is told. */
  static String reason(RuntimeException e) {
    return e instanceof DeployException known ? known.getMessage() : e.toString();
  }

  /** What becomes of a service that was replaced, when nobody tells the guard that it is good. */
  static String promise(Replacement replacement) {
    Replacement.Back back = replacement.back();
    return replacement.release().spec().policy().rollback() == Policy.Rollback.NONE || back == null
        ? "It was left as it is"
        : "The Pi lets it go back to " + back.name() + " by itself";
  }

  /** Nobody here can change the Pi any more, but the guard there knows how to go back. */
  static DeployException goesBackByItself(DeployException failure, Replacement failed) {
    return new DeployException(
        failure.getMessage()
            + "\n"
            + failed.service()
            + " was not confirmed before the Pi was lost. "
            + promise(failed),
        "See what runs: mvn rpi:status; then deploy again",
        failure);
  }

  /** A service that ran nothing before. Perhaps nothing was made of it. */
  static String nothingBefore(Replacement failed, Orchestrator orchestrator) {
    return "There is nothing to go back to: "
        + failed.service()
        + " had no container before"
        + (hasContainer(failed.service(), orchestrator)
            ? ". The new one was left for inspection, with image "
                + failed.release().tag().familiar()
            : ", and has none now");
  }

  private static boolean hasContainer(String service, Orchestrator orchestrator) {
    try {
      return !orchestrator.containersIfAny(service).isEmpty();
    } catch (RuntimeException e) {
      // Why it is not good is told all the same.
      return true;
    }
  }

  /**
   * What to do when everything else is back.
   *
   * @param logged whether the failed container has a log; one that could not be started has none
   */
  static String worksAgain(Replacement failed, boolean logged) {
    return "The Pi works again. Fix "
        + failed.service()
        + " and deploy again"
        + (logged
            ? "; the log of the failed container is in " + failed.release().spec().logFile()
            : "");
  }

  /** The failed service stays, because its policy says so. */
  static DeployException leftAsItIs(
      DeployException failure, Replacement failed, ComposeDirectory directory) {
    Replacement.Back back = failed.back();
    String goBack =
        back == null
            ? ""
            : "\nGo back: "
                + directory.onThePi(
                    directory.restoring()
                        + "docker tag "
                        + back.image()
                        + " "
                        + failed.release().live().familiar()
                        + " && docker compose up -d --force-recreate --no-deps "
                        + failed.service());
    return new DeployException(
        failure.getMessage()
            + "\nIt was left as it is, with image "
            + failed.release().tag().familiar()
            + "; no other service was touched",
        failure.hint() + goBack,
        failure);
  }

  /** Only for how long it took; a clock that breaks keeps nothing from going back. */
  static Instant now(InstantSource clock) {
    try {
      return clock.instant();
    } catch (RuntimeException e) {
      return Instant.EPOCH;
    }
  }
}
