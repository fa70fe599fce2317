package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.verify.Verifier;
import io.github.rpideploy.docker.Container;
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
   * Why a service need not be recreated: its container runs this very image, was created from what
   * the compose file says now, and is good. Empty when it must be, or when the user wants it
   * recreated anyway.
   */
  Optional<String> evidence(Replacement replacement) {
    Container before = replacement.before();
    if (before == null
        || !before.image().equals(replacement.image())
        || replacement.release().spec().policy().force()
        || !isByTheFile(replacement.service(), before)) {
      return Optional.empty();
    }
    return verifier.checkOnce(before, replacement.image(), replacement.release().smoke());
  }

  /** Whether compose created the container from what its file says now, as far as it can tell. */
  boolean isByTheFile(String service, Container container) {
    if (hashes == null) {
      hashes = directory.hashes();
    }
    return container.configHash().equals(hashes.get(service));
  }
}
