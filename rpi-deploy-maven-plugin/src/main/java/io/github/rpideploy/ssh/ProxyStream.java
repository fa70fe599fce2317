package io.github.rpideploy.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** The two directions of a connection to an SSH server that is not by TCP from this machine. */
interface ProxyStream extends AutoCloseable {

  InputStream in() throws IOException;

  OutputStream out() throws IOException;

  /** Why it ended, if it said so. */
  default Optional<String> complaint() {
    return Optional.empty();
  }

  @Override
  void close();
}
