package io.github.rpideploy.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.ChannelOutputStream;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.channel.AbstractServerChannel;
import org.apache.sshd.server.forward.TcpForwardingFilter;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;

/**
 * Opens TCP connections for the client with plain blocking sockets.
 *
 * <p>MINA's own server hangs on a busy machine, about once in 10,000 connections that are closed
 * while data flows: all its threads are idle while a packet of ours waits unread in its socket, or
 * while it waits for a connection to a port that accepts it at once.
 */
final class Forwarding extends AbstractServerChannel {

  /** Makes such channels. */
  static final ChannelFactory FACTORY =
      new ChannelFactory() {
        @Override
        public String getName() {
          return TcpForwardingFilter.Type.Direct.getName();
        }

        @Override
        public Channel createChannel(Session session) {
          return new Forwarding();
        }
      };

  private volatile @Nullable Socket socket;

  private Forwarding() {
    super("", List.of(), null);
  }

  @Override
  protected OpenFuture doInit(Buffer buffer) {
    SshdSocketAddress to = new SshdSocketAddress(buffer.getString(), buffer.getInt());
    OpenFuture opening = new DefaultOpenFuture(this, this);
    TcpForwardingFilter filter =
        ((ServerSession) getSession()).getFactoryManager().getTcpForwardingFilter();
    if (filter.canConnect(TcpForwardingFilter.Type.Direct, to, getSession())) {
      start(() -> connect(to, opening));
    } else {
      refuse(opening, SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, "prohibited");
    }
    return opening;
  }

  private void connect(SshdSocketAddress to, OpenFuture opening) {
    try {
      Socket connected = new Socket(to.getHostName(), to.getPort());
      socket = connected;
      signalChannelOpenSuccess();
      opening.setOpened();
      start(() -> pump(connected));
    } catch (IOException e) {
      refuse(opening, SshConstants.SSH_OPEN_CONNECT_FAILED, String.valueOf(e.getMessage()));
    }
  }

  private void refuse(OpenFuture opening, int code, String reason) {
    SshChannelOpenException refusal = new SshChannelOpenException(getChannelId(), code, reason);
    signalChannelOpenFailure(refusal);
    opening.setException(refusal);
    close(true);
  }

  private void pump(Socket from) {
    try (InputStream in = from.getInputStream();
        OutputStream out =
            new ChannelOutputStream(
                this, getRemoteWindow(), log, SshConstants.SSH_MSG_CHANNEL_DATA, true)) {
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        out.flush();
      }
      sendEof();
      if (isEofSignalled()) {
        close(false);
      }
    } catch (IOException hungUp) {
      close(false);
    }
  }

  @Override
  protected void doWriteData(byte[] data, int offset, long length) throws IOException {
    onSocket(to -> to.getOutputStream().write(data, offset, (int) length));
    getLocalWindow().release(length);
  }

  @Override
  protected void doWriteExtendedData(byte[] data, int offset, long length) {
    throw new UnsupportedOperationException("a forwarded connection has one stream");
  }

  @Override
  public void handleEof() throws IOException {
    super.handleEof();
    onSocket(Socket::shutdownOutput);
  }

  @Override
  protected void preClose() {
    onSocket(Socket::close);
    super.preClose();
  }

  /** What a socket can be asked for. */
  private interface Action {
    void on(Socket socket) throws IOException;
  }

  /** The other end may have hung up: that ends this channel, and not the whole connection. */
  private void onSocket(Action action) {
    Socket open = socket;
    if (open == null) {
      return;
    }
    try {
      action.on(open);
    } catch (IOException hungUp) {
      log.debug("{}: {}", this, hungUp.toString());
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "forwarding of the Pi");
    thread.setDaemon(true);
    thread.start();
  }
}
