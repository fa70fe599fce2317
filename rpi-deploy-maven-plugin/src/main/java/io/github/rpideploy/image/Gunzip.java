package io.github.rpideploy.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Unpacks gzip, and says what is wrong with it. */
public final class Gunzip extends GZIPInputStream {

  /** Nobody writes so many members in a row with nothing in them. */
  private static final int EMPTY_MEMBERS = 100;

  private int depth;

  /**
   * Reads the first header.
   *
   * @throws IOException when it is none
   */
  private Gunzip(InputStream in, int bufferSize) throws IOException {
    super(in, bufferSize);
  }

  /**
   * Reads the first header.
   *
   * @throws IOException when it is none
   */
  public static Gunzip of(InputStream in, int bufferSize) throws IOException {
    try {
      return new Gunzip(in, bufferSize);
    } catch (EOFException e) {
      throw tooEarly(e);
    }
  }

  /** The JDK calls this from within itself for every empty member, until the stack is full. */
  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (depth == EMPTY_MEMBERS) {
      throw new ZipException("it has many members with nothing in them");
    }
    depth++;
    try {
      return super.read(buffer, offset, length);
    } catch (EOFException e) {
      throw tooEarly(e);
    } finally {
      depth--;
    }
  }

  private static IOException tooEarly(EOFException e) {
    return new IOException("it ends too early", e);
  }
}
