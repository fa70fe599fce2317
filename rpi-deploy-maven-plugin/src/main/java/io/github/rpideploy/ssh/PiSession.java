package io.github.rpideploy.ssh;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.client.ClientFactoryManager;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * MINA's session, which keeps whatever the other side does not read: one that asks and never reads
 * the answers would fill the memory. This one ends instead.
 */
final class PiSession extends ClientSessionImpl {

  /** Much more than {@link PacedWriter} and the answers to an honest server leave unsent. */
  private static final long UNREAD_LIMIT = 16L << 20;

  /**
   * What even an empty packet counts for. It takes about a kilobyte of memory; and when the session
   * ends, MINA makes an exception with a deep stack trace for each that is unsent, which took ten
   * seconds for 30,000 of them on a busy machine.
   */
  private static final int PACKET = 4096;

  private final SocketAddress known;
  private final AtomicLong unread = new AtomicLong();

  /**
   * @param known the name under which the host's key is known; MINA connects to an address, but a
   *     certificate contains the name
   */
  PiSession(ClientFactoryManager client, IoSession session, SocketAddress known) throws Exception {
    super(client, session);
    this.known = known;
  }

  @Override
  public SocketAddress getConnectAddress() {
    return known;
  }

  @Override
  public IoWriteFuture writePacket(Buffer buffer) throws IOException {
    int size = buffer.available() + PACKET;
    if (unread.addAndGet(size) > UNREAD_LIMIT) {
      exceptionCaught(new SshException("it asks without end and does not read the answers"));
    }
    IoWriteFuture written = super.writePacket(buffer);
    written.addListener(done -> unread.addAndGet(-size));
    return written;
  }
}
