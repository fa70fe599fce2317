package io.github.rpideploy.ssh;

import java.io.IOException;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.util.net.SshdSocketAddress;

/**
 * A tunnel that can be hung up at any time.
 *
 * <p>MINA takes data that arrives while the reader closes its pipe ("Pipe closed") for an error of
 * the whole connection and ends that. Nobody waits for such data, so here it is dropped.
 */
final class TunnelChannel extends ChannelDirectTcpip {

  private TunnelChannel(SshdSocketAddress to) {
    super(new SshdSocketAddress("127.0.0.1", 0), to);
  }

  /** A channel of that connection, not opened yet. */
  static TunnelChannel of(ClientSession session, SshdSocketAddress to) throws IOException {
    TunnelChannel channel = new TunnelChannel(to);
    session.getService(ConnectionService.class).registerChannel(channel);
    return channel;
  }

  @Override
  protected void doWriteData(byte[] data, int offset, long length) throws IOException {
    try {
      super.doWriteData(data, offset, length);
    } catch (IOException e) {
      log.debug("dropped {} bytes that nobody reads any more", length, e);
    }
  }
}
