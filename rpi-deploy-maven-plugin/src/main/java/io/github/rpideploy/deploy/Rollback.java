package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Replacement.Back;
import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.deploy.verify.Diagnosis;
import io.github.rpideploy.deploy.verify.Verifier;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.smoke.SmokeTest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings services that this build has replaced back to the images that ran before, each verified in
 * turn, and says what runs then.
 *
 * <p>Nothing that breaks on the way ends it: whatever goes wrong with one service, the next one is
 * still taken back, and the user still hears why the deploy failed.
 */
final class Rollback {

  /** How long the end of a connection may take to be noticed. */
  private static final Duration LOSS = Duration.ofMillis(500);

  private final StackContext context;
  private final LockedDeploy locked;
  private final ComposeDirectory directory;
  private final Recreator recreator;
  private final Verifier verifier;
  private final Diagnosis diagnosis;

  /** What this build has replaced, in that order. */
  private final Map<String, Replacement> replaced = new LinkedHashMap<>();

  Rollback(
      StackContext context,
      LockedDeploy locked,
      Recreator recreator,
      Verifier verifier,
      Diagnosis diagnosis) {
    this.context = context;
    this.locked = locked;
    this.directory = context.directory();
    this.recreator = recreator;
    this.verifier = verifier;
    this.diagnosis = diagnosis;
  }

  /** A service is about to be replaced. */
  void add(Replacement replacement) {
    replaced.put(replacement.service(), replacement);
  }

  /** The service was not touched after all. */
  void remove(String service) {
    replaced.remove(service);
  }

  /** How this build has replaced the service; null when it has not, or it was bad or went back. */
  @Nullable Replacement get(String service) {
    return replaced.get(service);
  }

  /**
   * Does what the failed service's policy says. Never throws: what goes wrong is added to the
   * failure.
   *
   * @param failure why the service is not good
   * @return the failure as the user is to see it
   */
  DeployException after(DeployException failure, String service) {
    Replacement failed = replaced.remove(service);
    // An interrupted thread cannot run a command any more.
    if (failed == null || Thread.currentThread().isInterrupted()) {
      return failure;
    }
    if (locked.isLostWithin(Duration.ZERO)) {
      replaced.clear();
      return RollbackReport.goesBackByItself(failure, failed);
    }
    // Services may have been replaced after it: those that need not wait for it.
    List<Replacement> others = new ArrayList<>(replaced.values());
    return switch (failed.release().spec().policy().rollback()) {
      case NONE -> RollbackReport.leftAsItIs(failure, failed, directory);
      case SERVICE -> takeBack(failure, failed, List.of(), others);
      case ALL -> {
        replaced.clear();
        yield takeBack(failure, failed, others, List.of());
      }
    };
  }

  /**
   * Takes back all that this build has replaced, because a service on another Pi is not good. Never
   * throws.
   *
   * @param naming says on which Pi a line of text is
   * @return the failure as the user is to see it
   */
  DeployException allAfter(DeployException failure, UnaryOperator<String> naming) {
    List<Replacement> all = new ArrayList<>(replaced.values());
    replaced.clear();
    if (all.isEmpty() || Thread.currentThread().isInterrupted()) {
      return failure;
    }
    Collections.reverse(all);
    if (locked.isLostWithin(Duration.ZERO)) {
      return RollbackReport.goesBackByItself(failure, all.get(0));
    }
    RollbackReport report = new RollbackReport(context.reporter());
    takeBack(all, List.of(), report);
    String told = report.text().lines().map(naming).collect(Collectors.joining("\n"));
    return new DeployException(failure.getMessage() + "\n" + told, failure.hint(), failure);
  }

  /**
   * @param others what goes back with the failed service, in the order in which it was replaced
   * @param staying what stays as it is
   */
  private DeployException takeBack(
      DeployException failure,
      Replacement failed,
      List<Replacement> others,
      List<Replacement> staying) {
    RollbackReport report = new RollbackReport(context.reporter());
    // Asked before services go back: that may collect logs too.
    boolean logged = diagnosis.hasLog(failed.service());
    if (!takeBack(lastFirst(failed, others), staying, report)) {
      return RollbackReport.goesBackByItself(failure, failed);
    }
    return new DeployException(
        failure.getMessage() + "\n" + report.text(),
        report.isComplete() ? RollbackReport.worksAgain(failed, logged) : failure.hint(),
        failure);
  }

  /**
   * @param all what goes back, in that order
   * @return whether the Pi was there to the end; otherwise the guard goes back
   */
  private boolean takeBack(
      List<Replacement> all, List<Replacement> staying, RollbackReport report) {
    List<Replacement> goers = new ArrayList<>();
    for (Replacement replacement : all) {
      whyItStays(replacement).ifPresentOrElse(report::bad, () -> goers.add(replacement));
    }
    boolean restored = !goers.isEmpty() && restoreFile(report);
    boolean broken = false;
    for (Replacement goer : goers) {
      broken |= !goBack(goer, Objects.requireNonNull(goer.back()), report);
    }
    if (broken && locked.isLostWithin(LOSS)) {
      return false;
    }
    if (restored) {
      warnOfTheNewFile(staying, report);
    }
    return true;
  }

  private static List<Replacement> lastFirst(Replacement failed, List<Replacement> others) {
    List<Replacement> all = new ArrayList<>(List.of(failed));
    others.forEach(other -> all.add(1, other));
    return all;
  }

  /** Why a service cannot go back; empty when it can. */
  private Optional<String> whyItStays(Replacement replacement) {
    Back back = replacement.back();
    if (back == null) {
      return Optional.of(RollbackReport.nothingBefore(replacement, context.orchestrator()));
    }
    boolean changed = !back.image().equals(replacement.image()) || directory.isReplaced();
    if (!changed && replacement.beside().isEmpty()) {
      return Optional.of(
          "There is nothing to go back to: "
              + replacement.service()
              + " ran the same image before, with the same compose file. It was left as it is");
    }
    return Optional.empty();
  }

  /** Services still go back when this fails: their old images may be good with the new file too. */
  private boolean restoreFile(RollbackReport report) {
    try {
      return directory.restore();
    } catch (RuntimeException e) {
      report.bad(RollbackReport.reason(e));
      return false;
    }
  }

  /** Returns whether it came to a verdict, good or bad. */
  private boolean goBack(Replacement replacement, Back back, RollbackReport report) {
    String service = replacement.service();
    report.report(new Event.RollingBack(service, back.name()));
    Instant start = RollbackReport.now(context.clock());
    boolean judged = false;
    String problem;
    try {
      Verifier.Verdict verdict = replaceAndProve(replacement, back);
      if (verdict instanceof Verifier.Verdict.Good good) {
        locked.intents().settle(service, back.image(), false);
        report.good(service + " is back on " + back.name() + ", verified");
        Duration elapsed = Duration.between(start, RollbackReport.now(context.clock()));
        report.report(new Event.RolledBack(service, back.name(), good.evidence(), elapsed));
        return true;
      }
      judged = true;
      problem = "it is not good with that either: " + ((Verifier.Verdict.Bad) verdict).reason();
    } catch (RuntimeException e) {
      problem = RollbackReport.reason(e);
    }
    String more = "";
    if (!judged) {
      // A release that is not good either would not be any better at a second try.
      locked.intents().leaveToTheGuard(service);
      more = ". The Pi tries it once more by itself";
    }
    report.bad(service + " could not go back to " + back.name() + ": " + problem + more);
    report.report(new Event.RollbackFailed(service, back.name(), problem));
    return judged;
  }

  private Verifier.Verdict replaceAndProve(Replacement replacement, Back back) {
    List<String> containers = recreator.goBack(replacement, back);
    return verifier.prove(
        withOwnLog(replacement.release().spec()),
        back.image(),
        replacement.proving(smoke(replacement.release())),
        !containers.equals(replacement.beside()),
        containers);
  }

  /** The compose file that is back may publish another port. */
  private List<SmokeTest> smoke(ShippedRelease release) {
    return directory
        .present()
        .flatMap(file -> file.service(release.service()))
        .map(
            there -> release.spec().smoke().resolve(release.service(), there, directory.hostName()))
        .orElse(release.smoke());
  }

  private static ServiceSpec withOwnLog(ServiceSpec spec) {
    Path file = spec.logFile();
    return spec.withLogFile(file.resolveSibling(spec.service() + ".rollback.log"));
  }

  /**
   * @param stayed what was recreated by the compose file that has gone back, and stays so
   */
  private void warnOfTheNewFile(List<Replacement> stayed, RollbackReport report) {
    try {
      Map<String, String> hashes = context.orchestrator().digests();
      for (Replacement replacement : stayed) {
        if (isOfAnotherFile(replacement.release(), hashes)) {
          report.report(
              new Event.Warning(
                  replacement.service()
                      + " runs with the new compose file, but the old one is back: the next docker"
                      + " compose up would recreate it. -Drpi.rollback=all takes it back too"));
        }
      }
    } catch (RuntimeException e) {
      report.report(
          new Event.Warning(
              "Whether other services run with the new compose file is not known: "
                  + RollbackReport.reason(e)));
    }
  }

  private boolean isOfAnotherFile(ShippedRelease stayed, Map<String, String> hashes) {
    String hash = hashes.get(stayed.service());
    return hash != null && !Recreator.now(context.orchestrator(), stayed).isMadeOf(hash);
  }
}
