package io.github.rpideploy.it.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A port of this machine that leads to another. */
public final class TcpForward implements AutoCloseable {

  private final ServerSocket server;
  private final String host;
  private final int port;

  public TcpForward(InetAddress address, String host, int port) throws IOException {
    this.server = new ServerSocket(0, 50, address);
    this.host = host;
    this.port = port;
    start(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket there = new Socket(host, port);
        start(() -> copy(client, there));
        start(() -> copy(there, client));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException ended) {
      // One side has hung up.
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
