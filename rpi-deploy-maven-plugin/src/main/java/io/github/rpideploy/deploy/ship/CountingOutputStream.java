package io.github.rpideploy.deploy.ship;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/** Counts the bytes that pass through and reports the count. */
final class CountingOutputStream extends FilterOutputStream {

  private final LongConsumer progress;
  private long count;

  CountingOutputStream(OutputStream out, LongConsumer progress) {
    super(out);
    this.progress = progress;
  }

  @Override
  public void write(int b) throws IOException {
    out.write(b);
    progress.accept(++count);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    count += length;
    progress.accept(count);
  }
}
