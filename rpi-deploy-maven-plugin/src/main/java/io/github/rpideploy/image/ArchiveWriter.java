package io.github.rpideploy.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * Streams entries as a tar archive, with one buffer whatever their size. Every layer's digest is
 * checked while it passes, before its last bytes go out: of a damaged layer the archive is never
 * completed, and {@code docker load} creates nothing.
 */
final class ArchiveWriter {

  /** Two empty blocks end an archive (POSIX.1-1988, 10.1.1). */
  static final int END_LENGTH = 2 * TarHeader.BLOCK;

  private static final int BUFFER_SIZE = 64 * 1024;

  private final OutputStream out;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);

  ArchiveWriter(OutputStream out) {
    this.out = out;
  }

  void write(ArchiveEntry entry) throws IOException {
    out.write(TarHeader.ofFile(entry.name(), entry.size()));
    if (entry instanceof ArchiveEntry.LayerBlob blob) {
      copy(blob.stored());
    } else if (entry instanceof ArchiveEntry.Document document) {
      out.write(document.content());
    }
    out.write(new byte[(int) (TarHeader.padded(entry.size()) - entry.size())]);
  }

  /** Ends the archive and flushes; the stream is not closed. */
  void end() throws IOException {
    out.write(new byte[END_LENGTH]);
    out.flush();
  }

  private void copy(StoredBlob stored) throws IOException {
    Blob blob = stored.blob();
    MessageDigest computation = Digest.sha256();
    try (LayerSource source = LayerSource.open(stored)) {
      for (long done = 0; ; ) {
        buffer.clear().limit((int) Math.min(BUFFER_SIZE, blob.size() - done));
        int count = source.read(buffer, done);
        computation.update(buffer.array(), 0, count);
        done += count;
        // The last piece is held back until the digest is known to be right.
        if (done == blob.size() && !Digest.finish(computation).equals(blob.digest())) {
          throw stored.damaged("does not have the content that its digest promises");
        }
        out.write(buffer.array(), 0, count);
        if (done == blob.size()) {
          return;
        }
      }
    }
  }
}
