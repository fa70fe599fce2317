package io.github.rpideploy.image;

import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A blob on this machine: a layer as it lies in its tarball, or compressed again in the layer
 * cache.
 *
 * @param file where it lies
 * @param offset of its first byte in the file
 * @param blob what it is
 * @param layer the layer of the tarball; null for one of the cache
 * @param shown the file that messages name
 */
record StoredBlob(Path file, long offset, Blob blob, @Nullable Layer layer, Path shown) {

  static StoredBlob inCache(Path file, Blob blob) {
    return new StoredBlob(file, 0, blob, null, file);
  }

  /**
   * What is wrong with its bytes. A file of the cache is removed; the next build makes it again.
   *
   * @param what continues "layer … "
   */
  DeployException damaged(String what) {
    if (layer != null) {
      return new TarballFailures(shown).damaged(layer.entry(), what);
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      return new DeployException(
          "The layer " + file + " of the layer cache " + what, "Remove it and run it again", e);
    }
    return new DeployException(
        "The layer " + file + " of the layer cache " + what + "; it has been removed",
        "Run it again: the layer is compressed again. No running service was touched");
  }

  /** The file could not be read. */
  DeployException unreadable(IOException cause) {
    if (layer == null) {
      return damaged("cannot be read (" + cause + ")");
    }
    return cause instanceof NoSuchFileException
        ? new TarballFailures(shown).missing()
        : new TarballFailures(shown).unreadable(cause);
  }
}
