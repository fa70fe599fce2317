package io.github.rpideploy.smoke;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.ssh.Pi;
import io.github.rpideploy.ssh.SshConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is reported when a service gives no answer. */
@Timeout(30)
class NoAnswerTest {

  private static final Duration PATIENT = Duration.ofSeconds(10);
  private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

  private static Pi pi;
  private static SshConnection connection;

  private ScheduledExecutorService threads;
  private Service service;
  private HttpTester tester;

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
    service = Service.start();
    tester = new HttpTester(connection);
    threads = Executors.newScheduledThreadPool(2);
  }

  @AfterEach
  void stop() {
    service.close();
    threads.shutdownNow();
  }

  @Test
  void a_closed_port_is_named_as_seen_from_the_pi() {
    service.close();
    assertThat(tester.attempt(service.test(true, PATIENT)))
        .isEqualTo(
            noAnswer(
                service.test(true, PATIENT),
                "connection refused at localhost:%d (as seen from %s)"
                    .formatted(service.port(), connection.name())));
  }

  @Test
  void a_closed_port_is_named_when_asked_directly() {
    service.close();
    assertThat(tester.attempt(service.test(false, PATIENT)))
        .isEqualTo(
            noAnswer(
                service.test(false, PATIENT), "connection refused at localhost:" + service.port()));
  }

  @Test
  void an_unknown_host_is_named() {
    SmokeTest.Http test = SmokeTest.http("http://no-such-host.invalid/", 200, false, PATIENT);
    assertThat(tester.attempt(test))
        .isEqualTo(noAnswer(test, "cannot resolve the host no-such-host.invalid"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_service_that_does_not_answer_is_given_up_in_time(boolean tunnelled) {
    CountDownLatch never = new CountDownLatch(1);
    service.handle(exchange -> Service.await(never));
    assertThat(tester.attempt(service.test(tunnelled, HALF_A_SECOND)))
        .isEqualTo(noAnswer(service.test(tunnelled, HALF_A_SECOND), "no answer within 500 ms"));
    never.countDown();
  }

  /** Every single read is in time, the answer as a whole is not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_service_that_trickles_bytes_is_given_up_in_time(boolean tunnelled) throws IOException {
    try (ServerSocket trickling = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> trickle(trickling));
      SmokeTest.Http test =
          SmokeTest.http(
              "http://localhost:" + trickling.getLocalPort(), 200, tunnelled, HALF_A_SECOND);
      assertThat(tester.attempt(test)).isEqualTo(noAnswer(test, "no answer within 500 ms"));
    }
  }

  @Test
  void a_service_that_closes_the_connection_gives_no_answer() throws IOException {
    try (ServerSocket closing = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> acceptAndClose(closing));
      SmokeTest.Http test =
          SmokeTest.http("http://localhost:" + closing.getLocalPort(), 200, true, PATIENT);
      assertThat(tester.attempt(test))
          .isEqualTo(noAnswer(test, "the connection was closed without an answer"));
    }
  }

  @Test
  void forbidden_forwarding_is_named(@TempDir Path home) {
    try (Pi strict = Pi.running().withoutForwarding();
        SshConnection other = strict.connect(home)) {
      assertThat(new HttpTester(other).attempt(service.test(true, PATIENT)))
          .matches(outcome -> !outcome.passed() && outcome.answer().isEmpty())
          .extracting(SmokeOutcome::state)
          .asString()
          .startsWith(
              service.test(true, PATIENT).shown()
                  + ": TCP forwarding is administratively prohibited on "
                  + other.name());
    }
  }

  @Test
  void an_interrupt_ends_the_waiting_and_stays_set() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    service.handle(
        exchange -> {
          asked.countDown();
          Service.await(never);
        });
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                tester.attempt(service.test(true, PATIENT));
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

  private static SmokeOutcome noAnswer(SmokeTest.Http test, String reason) {
    return SmokeOutcome.failed("GET " + test.url() + ": " + reason, "");
  }

  /** Sends the head of an answer byte by byte, and then a header that never ends. */
  private void trickle(ServerSocket server) {
    try (Socket client = server.accept()) {
      ByteBuffer head =
          ByteBuffer.wrap("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
      Runnable drop = () -> send(client, head.hasRemaining() ? head.get() : 'x');
      threads.scheduleAtFixedRate(drop, 0, 20, MILLISECONDS).get();
    } catch (IOException | InterruptedException | ExecutionException e) {
      // The client has had enough.
    }
  }

  private static void send(Socket client, int b) {
    try {
      client.getOutputStream().write(b);
    } catch (IOException e) {
      throw new UncheckedIOException("the client has had enough", e);
    }
  }

  private static void acceptAndClose(ServerSocket server) {
    try (Socket client = server.accept()) {
      client.getInputStream().read(new byte[4096]);
    } catch (IOException e) {
      // The test's assertion will tell.
    }
  }
}
