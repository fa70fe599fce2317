package io.github.rpideploy.ssh;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.common.channel.ChannelPipedInputStream;
import org.jspecify.annotations.Nullable;

/** A socket that the Pi opens for us (RFC 4254, 7.2): it resolves names; no local port is used. */
final class TunnelSocket extends Socket {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

  private final TunnelDial dial;
  private volatile @Nullable ChannelDirectTcpip channel;
  private volatile @Nullable InetSocketAddress peer;
  private volatile int readTimeout;
  private volatile boolean closed;

  TunnelSocket(TunnelDial dial) {
    this.dial = dial;
  }

  @Override
  public void connect(SocketAddress address) throws IOException {
    connect(address, 0);
  }

  @Override
  public void connect(SocketAddress address, int timeout) throws IOException {
    if (closed) {
      throw new SocketException("the socket is closed");
    }
    InetSocketAddress to = (InetSocketAddress) address;
    channel = dial.open(to, timeout > 0 ? Duration.ofMillis(timeout) : CONNECT_TIMEOUT);
    peer = to;
  }

  private ChannelDirectTcpip channel() throws SocketException {
    ChannelDirectTcpip open = channel;
    if (open == null || closed) {
      throw new SocketException(closed ? "the socket is closed" : "the socket is not connected");
    }
    return open;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new Reading((ChannelPipedInputStream) channel().getInvertedOut());
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new Writing(channel().getInvertedIn());
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel().getInvertedIn().close();
  }

  @Override
  public void shutdownInput() throws IOException {
    channel().getOut().close();
  }

  @Override
  public synchronized void close() {
    closed = true;
    ChannelDirectTcpip open = channel;
    if (open != null) {
      // Gracefully: otherwise the Pi is not told and keeps its end open.
      open.close(false);
    }
  }

  @Override
  public boolean isConnected() {
    return channel != null;
  }

  @Override
  public boolean isBound() {
    return channel != null;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public boolean isInputShutdown() {
    return false;
  }

  @Override
  public boolean isOutputShutdown() {
    ChannelDirectTcpip open = channel;
    return open != null && open.isEofSent();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return peer;
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return null;
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return null;
  }

  @Override
  public int getPort() {
    InetSocketAddress to = peer;
    return to == null ? 0 : to.getPort();
  }

  @Override
  public synchronized void setSoTimeout(int timeout) {
    readTimeout = timeout;
  }

  @Override
  public synchronized int getSoTimeout() {
    return readTimeout;
  }

  // What follows are options of a TCP connection that is the Pi's, not ours.

  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public void setKeepAlive(boolean on) {}

  @Override
  public void setReuseAddress(boolean on) {}

  @Override
  public void setSoLinger(boolean on, int linger) {}

  @Override
  public void setSendBufferSize(int size) {}

  @Override
  public void setReceiveBufferSize(int size) {}

  @Override
  public String toString() {
    return "socket through SSH to " + peer;
  }

  private final class Reading extends FilterInputStream {

    private final ChannelPipedInputStream pipe;

    Reading(ChannelPipedInputStream pipe) {
      super(pipe);
      this.pipe = pipe;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (closed) {
        throw new SocketException("the socket is closed");
      }
      pipe.setTimeout(readTimeout);
      try {
        return pipe.read(bytes, offset, length);
      } catch (SocketException e) {
        // The pipe throws this only for a timeout.
        SocketTimeoutException timeout =
            new SocketTimeoutException("nothing to read for " + readTimeout + " ms");
        timeout.initCause(e);
        throw timeout;
      }
    }

    @Override
    public int available() throws IOException {
      return Math.max(0, pipe.available());
    }

    @Override
    public void close() {
      TunnelSocket.this.close();
    }
  }

  private final class Writing extends FilterOutputStream {

    Writing(OutputStream channel) {
      super(channel);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    /** A socket sends what it gets; the channel would wait for a full packet. */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      out.flush();
    }

    @Override
    public void close() {
      TunnelSocket.this.close();
    }
  }
}
