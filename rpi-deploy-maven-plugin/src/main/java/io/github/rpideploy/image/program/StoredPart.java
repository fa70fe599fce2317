package io.github.rpideploy.image.program;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * A part of a program that writes bytes which are compressed already: gzip's form (RFC 1952) with
 * blocks that are stored (RFC 1951, 3.2.4), so that its size is known beforehand.
 */
public final class StoredPart extends OutputStream {

  /** The most that a stored block holds. */
  private static final int BLOCK = 0xffff;

  private static final int BLOCK_HEADER = 5;
  private static final int TRAILER = 8;

  /** Magic, deflate, no flags, no time, unknown system. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private final OutputStream out;
  private final CRC32 crc = new CRC32();
  private final byte[] block = new byte[BLOCK];
  private int filled;
  private long left;
  private long total;

  /**
   * Begins it.
   *
   * @param length how many bytes will be written to it
   */
  public StoredPart(OutputStream out, long length) throws IOException {
    this.out = out;
    byte[] before = Operations.beforeBytes(length);
    this.left = before.length + length;
    out.write(HEADER);
    write(before, 0, before.length);
  }

  /** What the part takes that has so many bytes written. */
  public static long size(long length) {
    long content = Operations.beforeBytes(length).length + length;
    return HEADER.length + content + BLOCK_HEADER * ((content + BLOCK - 1) / BLOCK) + TRAILER;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > left) {
      throw new IOException("more bytes than were promised");
    }
    crc.update(bytes, offset, length);
    left -= length;
    total += length;
    for (int done = 0; done < length; ) {
      int count = Math.min(length - done, BLOCK - filled);
      System.arraycopy(bytes, offset + done, block, filled, count);
      filled += count;
      done += count;
      boolean end = left == 0 && done == length;
      if (filled == BLOCK || end) {
        writeBlock(end);
      }
    }
  }

  private void writeBlock(boolean last) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(BLOCK_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.put((byte) (last ? 1 : 0)).putShort((short) filled).putShort((short) ~filled);
    out.write(header.array());
    out.write(block, 0, filled);
    filled = 0;
  }

  /**
   * Ends it; {@code out} is not closed.
   *
   * @throws IOException when not all was written to it that was promised
   */
  @Override
  public void close() throws IOException {
    if (left != 0) {
      throw new IOException("fewer bytes than were promised");
    }
    ByteBuffer trailer = ByteBuffer.allocate(TRAILER).order(ByteOrder.LITTLE_ENDIAN);
    out.write(trailer.putInt((int) crc.getValue()).putInt((int) total).array());
  }
}
