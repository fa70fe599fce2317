package io.github.rpideploy.ssh;

import io.github.rpideploy.remote.ForwardingProhibitedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelListener;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.util.io.IoUtils;
import org.apache.sshd.common.util.net.SshdSocketAddress;

/**
 * Has the Pi open TCP connections for us (RFC 4254, 7.2).
 *
 * @param host how messages name the machine that dials
 */
record TunnelDial(ClientSession session, String host) {

  /**
   * @throws ConnectException when the Pi cannot connect there, or when it forbids forwarding
   * @throws SocketTimeoutException when it does not answer in time
   */
  ChannelDirectTcpip open(InetSocketAddress to, Duration timeout) throws IOException {
    String target = to.getHostString() + ":" + to.getPort() + " (as seen from " + host + ")";
    ChannelDirectTcpip channel;
    OpenFuture opening;
    try {
      channel =
          session.createDirectTcpipChannel(
              new SshdSocketAddress("127.0.0.1", 0),
              new SshdSocketAddress(to.getHostString(), to.getPort()));
      channel.addChannelListener(new EndOfFile());
      opening = channel.open();
    } catch (IllegalStateException | SshException e) {
      throw because("the SSH connection is gone, so there is no way to " + target, e);
    }
    await(channel, opening, timeout, target);
    return channel;
  }

  private void await(
      ChannelDirectTcpip channel, OpenFuture opening, Duration timeout, String target)
      throws IOException {
    boolean answered = false;
    try {
      answered = opening.await(timeout);
    } catch (InterruptedIOException e) {
      Thread.currentThread().interrupt();
      throw e;
    } finally {
      if (!answered) {
        channel.close(false);
      }
    }
    if (!answered) {
      throw new SocketTimeoutException(
          "no connection to " + target + " within " + timeout.toMillis() + " ms");
    }
    Throwable failure = opening.getException();
    if (failure != null) {
      throw refusal(failure, target);
    }
  }

  private ConnectException refusal(Throwable failure, String target) {
    if (!session.isOpen()) {
      return because("the SSH connection is gone, so there is no way to " + target, failure);
    }
    int code =
        failure instanceof SshChannelOpenException refused
            ? refused.getReasonCode()
            : SshConstants.SSH_OPEN_CONNECT_FAILED;
    if (code == SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED) {
      ConnectException prohibited =
          new ForwardingProhibitedException(
              "TCP forwarding is administratively prohibited on "
                  + host
                  + " (AllowTcpForwarding or PermitOpen in its sshd_config), so there is no way to "
                  + target);
      prohibited.initCause(failure);
      return prohibited;
    }
    return because("connection refused at " + target, failure);
  }

  private static ConnectException because(String message, Throwable cause) {
    ConnectException e = new ConnectException(message);
    e.initCause(cause);
    return e;
  }

  /**
   * MINA ends the input only when the channel closes, which may never happen to a half-closed one.
   */
  private static final class EndOfFile implements ChannelListener {

    @Override
    public void channelStateChanged(Channel channel, String hint) {
      if (channel instanceof ChannelDirectTcpip tcpip && tcpip.isEofSignalled()) {
        IoUtils.closeQuietly(tcpip.getOut());
      }
    }
  }
}
