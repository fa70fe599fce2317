package io.github.rpideploy.image.tarball;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.TarHeader;
import io.github.rpideploy.image.TarballFailures;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An open tarball, read at any place; never more of it in memory than is asked for. */
final class TarballFile implements Closeable {

  /**
   * All documents that are read of a tarball together, in bytes: of a usual one a few thousand. One
   * may be listed any number of times.
   */
  private static final long MOST_DOCUMENTS = 64L << 20;

  private final FileChannel channel;
  private final TarballFailures failures;
  private final long size;
  private long documents;

  private TarballFile(FileChannel channel, TarballFailures failures, long size) {
    this.channel = channel;
    this.failures = failures;
    this.size = size;
  }

  /**
   * @param failures that name the file as the user knows it
   * @throws DeployException when it is missing, empty or not a plain file
   */
  static TarballFile open(Path path, TarballFailures failures) throws IOException {
    if (Files.isDirectory(path)) {
      throw failures.unusable("it is a directory");
    }
    // A pipe or a device would be waited for without end.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw failures.unusable("it is not a plain file");
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw failures.missing();
    }
    try {
      TarballFile file = new TarballFile(channel, failures, channel.size());
      if (file.size == 0) {
        throw failures.unusable("it is empty");
      }
      return file;
    } catch (IOException | DeployException e) {
      channel.close();
      throw e;
    }
  }

  TarballFailures failures() {
    return failures;
  }

  /** How many bytes it had when it was opened. */
  long size() {
    return size;
  }

  /**
   * How all of it is compressed.
   *
   * @throws DeployException when it is in a way that is not read
   */
  Compression compression() throws IOException {
    byte[] start = bytes(0, (int) Math.min(Compression.MAGIC_LENGTH, size));
    if (start.length == Compression.MAGIC_LENGTH) {
      String text = new String(start, StandardCharsets.ISO_8859_1);
      if (text.startsWith("BZh")) {
        throw failures.compressed("bzip2");
      }
      if (text.equals("\u00fd7zX")) {
        throw failures.compressed("xz");
      }
    }
    return Compression.sniff(start);
  }

  /**
   * The tar block at that place.
   *
   * @throws DeployException when the file ends before the block does
   */
  byte[] block(long offset) throws IOException {
    if (offset + TarHeader.BLOCK > size) {
      throw failures.unusable(
          offset == 0
              ? "it is not a tar archive: it has " + size + " bytes"
              : "it is cut short: the end of the archive is missing");
    }
    return bytes(offset, TarHeader.BLOCK);
  }

  /**
   * The same as {@link #bytes} for a document.
   *
   * @throws DeployException when there are too many
   */
  byte[] document(long offset, int length) throws IOException {
    documents += length;
    if (documents > MOST_DOCUMENTS) {
      throw failures.unusable("its documents have more than " + MOST_DOCUMENTS + " bytes together");
    }
    return bytes(offset, length);
  }

  /** So many bytes from there; the caller has checked that they are within the file. */
  byte[] bytes(long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (read(buffer, offset + buffer.position()) < 0) {
        throw new EOFException("the file has become shorter");
      }
    }
    return buffer.array();
  }

  /** Fills the buffer as far as one read goes; -1 at the end of the file. */
  int read(ByteBuffer buffer, long offset) throws IOException {
    return channel.read(buffer, offset);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
