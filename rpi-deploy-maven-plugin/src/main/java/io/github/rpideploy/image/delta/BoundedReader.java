package io.github.rpideploy.image.delta;

import java.io.IOException;
import java.io.Reader;

/** Fails when a text is longer than allowed: a few kilobytes may unpack to gigabytes. */
final class BoundedReader extends Reader {

  private final Reader in;
  private long left;

  /**
   * @param limit so many characters may be read
   */
  BoundedReader(Reader in, long limit) {
    this.in = in;
    this.left = limit;
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    int count = in.read(buffer, offset, length);
    left -= count;
    if (left < 0) {
      throw new IOException("it is too long");
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
