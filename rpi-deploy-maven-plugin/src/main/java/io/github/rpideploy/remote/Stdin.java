package io.github.rpideploy.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What a remote command reads from its standard input, produced while it is sent. */
@FunctionalInterface
public interface Stdin {

  /** No input: the command sees end of file at once. */
  Stdin EMPTY = out -> {};

  /**
   * Writes everything and returns; the caller closes the stream.
   *
   * @throws IOException passed on from {@code out}, or when the content cannot be produced
   */
  void writeTo(OutputStream out) throws IOException;

  /** The given text in UTF-8. */
  static Stdin of(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
