package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.verify.Verifier;
import io.github.rpideploy.docker.ServiceNow;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells whether a service already runs what it should, so that it need not be recreated. */
final class Unchanged {

  private final ComposeDirectory directory;
  private final Verifier verifier;
  private @Nullable Map<String, String> hashes;

  Unchanged(ComposeDirectory directory, Verifier verifier) {
    this.directory = directory;
    this.verifier = verifier;
  }

  /**
   * Why a service need not be recreated: its containers run this very image, were created from what
   * the compose file says now, and are good. Empty when it must be, or when the user wants it
   * recreated anyway.
   */
  Optional<String> evidence(Replacement replacement) {
    ServiceNow now = replacement.now();
    if (now.containers().isEmpty()
        || !run(replacement.image(), now)
        || replacement.release().spec().policy().force()
        || !isByTheFile(replacement.service(), now)) {
      return Optional.empty();
    }
    return verifier.checkOnce(now.containers(), replacement.image(), replacement.release().smoke());
  }

  /** Whether each of the containers runs an image with this id. */
  static boolean run(String image, ServiceNow now) {
    return now.containers().stream().allMatch(container -> container.image().equals(image));
  }

  /** Whether compose created the containers from what its file says now, as far as it can tell. */
  boolean isByTheFile(String service, ServiceNow now) {
    if (hashes == null) {
      hashes = directory.hashes();
    }
    return now.isMadeOf(hashes.get(service));
  }
}
