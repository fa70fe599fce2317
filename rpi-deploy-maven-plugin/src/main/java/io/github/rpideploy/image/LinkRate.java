package io.github.rpideploy.image;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;

/** Measures how fast the link takes what is written, and tells that once. */
final class LinkRate extends FilterOutputStream {

  /** What buffers on the way take at once says nothing about the link: 4 MiB. */
  private static final long BUFFERED = 4L * 1024 * 1024;

  /** After so much it is known well enough for a decision: 8 MiB. */
  private static final long KNOWN = 2 * BUFFERED;

  private final LongSupplier nanoTime;
  private final DoubleConsumer known;
  private long count;
  private long since;

  /**
   * @param known hears of the rate once, when it is known
   */
  LinkRate(OutputStream out, LongSupplier nanoTime, DoubleConsumer known) {
    super(out);
    this.nanoTime = nanoTime;
    this.known = known;
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
    long before = count;
    count += length;
    if (before <= BUFFERED && count > BUFFERED) {
      since = nanoTime.getAsLong();
    }
    if (before < KNOWN && count >= KNOWN && bytesPerSecond() > 0) {
      known.accept(bytesPerSecond());
    }
  }
}
