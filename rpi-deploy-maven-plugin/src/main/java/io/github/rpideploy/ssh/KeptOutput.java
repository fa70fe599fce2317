package io.github.rpideploy.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;

/** Output kept in memory up to a limit; more is refused. */
final class KeptOutput extends OutputStream {

  private final int limit;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  KeptOutput(int limit) {
    this.limit = limit;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] more, int offset, int length) throws IOException {
    if (bytes.size() + length > limit) {
      throw new IOException("it is more than " + limit / (1024 * 1024) + " MiB");
    }
    bytes.write(more, offset, length);
  }

  String toString(Charset charset) {
    return bytes.toString(charset);
  }
}
