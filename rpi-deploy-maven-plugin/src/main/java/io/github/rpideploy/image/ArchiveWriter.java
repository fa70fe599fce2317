package io.github.rpideploy.image;

import io.github.rpideploy.image.program.Operations;
import io.github.rpideploy.image.program.StoredPart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;

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
      copy(blob.stored(), out);
    } else if (entry instanceof ArchiveEntry.Document document) {
      out.write(document.content());
    } else {
      throw new IllegalArgumentException("only a program makes " + entry.name());
    }
    out.write(padding(entry));
  }

  /** Writes an entry as a part of a program that makes the archive. */
  void writeProgram(ArchiveEntry entry) throws IOException {
    out.write(Operations.writing(TarHeader.ofFile(entry.name(), entry.size())));
    if (entry instanceof ArchiveEntry.DeltaBlob blob) {
      out.write(blob.delta().program());
    } else if (entry instanceof ArchiveEntry.LayerBlob blob) {
      StoredPart part = new StoredPart(out, entry.size());
      copy(blob.stored(), part);
      part.close();
    } else {
      throw new IllegalArgumentException("documents are written at the end of a program");
    }
    out.write(Operations.writing(padding(entry)));
  }

  /** As many bytes as {@link #writeProgram} writes. */
  static long programBytes(ArchiveEntry entry) {
    byte[] header = TarHeader.ofFile(entry.name(), entry.size());
    return Operations.writing(header).length
        + (entry instanceof ArchiveEntry.DeltaBlob blob
            ? blob.delta().program().length
            : StoredPart.size(entry.size()))
        + Operations.writing(padding(entry)).length;
  }

  /** The last part of a program: the documents, and the end of the archive. */
  static byte[] endOfProgram(List<ArchiveEntry> documents) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ArchiveWriter writer = new ArchiveWriter(bytes);
      for (ArchiveEntry document : documents) {
        writer.write(document);
      }
      writer.end();
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
    return Operations.writingLast(bytes.toByteArray());
  }

  private static byte[] padding(ArchiveEntry entry) {
    return new byte[(int) (TarHeader.padded(entry.size()) - entry.size())];
  }

  /** Ends the archive and flushes; the stream is not closed. */
  void end() throws IOException {
    out.write(new byte[END_LENGTH]);
    out.flush();
  }

  private void copy(StoredBlob stored, OutputStream out) throws IOException {
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
