package io.github.rpideploy.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A link that can go dead: bytes are swallowed from then on, and neither side is told. */
final class Relay implements AutoCloseable {

  private final ServerSocket server;
  private final int target;
  private volatile boolean dead;

  private Relay(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  static Relay to(int target) throws IOException {
    Relay relay = new Relay(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()), target);
    daemon(relay::serve);
    return relay;
  }

  int port() {
    return server.getLocalPort();
  }

  void swallow() {
    dead = true;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void serve() throws IOException {
    Socket near = server.accept();
    Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
    daemon(() -> copy(near, far));
    daemon(() -> copy(far, near));
  }

  private void copy(Socket from, Socket to) throws IOException {
    byte[] buffer = new byte[8192];
    for (int n = 0; n >= 0; n = from.getInputStream().read(buffer)) {
      if (!dead) {
        to.getOutputStream().write(buffer, 0, n);
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void daemon(Step step) {
    Thread thread =
        new Thread(
            () -> {
              try {
                step.run();
              } catch (IOException e) {
                // One of the ends was closed.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
