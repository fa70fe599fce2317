package io.github.rpideploy.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** Standard input of a remote command; remembers whether the remote side ended it. */
final class ChannelStdin extends OutputStream {

  private final OutputStream channel;
  private @Nullable IOException refusal;
  private boolean stalled;

  ChannelStdin(OutputStream channel) {
    this.channel = channel;
  }

  /** Whether the command or the connection ended before all of it was taken. */
  boolean refused() {
    return refusal != null;
  }

  /** Whether the Pi took nothing for so long that we gave up. */
  boolean stalled() {
    return stalled;
  }

  /** Sends end of file; it does not matter whether the command has ended already. */
  void end() {
    attempt(channel::close);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    attempt(() -> channel.write(bytes, offset, length));
    rethrow();
  }

  @Override
  public void flush() throws IOException {
    attempt(channel::flush);
    rethrow();
  }

  private interface Action {
    void run() throws IOException;
  }

  private void attempt(Action action) {
    if (refusal != null) {
      return;
    }
    try {
      action.run();
    } catch (IOException e) {
      refusal = e;
      stalled = e instanceof SocketTimeoutException;
      if (e instanceof InterruptedIOException && !stalled) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void rethrow() throws IOException {
    if (refusal != null) {
      throw refusal;
    }
  }
}
