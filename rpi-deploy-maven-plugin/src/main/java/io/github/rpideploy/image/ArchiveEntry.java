package io.github.rpideploy.image;

import java.nio.file.Path;

/** One file of the archive. */
sealed interface ArchiveEntry {

  /** Its name in the archive. */
  String name();

  /** The size of its content in bytes. */
  long size();

  /** What it takes in the archive, in bytes: header, content and padding. */
  default long bytes() {
    return TarHeader.ofFile(name(), size()).length + TarHeader.padded(size());
  }

  /** A layer, which is copied from its tarball. */
  record Blob(Path tarball, Layer layer) implements ArchiveEntry {
    @Override
    public String name() {
      return OciDocuments.blobName(layer.blobDigest());
    }

    @Override
    public long size() {
      return layer.size();
    }
  }

  /** A small document. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Document(String name, byte[] content) implements ArchiveEntry {
    @Override
    public long size() {
      return content.length;
    }
  }
}
