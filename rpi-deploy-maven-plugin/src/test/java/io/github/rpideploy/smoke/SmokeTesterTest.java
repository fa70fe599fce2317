package io.github.rpideploy.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.smoke.SmokeOutcome.Answered;
import io.github.rpideploy.smoke.SmokeOutcome.NoAnswer;
import io.github.rpideploy.smoke.SmokeOutcome.Passed;
import io.github.rpideploy.ssh.Pi;
import io.github.rpideploy.ssh.SshConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JDK HttpServer as the service, reached through an SSH server of this JVM or directly. */
@Timeout(30)
class SmokeTesterTest {

  private static final Duration PATIENT = Duration.ofSeconds(10);
  private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

  private static Pi pi;
  private static SshConnection connection;

  private final List<HttpExchange> requests = new CopyOnWriteArrayList<>();
  private ExecutorService threads;
  private HttpServer service;
  private SmokeTester tester;

  @BeforeAll
  static void connect(@TempDir Path home) {
    pi = Pi.running();
    connection = pi.connect(home);
  }

  @AfterAll
  static void disconnect() {
    connection.close();
    pi.close();
  }

  @BeforeEach
  void serve() throws IOException {
    threads = Executors.newCachedThreadPool();
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.setExecutor(threads);
    service.start();
    tester = new SmokeTester(connection);
  }

  @AfterEach
  void stop() {
    service.stop(0);
    threads.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_expected_status_passes(boolean tunnelled) {
    answer(200, "{\"status\":\"UP\"}");
    SmokeOutcome outcome = tester.attempt(test(tunnelled, PATIENT));
    assertThat(outcome).asInstanceOf(type(Passed.class)).extracting(Passed::status).isEqualTo(200);
    assertThat(((Passed) outcome).elapsed()).isPositive();
  }

  @Test
  void the_request_is_a_plain_get_of_ours() {
    answer(200, "");
    tester.attempt(test(true, PATIENT));
    assertThat(requests)
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.getRequestMethod()).isEqualTo("GET");
              assertThat(request.getRequestURI()).hasToString("/health");
              assertThat(request.getRequestHeaders().get("User-Agent"))
                  .containsExactly("rpi-deploy");
              assertThat(request.getRequestHeaders().getFirst("Host"))
                  .isEqualTo("localhost:" + port());
            });
  }

  @Test
  void another_status_is_an_answer_with_the_start_of_its_body() {
    answer(503, "{\"status\":\"DOWN\"} – äöü");
    assertThat(tester.attempt(test(true, PATIENT)))
        .isEqualTo(new Answered(503, "{\"status\":\"DOWN\"} – äöü"));
  }

  @Test
  void of_a_long_body_four_kibibytes_are_read() {
    answer(500, "x".repeat(1_000_000));
    assertThat(tester.attempt(test(true, PATIENT))).isEqualTo(new Answered(500, "x".repeat(4096)));
  }

  @Test
  void a_redirect_is_an_answer_and_not_followed() {
    handle(
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/login");
          exchange.sendResponseHeaders(302, -1);
        });
    assertThat(tester.attempt(test(true, PATIENT))).isEqualTo(new Answered(302, ""));
    assertThat(requests).hasSize(1);
  }

  @Test
  void no_cookie_and_no_connection_outlives_an_attempt() {
    handle(
        exchange -> {
          exchange.getResponseHeaders().add("Set-Cookie", "session=1");
          exchange.sendResponseHeaders(200, -1);
        });
    tester.attempt(test(true, PATIENT));
    tester.attempt(test(true, PATIENT));
    assertThat(requests).hasSize(2);
    assertThat(requests.get(1).getRequestHeaders()).doesNotContainKey("Cookie");
    assertThat(requests).extracting(HttpExchange::getRemoteAddress).doesNotHaveDuplicates();
  }

  @Test
  void a_closed_port_is_named_as_seen_from_the_pi() {
    service.stop(0);
    assertThat(tester.attempt(test(true, PATIENT)))
        .isEqualTo(
            new NoAnswer(
                "connection refused at localhost:%d (as seen from %s)"
                    .formatted(port(), connection.name())));
  }

  @Test
  void a_closed_port_is_named_when_asked_directly() {
    service.stop(0);
    assertThat(tester.attempt(test(false, PATIENT)))
        .isEqualTo(new NoAnswer("connection refused at localhost:" + port()));
  }

  @Test
  void a_host_that_nobody_knows_is_named() {
    SmokeTest test = SmokeTest.of("http://no-such-host.invalid/", 200, false, PATIENT);
    assertThat(tester.attempt(test))
        .isEqualTo(new NoAnswer("no address is known for the host no-such-host.invalid"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_service_that_does_not_answer_is_given_up_in_time(boolean tunnelled) {
    CountDownLatch never = new CountDownLatch(1);
    handle(exchange -> awaitQuietly(never));
    assertThat(tester.attempt(test(tunnelled, HALF_A_SECOND)))
        .isEqualTo(new NoAnswer("no answer within 500 ms"));
    never.countDown();
  }

  /** Every single read is in time, the answer as a whole is not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_service_that_trickles_bytes_is_given_up_in_time(boolean tunnelled) throws IOException {
    try (ServerSocket trickling = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> trickle(trickling));
      SmokeTest test =
          SmokeTest.of(
              "http://localhost:" + trickling.getLocalPort(), 200, tunnelled, HALF_A_SECOND);
      assertThat(tester.attempt(test)).isEqualTo(new NoAnswer("no answer within 500 ms"));
    }
  }

  @Test
  void an_endless_body_does_not_delay_a_passed_test() {
    handle(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            while (!Thread.currentThread().isInterrupted()) {
              body.write(new byte[1000]);
            }
          }
        });
    assertThat(tester.attempt(test(true, PATIENT))).isInstanceOf(Passed.class);
  }

  @Test
  void a_body_that_does_not_come_does_not_hide_the_status() {
    CountDownLatch never = new CountDownLatch(1);
    handle(
        exchange -> {
          exchange.sendResponseHeaders(500, 100);
          exchange.getResponseBody().flush();
          awaitQuietly(never);
        });
    assertThat(tester.attempt(test(true, HALF_A_SECOND))).isEqualTo(new Answered(500, ""));
    never.countDown();
  }

  @Test
  void a_service_that_closes_the_connection_gives_no_answer() throws IOException {
    try (ServerSocket closing = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> acceptAndClose(closing));
      SmokeTest test = SmokeTest.ofPort(closing.getLocalPort(), "/", 200, PATIENT);
      assertThat(tester.attempt(test))
          .isEqualTo(new NoAnswer("the connection was closed without an answer"));
    }
  }

  @Test
  void forbidden_forwarding_is_named(@TempDir Path home) {
    try (Pi strict = Pi.running().withoutForwarding();
        SshConnection other = strict.connect(home)) {
      assertThat(new SmokeTester(other).attempt(test(true, PATIENT)))
          .asInstanceOf(type(NoAnswer.class))
          .extracting(NoAnswer::reason)
          .asString()
          .startsWith("TCP forwarding is administratively prohibited on " + other.name());
    }
  }

  @Test
  void an_interrupt_ends_the_waiting_and_stays_set() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    handle(
        exchange -> {
          asked.countDown();
          awaitQuietly(never);
        });
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                tester.attempt(test(true, PATIENT));
                flag.complete(false);
              } catch (DeployException e) {
                flag.complete(Thread.currentThread().isInterrupted());
              }
            });
    thread.start();
    asked.await();
    thread.interrupt();
    assertThat(flag.get()).isTrue();
    never.countDown();
  }

  private SmokeTest test(boolean tunnelled, Duration timeout) {
    return SmokeTest.of("http://localhost:" + port() + "/health", 200, tunnelled, timeout);
  }

  private int port() {
    return service.getAddress().getPort();
  }

  private void answer(int status, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    handle(
        exchange -> {
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
        });
  }

  private void handle(HttpHandler handler) {
    service.createContext(
        "/",
        exchange -> {
          requests.add(exchange);
          try (exchange) {
            handler.handle(exchange);
          }
        });
  }

  private static void trickle(ServerSocket server) {
    try (Socket client = server.accept()) {
      while (true) {
        client.getOutputStream().write("HTTP/1.1 200 OK\r\nX: ".charAt(0));
        TimeUnit.MILLISECONDS.timedJoin(Thread.currentThread(), 50);
      }
    } catch (IOException | InterruptedException e) {
      // The client has had enough.
    }
  }

  private static void acceptAndClose(ServerSocket server) {
    try (Socket client = server.accept()) {
      client.getInputStream().read(new byte[4096]);
    } catch (IOException e) {
      // The test's assertion will tell.
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
