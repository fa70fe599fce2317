package io.github.rpideploy.ssh;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.throttle.DefaultChannelStreamWriter;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * Writes to a channel as fast as the connection takes it. MINA writes as much as the server's
 * window allows, which may be four gigabytes, and keeps what is not sent yet.
 */
final class PacedWriter extends DefaultChannelStreamWriter {

  private static final int UNSENT_PACKETS = 32;

  private final Duration patience;
  private final Deque<IoWriteFuture> unsent = new ArrayDeque<>();

  /**
   * @param patience how long the connection may take nothing
   */
  PacedWriter(Channel channel, Duration patience) {
    super(channel);
    this.patience = patience;
  }

  /** Called by one thread at a time. */
  @Override
  public IoWriteFuture writeData(Buffer buffer) throws IOException {
    while (unsent.size() >= UNSENT_PACKETS) {
      if (!unsent.remove().await(patience)) {
        throw new SocketTimeoutException("nothing was sent for " + patience);
      }
    }
    IoWriteFuture written = super.writeData(buffer);
    unsent.add(written);
    return written;
  }
}
