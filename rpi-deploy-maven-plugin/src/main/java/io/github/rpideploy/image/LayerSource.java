package io.github.rpideploy.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A layer's bytes in its tarball. Failures of reading are told apart from those of writing: they
 * are the tarball's fault, not the connection's.
 */
record LayerSource(TarballFile file, Layer layer) implements Closeable {

  static LayerSource open(Unusable unusable, Layer layer) {
    try {
      return new LayerSource(TarballFile.open(unusable.tarball()), layer);
    } catch (IOException e) {
      throw unusable.unreadable(e);
    }
  }

  /** Fills the buffer from that place of the layer as far as one read goes, and says how far. */
  int read(ByteBuffer buffer, long offset) {
    if (!buffer.hasRemaining()) {
      return 0;
    }
    try {
      int count = file.read(buffer, layer.offset() + offset);
      if (count < 0) {
        throw file.unusable().damaged(layer.entry(), "is not whole any more");
      }
      return count;
    } catch (IOException e) {
      throw file.unusable().unreadable(e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw file.unusable().unreadable(e);
    }
  }
}
