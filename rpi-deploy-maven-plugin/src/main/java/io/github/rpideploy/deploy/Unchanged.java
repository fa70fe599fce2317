package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.verify.Verifier;
import io.github.rpideploy.docker.Container;
import java.util.List;
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
    List<Container> before = replacement.before();
    if (before.isEmpty()
        || !run(replacement.image(), before)
        || replacement.release().spec().policy().force()
        || !isByTheFile(replacement.service(), before)) {
      return Optional.empty();
    }
    return verifier.checkOnce(before, replacement.image(), replacement.release().smoke());
  }

  /** Whether each of the containers runs an image with this id. */
  static boolean run(String image, List<Container> containers) {
    return containers.stream().allMatch(container -> container.image().equals(image));
  }

  /** Whether compose created the containers from what its file says now, as far as it can tell. */
  boolean isByTheFile(String service, List<Container> containers) {
    if (hashes == null) {
      hashes = directory.hashes();
    }
    String hash = hashes.get(service);
    return containers.stream().allMatch(container -> container.configHash().equals(hash));
  }
}
