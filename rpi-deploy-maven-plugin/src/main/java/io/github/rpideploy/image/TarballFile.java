package io.github.rpideploy.image;

import io.github.rpideploy.DeployException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An open tarball, read at any place; never more of it in memory than is asked for. */
final class TarballFile implements Closeable {

  private final FileChannel channel;
  private final TarballFailures failures;
  private final long size;

  private TarballFile(FileChannel channel, TarballFailures failures, long size) {
    this.channel = channel;
    this.failures = failures;
    this.size = size;
  }

  /**
   * @throws DeployException when it is missing, empty or not a plain file
   */
  static TarballFile open(Path path) throws IOException {
    TarballFailures failures = new TarballFailures(path);
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
