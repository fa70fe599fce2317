package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.stack.Orchestrator;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.deploy.verify.Verifier;
import io.github.rpideploy.docker.ServiceNow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells whether a service already runs what it should, so that it need not be recreated. */
final class Unchanged {

  /** So many names of files are a reason; more are a number. */
  private static final int MOST_PATHS = 3;

  private final ComposeDirectory directory;
  private final Orchestrator orchestrator;
  private final Verifier verifier;
  private final Rollouts rollouts;
  private @Nullable Map<String, String> hashes;

  Unchanged(StackContext context, Verifier verifier, Rollouts rollouts) {
    this.directory = context.directory();
    this.orchestrator = context.orchestrator();
    this.verifier = verifier;
    this.rollouts = rollouts;
  }

  /**
   * Why a service need not be recreated: its containers run this very image, were created from what
   * the compose file says now, are not too many, and are good. Empty when it must be, or when the
   * user wants it recreated anyway.
   */
  Optional<String> evidence(Replacement replacement) {
    ServiceNow now = replacement.now();
    if (now.containers().isEmpty()
        || !run(replacement.image(), now)
        || replacement.release().spec().policy().force()
        || changedFiles(replacement.service(), now).isPresent()
        || !isByTheFile(replacement.service(), now)
        || tooMany(replacement.release(), now).isPresent()) {
      return Optional.empty();
    }
    return verifier.checkOnce(now.containers(), replacement.image(), replacement.release().smoke());
  }

  /**
   * Why a service must be recreated because of the files that its containers see: they have changed
   * since, or may have.
   */
  Optional<String> changedFiles(String service, ServiceNow now) {
    List<String> changed = directory.changedFiles(service, now.files());
    if (now.containers().isEmpty() || changed.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        now.files() == null
            ? "because it is not known whether " + some(changed) + " changed since it was made"
            : because(changed));
  }

  /** The same for all files of which compose would make it anew; nothing is uploaded yet. */
  Optional<String> changedFilesBefore(String service, ServiceNow now) {
    List<String> lacking = directory.lackingFiles(service);
    return lacking.isEmpty() ? changedFiles(service, now) : Optional.of(because(lacking));
  }

  private static String because(List<String> paths) {
    return "because " + some(paths) + (paths.size() == 1 ? " has changed" : " have changed");
  }

  private static String some(List<String> paths) {
    return paths.size() <= MOST_PATHS
        ? String.join(", ", paths)
        : paths.get(0) + " and " + (paths.size() - 1) + " more files";
  }

  /** Whether each of the containers runs an image with this id. */
  static boolean run(String image, ServiceNow now) {
    return now.containers().stream().allMatch(container -> container.image().equals(image));
  }

  /**
   * Why a service that is rolled out must be replaced although nothing has changed: the Pi lost its
   * power in a rollout of the same image, when the old containers had not been removed yet.
   */
  Optional<String> tooMany(ShippedRelease release, ServiceNow now) {
    int wanted = rollouts.isRolledOut(release) ? rollouts.replicas(release.service()) : 0;
    int there = now.containers().size();
    return wanted == 0 || there <= wanted
        ? Optional.empty()
        : Optional.of("it has " + there + " containers instead of " + wanted);
  }

  /** Whether compose created the containers from what its file says now, as far as it can tell. */
  boolean isByTheFile(String service, ServiceNow now) {
    Map<String, String> known = hashes();
    if (!known.containsKey(service) && !now.containers().isEmpty()) {
      orchestrator.digest(service).ifPresent(hash -> known.put(service, hash));
    }
    return now.isMadeOf(known.get(service));
  }

  private Map<String, String> hashes() {
    if (hashes == null) {
      hashes = orchestrator.digests();
    }
    return hashes;
  }
}
