package io.github.rpideploy.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;

/**
 * A port on the loopback interface that passes one connection, MINA's own, on to a {@link
 * ProxyStream}, because MINA connects only by TCP. Any other client is turned away.
 */
final class LoopbackProxy implements AutoCloseable {

  private final ServerSocket server;
  private final ProxyStream stream;

  LoopbackProxy(ProxyStream stream) throws IOException {
    this.stream = stream;
    this.server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  }

  InetSocketAddress address() {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  ProxyStream stream() {
    return stream;
  }

  /** Passes on what comes from that address, and from no other, in the background. */
  void serve(SocketAddress client) {
    start(() -> accept(client), "rpi-deploy SSH through a proxy");
  }

  private void accept(SocketAddress client) {
    try {
      while (true) {
        Socket socket = server.accept();
        if (socket.getPort() != ((InetSocketAddress) client).getPort()) {
          socket.close();
          continue;
        }
        socket.setTcpNoDelay(true);
        server.close();
        start(() -> pump(socket), "rpi-deploy SSH to a proxy");
        back(socket);
        return;
      }
    } catch (IOException e) {
      stream.close();
    }
  }

  private void pump(Socket socket) {
    try (InputStream in = socket.getInputStream()) {
      copy(in, stream.out());
    } catch (IOException ended) {
      // The other direction says so, too.
    } finally {
      stream.close();
    }
  }

  private void back(Socket socket) throws IOException {
    try (socket;
        OutputStream out = socket.getOutputStream()) {
      copy(stream.in(), out);
    }
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
      out.flush();
    }
  }

  private static void start(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      // It is closed, as it should be.
    }
    stream.close();
  }
}
