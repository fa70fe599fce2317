package io.github.rpideploy.smoke;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A service with an HTTP port on the loopback interface. */
final class Service implements AutoCloseable {

  private final List<HttpExchange> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  private Service(HttpServer server) {
    this.server = server;
  }

  static Service start() throws IOException {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Service service = new Service(HttpServer.create(free, 0));
    service.server.setExecutor(service.threads);
    service.server.start();
    return service;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** A test of this service that expects 200. */
  SmokeTest.Http test(boolean tunnelled, Duration timeout) {
    return SmokeTest.http("http://localhost:" + port() + "/health", 200, tunnelled, timeout);
  }

  void answer(int status, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    handle(
        exchange -> {
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
        });
  }

  void handle(HttpHandler handler) {
    server.createContext(
        "/",
        exchange -> {
          requests.add(exchange);
          try (exchange) {
            handler.handle(exchange);
          }
        });
  }

  /** What has been asked, in order. */
  List<HttpExchange> requests() {
    return requests;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
