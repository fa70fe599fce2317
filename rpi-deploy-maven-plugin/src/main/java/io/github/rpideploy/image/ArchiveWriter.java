package io.github.rpideploy.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;

/** Streams the entries of a plan as a tar archive, with one buffer whatever their size. */
final class ArchiveWriter {

  /** Two empty blocks end an archive (POSIX.1-1988, 10.1.1). */
  static final int END_LENGTH = 2 * TarHeader.BLOCK;

  private static final int BUFFER_SIZE = 64 * 1024;

  private final OutputStream out;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);

  private ArchiveWriter(OutputStream out) {
    this.out = out;
  }

  /** See {@link ArchivePlan#writeTo}. */
  static void write(List<ArchiveEntry> entries, OutputStream out) throws IOException {
    ArchiveWriter writer = new ArchiveWriter(out);
    for (ArchiveEntry entry : entries) {
      writer.write(entry);
    }
    out.write(new byte[END_LENGTH]);
    out.flush();
  }

  private void write(ArchiveEntry entry) throws IOException {
    out.write(TarHeader.ofFile(entry.name(), entry.size()));
    if (entry instanceof ArchiveEntry.Blob blob) {
      copy(blob);
    } else if (entry instanceof ArchiveEntry.Document document) {
      out.write(document.content());
    }
    out.write(new byte[(int) (TarHeader.padded(entry.size()) - entry.size())]);
  }

  private void copy(ArchiveEntry.Blob blob) throws IOException {
    Unusable unusable = new Unusable(blob.tarball());
    Layer layer = blob.layer();
    MessageDigest computation = Digest.sha256();
    try (LayerSource source = LayerSource.open(unusable, layer)) {
      for (long done = 0; ; ) {
        buffer.clear().limit((int) Math.min(BUFFER_SIZE, layer.size() - done));
        int count = source.read(buffer, done);
        computation.update(buffer.array(), 0, count);
        done += count;
        // The last piece is held back until the digest is known to be right.
        if (done == layer.size() && !Digest.finish(computation).equals(layer.blobDigest())) {
          throw unusable.damaged(
              layer.entry(), "does not have the content that its digest promises");
        }
        out.write(buffer.array(), 0, count);
        if (done == layer.size()) {
          return;
        }
      }
    }
  }
}
