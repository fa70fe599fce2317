package io.github.rpideploy.it.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A port of this machine that leads to another over a long way, and counts how often the one who
 * came in had to wait for an answer before going on.
 */
public final class SlowLink implements AutoCloseable {

  private final ServerSocket server;
  private final String host;
  private final int port;
  private final Duration oneWay;
  private int roundTrips;
  private boolean answered;

  public SlowLink(String host, int port, Duration roundTrip) throws IOException {
    this.server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    this.host = host;
    this.port = port;
    this.oneWay = roundTrip.dividedBy(2);
    start(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** How often something went to the server after an answer, the TCP connection included. */
  public synchronized int roundTrips() {
    return roundTrips;
  }

  public synchronized void reset() {
    roundTrips = 0;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket there = new Socket(host, port);
        client.setTcpNoDelay(true);
        there.setTcpNoDelay(true);
        // The server speaks first, which is the answer to the connection.
        answered(true);
        carry(client, there, true);
        carry(there, client, false);
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private synchronized void answered(boolean now) {
    if (!now && answered) {
      roundTrips++;
    }
    answered = now;
  }

  private void carry(Socket from, Socket to, boolean toServer) {
    record Part(ByteBuffer bytes, long due) {}
    BlockingQueue<Part> way = new LinkedBlockingQueue<>();
    start(
        () -> {
          try (InputStream in = from.getInputStream()) {
            byte[] buffer = new byte[64 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
              if (toServer) {
                answered(false);
              }
              way.add(
                  new Part(
                      ByteBuffer.wrap(buffer.clone(), 0, n), System.nanoTime() + oneWay.toNanos()));
            }
          } catch (IOException ended) {
            // It has hung up.
          }
          way.add(new Part(ByteBuffer.allocate(0), System.nanoTime() + oneWay.toNanos()));
        });
    start(
        () -> {
          try (to;
              OutputStream out = to.getOutputStream()) {
            for (Part part = way.take(); part.bytes().hasRemaining(); part = way.take()) {
              TimeUnit.NANOSECONDS.sleep(part.due() - System.nanoTime());
              if (!toServer) {
                answered(true);
              }
              out.write(part.bytes().array(), 0, part.bytes().remaining());
              out.flush();
            }
          } catch (IOException | InterruptedException ended) {
            // Nobody is there any more.
          }
        });
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
