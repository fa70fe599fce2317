package io.github.rpideploy.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** A TCP connection that another SSH server has opened for us. */
final class ProxyTunnel implements ProxyStream {

  private final Socket socket;

  private ProxyTunnel(Socket socket) {
    this.socket = socket;
  }

  /**
   * @param socket not yet connected, of that server
   * @throws IOException when that server cannot connect there, or forbids it
   */
  static ProxyTunnel open(Socket socket, String host, int port, Duration timeout)
      throws IOException {
    socket.connect(
        InetSocketAddress.createUnresolved(host, port), Math.toIntExact(timeout.toMillis()));
    return new ProxyTunnel(socket);
  }

  @Override
  public InputStream in() throws IOException {
    return socket.getInputStream();
  }

  @Override
  public OutputStream out() throws IOException {
    return socket.getOutputStream();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed, as it should be.
    }
  }
}
