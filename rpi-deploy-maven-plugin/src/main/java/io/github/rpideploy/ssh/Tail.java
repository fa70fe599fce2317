package io.github.rpideploy.ssh;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The last bytes written; threads may write and read at the same time. */
final class Tail extends OutputStream {

  private final int limit;
  private final byte[] bytes;
  private int size;

  Tail(int limit) {
    this.limit = limit;
    this.bytes = new byte[2 * limit];
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] more, int offset, int length) {
    int taken = Math.min(length, limit);
    if (size + taken > bytes.length) {
      // There is room for twice the limit, so that bytes move once per limit, not per write.
      System.arraycopy(bytes, size - limit, bytes, 0, limit);
      size = limit;
    }
    System.arraycopy(more, offset + length - taken, bytes, size, taken);
    size += taken;
  }

  synchronized String text() {
    int from = Math.max(0, size - limit);
    return new String(Arrays.copyOfRange(bytes, from, size), StandardCharsets.UTF_8);
  }
}
