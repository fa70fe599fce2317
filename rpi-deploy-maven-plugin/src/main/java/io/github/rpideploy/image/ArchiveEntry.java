package io.github.rpideploy.image;

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

  /** A layer, which is copied from where it lies. */
  record LayerBlob(StoredBlob stored) implements ArchiveEntry {
    @Override
    public String name() {
      return OciDocuments.blobName(stored.blob().digest());
    }

    @Override
    public long size() {
      return stored.blob().size();
    }
  }

  /** A layer that is made on the Pi. */
  record DeltaBlob(Digest diffId, WireArchive.Delta delta) implements ArchiveEntry {
    @Override
    public String name() {
      return OciDocuments.blobName(diffId);
    }

    @Override
    public long size() {
      return delta.size();
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
