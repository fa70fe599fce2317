package io.github.rpideploy.image;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongSupplier;

/** Measures how fast the link takes what is written. */
final class LinkRate extends FilterOutputStream {

  /** What buffers on the way take at once says nothing about the link: 4 MiB. */
  private static final long BUFFERED = 4L * 1024 * 1024;

  private final LongSupplier nanoTime;
  private long count;
  private long since;

  LinkRate(OutputStream out, LongSupplier nanoTime) {
    super(out);
    this.nanoTime = nanoTime;
  }

  /** Bytes per second while something was written; 0 when it is not known yet. */
  double bytesPerSecond() {
    long nanos = count > BUFFERED ? nanoTime.getAsLong() - since : 0;
    return nanos <= 0 ? 0 : (count - BUFFERED) * 1e9 / nanos;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    boolean buffered = count <= BUFFERED;
    count += length;
    if (buffered && count > BUFFERED) {
      since = nanoTime.getAsLong();
    }
  }
}
