package io.github.rpideploy.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** The two directions of a way to an SSH server that is not a TCP connection of this machine. */
interface ProxyStream extends AutoCloseable {

  InputStream in() throws IOException;

  OutputStream out() throws IOException;

  /** Why it ended, as far as it has said so. */
  default Optional<String> complaint() {
    return Optional.empty();
  }

  @Override
  void close();
}
