package io.github.rpideploy.image;

import java.nio.file.Path;

/** A layer in the tarball that it is to be read from. */
record TarballLayer(Path tarball, Layer layer) {

  Digest diffId() {
    return layer.diffId();
  }

  /** Its bytes as they lie there. */
  StoredBlob stored() {
    return new StoredBlob(tarball, layer.offset(), layer.blob(), layer);
  }
}
