package io.github.rpideploy.image;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/**
 * A blob's bytes in its file. Failures of reading are told apart from those of writing: they are
 * the file's fault, not the connection's.
 */
record LayerSource(FileChannel channel, StoredBlob stored) implements Closeable {

  static LayerSource open(StoredBlob stored) {
    try {
      return new LayerSource(FileChannel.open(stored.file(), StandardOpenOption.READ), stored);
    } catch (IOException e) {
      throw stored.unreadable(e);
    }
  }

  /** Fills the buffer from that place of the blob as far as one read goes, and says how far. */
  int read(ByteBuffer buffer, long offset) {
    if (!buffer.hasRemaining()) {
      return 0;
    }
    try {
      int count = channel.read(buffer, stored.offset() + offset);
      if (count < 0) {
        throw stored.damaged("is not whole any more");
      }
      return count;
    } catch (IOException e) {
      throw stored.unreadable(e);
    }
  }

  /** The blob's bytes from the first to the last. */
  Bytes stream() {
    return new Bytes(this);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw stored.unreadable(e);
    }
  }

  /** Closing it closes nothing. */
  static final class Bytes extends InputStream {

    private final LayerSource source;
    private final long size;
    private long done;

    private Bytes(LayerSource source) {
      this.source = source;
      this.size = source.stored().blob().size();
    }

    /** How many were read. */
    long done() {
      return done;
    }

    /** Without it, Gunzip would not look for a further member. */
    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, size - done);
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (done == size) {
        return -1;
      }
      int wanted = (int) Math.min(length, size - done);
      int count = source.read(ByteBuffer.wrap(buffer, offset, wanted), done);
      done += count;
      return count;
    }
  }
}
