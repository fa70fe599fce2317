package io.github.rpideploy.image.program;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Writes operations as one compressed part of a program. */
public final class Operations {

  private final OutputStream gzip;

  /**
   * @param out receives the part as it is compressed
   */
  public Operations(OutputStream out) throws IOException {
    this.gzip = new GZIPOutputStream(out);
  }

  /** The part that writes these bytes; nothing for no bytes. */
  public static byte[] writing(byte[] bytes) {
    return part(bytes, false);
  }

  /** The part that writes these bytes and ends the program. */
  public static byte[] writingLast(byte[] bytes) {
    return part(bytes, true);
  }

  private static byte[] part(byte[] bytes, boolean last) {
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    if (bytes.length > 0 || last) {
      try {
        Operations operations = new Operations(part);
        operations.write(bytes, 0, bytes.length);
        if (last) {
          operations.line(".");
        }
        operations.end();
      } catch (IOException e) {
        throw new AssertionError("memory does not fail", e);
      }
    }
    return part.toByteArray();
  }

  /** The line before so many bytes that are written. */
  static byte[] beforeBytes(long length) {
    return ("+" + length + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** Names the old files that are copied from until it is called again. */
  public void files(List<OldFile> files) throws IOException {
    line("files " + files.size());
    for (OldFile file : files) {
      line(file.directory() + " " + file.size() + " " + file.uses() + " " + file.name());
    }
  }

  /** Has these bytes written. */
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > 0) {
      gzip.write(beforeBytes(length));
      gzip.write(bytes, offset, length);
    }
  }

  /** Has a piece of an old file written. */
  public void copy(int file, long offset, long length) throws IOException {
    line("=" + file + " " + offset + " " + length);
  }

  /** Completes the part. */
  public void end() throws IOException {
    gzip.close();
  }

  private void line(String text) throws IOException {
    gzip.write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
