package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.verify.Diagnosis;
import io.github.rpideploy.deploy.verify.Verifier;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.smoke.SmokeTest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings services that this build has replaced back to the images that ran before, each verified in
 * turn, and says what runs then.
 */
final class Rollback {

  private final Docker docker;
  private final ComposeDirectory directory;
  private final Recreator recreator;
  private final Verifier verifier;
  private final Diagnosis inquiry;
  private final Reporter reporter;
  private final InstantSource clock;

  /** What this build has replaced, in that order. */
  private final Map<String, Replacement> replaced = new LinkedHashMap<>();

  Rollback(
      Docker docker,
      ComposeDirectory directory,
      Recreator recreator,
      Verifier verifier,
      Diagnosis inquiry,
      Reporter reporter,
      InstantSource clock) {
    this.docker = docker;
    this.directory = directory;
    this.recreator = recreator;
    this.verifier = verifier;
    this.inquiry = inquiry;
    this.reporter = reporter;
    this.clock = clock;
  }

  /** A service is about to be replaced. */
  void add(Replacement replacement) {
    replaced.put(replacement.service(), replacement);
  }

  /** Whether this build has replaced the service, and has not found it bad or taken it back. */
  boolean has(String service) {
    return replaced.containsKey(service);
  }

  /**
   * Does what the failed service's policy asks for. Never throws: what cannot go back is said.
   *
   * @param failure why the service is not good
   * @return the failure as the user is to see it
   */
  DeployException after(DeployException failure, String service) {
    Replacement failed = replaced.remove(service);
    // An interrupted thread can run no command any more.
    if (failed == null || Thread.currentThread().isInterrupted()) {
      return failure;
    }
    // Others may have been replaced since: those that do not come after it.
    List<Replacement> all = new ArrayList<>(replaced.values());
    all.add(failed);
    if (failed.release().spec().policy().rollback() == Policy.Rollback.ALL) {
      replaced.clear();
    }
    return after(failure, all);
  }

  /**
   * @param replaced the last one has failed
   */
  private DeployException after(DeployException failure, List<Replacement> replaced) {
    Replacement failed = replaced.get(replaced.size() - 1);
    Policy.Rollback asked = failed.release().spec().policy().rollback();
    if (asked == Policy.Rollback.NONE) {
      return leftAsItIs(failure, failed);
    }
    int first = asked == Policy.Rollback.ALL ? 0 : replaced.size() - 1;
    List<String> said = new ArrayList<>();
    List<Replacement> goers = new ArrayList<>();
    for (int i = replaced.size() - 1; i >= first; i--) {
      Replacement replacement = replaced.get(i);
      staysBecause(replacement).ifPresentOrElse(said::add, () -> goers.add(replacement));
    }
    boolean wrong = !said.isEmpty();
    boolean logged = inquiry.hasLog(failed.service());
    try {
      boolean restored = !goers.isEmpty() && directory.restore();
      for (Replacement goer : goers) {
        Optional<String> problem = goBack(goer);
        wrong |= problem.isPresent();
        said.add(problem.orElse(goer.service() + " is back on " + goer.named() + ", verified"));
      }
      if (restored) {
        warnOfTheNewFile(replaced.subList(0, first));
      }
    } catch (DeployException e) {
      wrong = true;
      said.add(e.getMessage());
    }
    return new DeployException(
        failure.getMessage() + "\n" + String.join("\n", said),
        wrong ? failure.hint() : mended(failed, logged),
        failure);
  }

  /**
   * @param logged whether the failed container has a log: one that could not be started has none
   */
  private static String mended(Replacement failed, boolean logged) {
    return "The Pi works again. Mend "
        + failed.service()
        + " and deploy again"
        + (logged
            ? "; the log of the failed container is in " + failed.release().spec().logFile()
            : "");
  }

  private DeployException leftAsItIs(DeployException failure, Replacement failed) {
    Container before = failed.before();
    String goBack =
        before == null
            ? ""
            : "\nGo back: "
                + directory.onThePi(
                    (directory.isReplaced() ? "mv .compose.yaml.before compose.yaml; " : "")
                        + "docker tag "
                        + before.image()
                        + " "
                        + failed.release().live().familiar()
                        + " && docker compose up -d --force-recreate --no-deps "
                        + failed.service());
    return new DeployException(
        failure.getMessage()
            + "\nIt was left as it is, with image "
            + failed.release().tag().familiar()
            + "; no other service was touched by that",
        failure.hint() + goBack,
        failure);
  }

  /** Why a service cannot go back; empty when it can. */
  private Optional<String> staysBecause(Replacement replacement) {
    Container before = replacement.before();
    if (before == null) {
      return Optional.of(
          "There is nothing to go back to: "
              + replacement.service()
              + " had no container before. The new one was left for inspection, with image "
              + replacement.release().tag().familiar());
    }
    if (before.image().equals(replacement.image()) && !directory.isReplaced()) {
      return Optional.of(
          "There is nothing to go back to: "
              + replacement.service()
              + " ran the same image before, with the same compose file. It was left as it is");
    }
    return Optional.empty();
  }

  /** What went wrong; empty when the service is good again. */
  private Optional<String> goBack(Replacement replacement) {
    Container before = replacement.before();
    if (before == null) {
      return Optional.empty();
    }
    String service = replacement.service();
    reporter.report(new Event.RollingBack(service, replacement.named()));
    Instant start = clock.instant();
    String problem;
    try {
      recreator.replace(replacement.release(), before.image());
      Verifier.Verdict verdict =
          verifier.prove(
              withOwnLog(replacement.release().spec()),
              before.image(),
              smoke(replacement.release()),
              true);
      if (verdict instanceof Verifier.Verdict.Good good) {
        Duration elapsed = Duration.between(start, clock.instant());
        reporter.report(
            new Event.RolledBack(service, replacement.named(), good.evidence(), elapsed));
        return Optional.empty();
      }
      problem = "it is not good with that either: " + ((Verifier.Verdict.Bad) verdict).reason();
    } catch (DeployException e) {
      problem = e.getMessage();
    }
    reporter.report(new Event.RollbackFailed(service, replacement.named(), problem));
    return Optional.of(service + " could not go back to " + replacement.named() + ": " + problem);
  }

  /** The compose file that is back may publish another port. */
  private List<SmokeTest> smoke(ShippedRelease release) {
    return directory
        .compose()
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

  /** Services that were recreated by the compose file that has been taken back, and stay so. */
  private void warnOfTheNewFile(List<Replacement> stayed) {
    Map<String, String> hashes = directory.presentHashes();
    for (Replacement replacement : stayed) {
      String service = replacement.service();
      directory.compose().containersIfAny(service).stream()
          .findFirst()
          .flatMap(docker.containers()::inspect)
          .filter(now -> !hashes.getOrDefault(service, now.configHash()).equals(now.configHash()))
          .ifPresent(
              now ->
                  reporter.report(
                      new Event.Warning(
                          service
                              + " runs with the new compose file, which has gone back: compose"
                              + " would recreate it. -Drpi.rollback=all takes it back too")));
    }
  }
}
