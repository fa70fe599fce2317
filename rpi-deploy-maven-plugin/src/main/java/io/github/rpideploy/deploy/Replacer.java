package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.verify.Verifier;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces one service: leaves it alone when it is what it is to be already, and otherwise
 * recreates it, verifies it, and takes it back when it is not good.
 */
final class Replacer {

  private final ComposeDirectory directory;
  private final Unchanged asItIs;
  private final Recreator recreator;
  private final Verifier verifier;
  private final Rollback wayBack;
  private final Reporter reporter;

  /** The services that were found good as they were. */
  private final Set<String> unchanged = new HashSet<>();

  Replacer(
      ComposeDirectory directory,
      Unchanged asItIs,
      Recreator recreator,
      Verifier verifier,
      Rollback wayBack,
      Reporter reporter) {
    this.directory = directory;
    this.asItIs = asItIs;
    this.recreator = recreator;
    this.verifier = verifier;
    this.wayBack = wayBack;
    this.reporter = reporter;
  }

  /**
   * Lets a service run a release, by the new compose file if there is one.
   *
   * @throws DeployException when the release was not shipped or compose cannot recreate the service
   */
  void replace(ShippedRelease release) {
    Replacement replacement = recreator.look(release);
    reporter.report(
        new Event.ReleaseChosen(
            release.service(), release.tag().familiar(), replacement.image(), replacement.named()));
    directory.upload();
    Optional<String> evidence = asItIs.evidence(replacement);
    if (evidence.isPresent()) {
      recreator.name(release);
      unchanged.add(release.service());
      reporter.report(new Event.Unchanged(release.service(), evidence.get()));
    } else {
      wayBack.add(replacement);
      recreator.recreate(release);
    }
  }

  /**
   * Waits until a service is proved good, unless it was found so already.
   *
   * @throws DeployException when it is not; its log has been collected then
   */
  void verify(ShippedRelease release) {
    String service = release.service();
    if (unchanged.contains(service)) {
      return;
    }
    boolean replaced = hasReplaced(service);
    try {
      verifier.verify(release, replaced);
    } catch (DeployException e) {
      if (replaced && !hasReplaced(service)) {
        throw new DeployException(
            service
                + " went back to what ran before while it was being verified, because another"
                + " service failed",
            "Mend that one and deploy again",
            e);
      }
      throw e;
    }
  }

  /** Whether this build has replaced the service, and has not found it bad or taken it back. */
  boolean hasReplaced(String service) {
    return wayBack.has(service);
  }

  /**
   * Takes back what this build has replaced, as far as the service's policy asks for it.
   *
   * @param failure why the service is not good
   * @return the failure as the user is to see it
   */
  DeployException after(DeployException failure, String service) {
    return wayBack.after(failure, service);
  }
}
