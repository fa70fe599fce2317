package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.spec.Strategy;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.deploy.verify.Diagnosis;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.deploy.verify.Verifier;
import io.github.rpideploy.docker.ComposeAnswer;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Units;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Replaces one service: recreates it unless it is unchanged, verifies it, and rolls it back when it
 * is not good.
 */
final class Replacer {

  private final StackContext context;
  private final Unchanged unchanged;
  private final Recreator recreator;
  private final Verifier verifier;
  private final Rollback rollback;
  private final Intents intents;

  /** The services that were found unchanged and good. */
  private final Set<String> foundGood = new HashSet<>();

  /** The containers that were made for each service that was replaced. */
  private final Map<String, List<String>> made = new HashMap<>();

  private Replacer(
      StackContext context,
      Unchanged unchanged,
      Recreator recreator,
      Verifier verifier,
      Rollback rollback,
      Intents intents) {
    this.context = context;
    this.intents = intents;
    this.unchanged = unchanged;
    this.recreator = recreator;
    this.verifier = verifier;
    this.rollback = rollback;
  }

  /**
   * One with all its parts.
   *
   * @param locked holds the deploy lock while something is replaced
   * @param longestStart how long a service took to become good before, by the history
   * @param rollouts decides how it is replaced
   * @param pause how to wait for a service
   */
  static Replacer of(
      StackContext context,
      LockedDeploy locked,
      ComposeAnswer compose,
      Rollouts rollouts,
      Function<String, Optional<Duration>> longestStart,
      Pause pause) {
    Diagnosis diagnosis = new Diagnosis(context, compose::read);
    Recreator recreator = new Recreator(context, locked.intents(), diagnosis, rollouts);
    Verifier verifier = new Verifier(context, diagnosis, longestStart, pause);
    return new Replacer(
        context,
        new Unchanged(context, verifier, rollouts),
        recreator,
        verifier,
        new Rollback(context, locked, recreator, verifier, diagnosis),
        locked.intents());
  }

  /** Tells which services need not be replaced. */
  Unchanged unchanged() {
    return unchanged;
  }

  /**
   * Lets a service run a release, by the new compose file if there is one.
   *
   * @throws DeployException when the release was not shipped or compose cannot recreate the service
   */
  void replace(ShippedRelease release) {
    String service = release.service();
    Replacement replacement = recreator.replacement(release);
    context
        .reporter()
        .report(
            new Event.ReleaseChosen(
                service, release.tag().familiar(), replacement.image(), replacement.named()));
    context.directory().upload();
    Optional<String> evidence = unchanged.evidence(replacement);
    if (evidence.isPresent()) {
      if (!replacement.now().live()) {
        recreator.name(release);
      }
      foundGood.add(service);
      intents.unchanged();
      context.reporter().report(new Event.Unchanged(service, evidence.get()));
    } else {
      unchanged
          .changedFiles(service, replacement.now())
          .ifPresent(why -> context.reporter().report(new Event.FilesChanged(service, why)));
      foundGood.remove(service);
      rollback.add(replacement);
      made.put(
          service,
          recreator.recreate(
              replacement,
              () -> {
                rollback.remove(service);
                intents.leaveToTheGuard(service);
              }));
    }
  }

  /**
   * Waits until a service is proved good, unless it was found so already.
   *
   * @throws DeployException when it is not; its log has been collected then
   */
  void verify(ShippedRelease release) {
    String service = release.service();
    if (foundGood.contains(service)) {
      return;
    }
    Replacement replacement = rollback.get(service);
    if (replacement == null) {
      verifier.verify(release);
      return;
    }
    try {
      verifier.verify(
          release,
          replacement.image(),
          replacement.proving(release.smoke()),
          Objects.requireNonNull(made.get(service)));
      settle(replacement);
    } catch (DeployException e) {
      if (!hasReplaced(service)) {
        throw new DeployException(
            service
                + " was rolled back while it was being verified, because another service failed",
            "Fix that one and deploy again",
            e);
      }
      throw e;
    }
  }

  /** The service is good, so it stays; where old containers still go on beside it, they go. */
  private void settle(Replacement replacement) {
    String service = replacement.service();
    if (replacement.beside().isEmpty()) {
      intents.settle(service, replacement.image(), true);
      return;
    }
    Strategy strategy = replacement.release().spec().policy().strategy();
    context
        .reporter()
        .report(
            new Event.Waiting(
                service,
                "good; the old container is drained for "
                    + Units.seconds(strategy.drain())
                    + " and removed",
                Duration.ZERO));
    List<String> wrong = intents.retire(replacement, replacement.image());
    rollback.add(replacement.alone());
    wrong.forEach(
        what ->
            context
                .reporter()
                .report(
                    new Event.Warning(
                        "The old container of "
                            + service
                            + " was not taken away in order: "
                            + what)));
  }

  /** Whether this build has replaced the service, and has not found it bad or rolled it back. */
  boolean hasReplaced(String service) {
    return rollback.get(service) != null;
  }

  /**
   * Rolls back what this build has replaced, as the service's policy says. Never throws.
   *
   * @param failure why the service is not good
   * @return the failure as the user is to see it
   */
  DeployException rollBackAfter(DeployException failure, String service) {
    return rollback.after(failure, service);
  }

  /** Rolls back all that this build has replaced, because of a service on another Pi. */
  DeployException rollBackAllAfter(DeployException failure, UnaryOperator<String> naming) {
    return rollback.allAfter(failure, naming);
  }
}
