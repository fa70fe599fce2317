package io.github.rpideploy.image;

import java.nio.file.Path;

/**
 * A layer in the tarball that it is to be read from.
 *
 * @param tarball as the user knows it
 * @param content the file that its bytes lie in; another one where the tarball is compressed
 */
record TarballLayer(Path tarball, Path content, Layer layer) {

  /** One that lies in the tarball itself. */
  TarballLayer(Path tarball, Layer layer) {
    this(tarball, tarball, layer);
  }

  Digest diffId() {
    return layer.diffId();
  }

  /** Its bytes as they lie there. */
  StoredBlob stored() {
    return new StoredBlob(content, layer.offset(), layer.blob(), layer, tarball);
  }
}
