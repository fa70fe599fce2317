package io.github.rpideploy.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.github.rpideploy.ssh.Pi;
import io.github.rpideploy.ssh.SshConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
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
class HttpTesterTest {

  private static final Duration PATIENT = Duration.ofSeconds(10);
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

  private static Pi pi;
  private static SshConnection connection;

  private Service service;
  private HttpTester tester;

  @BeforeAll
  static void connect(@TempDir Path home) throws IOException {
    pi = Pi.running();
    connection = pi.connect(home);
    // On a busy machine the first request of a JVM takes longer than a test's limit: classes load.
    try (Service first = Service.start()) {
      first.answer(200, "");
      new HttpTester(connection).attempt(first.test(true, PATIENT));
    }
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
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_expected_status_passes(boolean tunnelled) {
    service.answer(200, "{\"status\":\"UP\"}");
    assertThat(tester.attempt(service.test(tunnelled, PATIENT)))
        .isEqualTo(SmokeOutcome.passed(url() + " answered 200"));
  }

  @Test
  void the_request_is_a_plain_GET() {
    service.answer(200, "");
    tester.attempt(service.test(true, PATIENT));
    assertThat(service.requests())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.getRequestMethod()).isEqualTo("GET");
              assertThat(request.getRequestURI()).hasToString("/health");
              assertThat(request.getRequestHeaders().get("User-Agent"))
                  .containsExactly("rpi-deploy");
              assertThat(request.getRequestHeaders().getFirst("Host"))
                  .isEqualTo("localhost:" + service.port());
            });
  }

  @Test
  void headers_are_sent() {
    service.answer(200, "");
    tester.attempt(
        service
            .test(true, PATIENT)
            .withHeaders(Map.of("Authorization", "Bearer t0k", "Accept", "text/plain")));
    assertThat(service.requests().get(0).getRequestHeaders())
        .containsEntry("Authorization", List.of("Bearer t0k"))
        .containsEntry("Accept", List.of("text/plain"));
  }

  @Test
  void the_body_must_match_too() {
    service.answer(200, "{\"status\":\"UP\"}");
    SmokeTest.Http test = service.test(true, PATIENT);

    assertThat(tester.attempt(test.withBody(List.of(BodyMatch.hasValue("/status=UP")))))
        .isEqualTo(SmokeOutcome.passed(url() + " answered 200"));
    assertThat(
            tester.attempt(
                test.withBody(
                    List.of(new BodyMatch.Contains("UP"), BodyMatch.hasValue("/status=DOWN")))))
        .isEqualTo(
            SmokeOutcome.failed(
                url() + " answers 200, but its body does not have DOWN at /status",
                "{\"status\":\"UP\"}"));
  }

  @Test
  void a_match_is_found_deep_inside_a_long_body() {
    service.answer(200, "x".repeat(900_000) + "needle");
    assertThat(
            tester.attempt(
                service.test(true, PATIENT).withBody(List.of(new BodyMatch.Contains("needle")))))
        .isEqualTo(SmokeOutcome.passed(url() + " answered 200"));
  }

  @Test
  void a_body_that_does_not_arrive_does_not_match() {
    CountDownLatch never = new CountDownLatch(1);
    service.handle(
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().flush();
          Service.await(never);
        });
    assertThat(
            tester.attempt(
                service
                    .test(true, TWO_SECONDS)
                    .withBody(List.of(new BodyMatch.Contains("needle")))))
        .isEqualTo(
            SmokeOutcome.failed(
                url() + " answers 200, but its body did not arrive completely", ""));
    never.countDown();
  }

  /** The connection ends in the middle, however much time is left. */
  @Test
  void a_body_that_breaks_off_is_not_taken_for_the_whole() {
    service.handle(
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write("half".getBytes(StandardCharsets.US_ASCII));
          exchange.getResponseBody().flush();
          throw new IOException("the service breaks off");
        });
    assertThat(
            tester.attempt(
                service.test(true, PATIENT).withBody(List.of(new BodyMatch.Contains("needle")))))
        .isEqualTo(
            SmokeOutcome.failed(
                url() + " answers 200, but its body did not arrive completely", "half"));
  }

  @Test
  void another_status_fails_and_quotes_the_start_of_the_body() {
    service.answer(503, "{\"status\":\"DOWN\"} – äöü");
    assertThat(tester.attempt(service.test(true, PATIENT)))
        .isEqualTo(
            SmokeOutcome.failed(url() + " answers 503, not 200", "{\"status\":\"DOWN\"} – äöü"));
  }

  @Test
  void of_a_long_body_four_KiB_are_kept() {
    service.answer(500, "x".repeat(1_000_000));
    assertThat(tester.attempt(service.test(true, PATIENT)))
        .isEqualTo(SmokeOutcome.failed(url() + " answers 500, not 200", "x".repeat(4096)));
  }

  @Test
  void a_redirect_is_an_answer_and_is_not_followed() {
    service.handle(
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/login");
          exchange.sendResponseHeaders(302, -1);
        });
    assertThat(tester.attempt(service.test(true, PATIENT)))
        .isEqualTo(SmokeOutcome.failed(url() + " answers 302, not 200", ""));
    assertThat(service.requests()).hasSize(1);
  }

  @Test
  void no_cookie_and_no_connection_outlives_an_attempt() {
    service.handle(
        exchange -> {
          exchange.getResponseHeaders().add("Set-Cookie", "session=1");
          exchange.sendResponseHeaders(200, -1);
        });
    tester.attempt(service.test(true, PATIENT));
    tester.attempt(service.test(true, PATIENT));
    assertThat(service.requests()).hasSize(2);
    assertThat(service.requests().get(1).getRequestHeaders()).doesNotContainKey("Cookie");
    assertThat(service.requests())
        .extracting(HttpExchange::getRemoteAddress)
        .doesNotHaveDuplicates();
  }

  @Test
  void an_endless_body_does_not_delay_a_passed_test() {
    service.handle(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            while (!Thread.currentThread().isInterrupted()) {
              body.write(new byte[1000]);
            }
          }
        });
    assertThat(tester.attempt(service.test(true, PATIENT)))
        .isEqualTo(SmokeOutcome.passed(url() + " answered 200"));
  }

  @Test
  void a_body_that_does_not_arrive_does_not_hide_the_status() {
    CountDownLatch never = new CountDownLatch(1);
    service.handle(
        exchange -> {
          exchange.sendResponseHeaders(500, 100);
          exchange.getResponseBody().flush();
          Service.await(never);
        });
    assertThat(tester.attempt(service.test(true, TWO_SECONDS)))
        .isEqualTo(SmokeOutcome.failed(url() + " answers 500, not 200", ""));
    never.countDown();
  }

  @Test
  void a_header_that_the_service_repeats_is_not_in_the_outcome() {
    service.answer(401, "no such token: t0ken");
    assertThat(
            tester.attempt(
                service.test(true, PATIENT).withHeaders(Map.of("Authorization", "Bearer t0ken"))))
        .isEqualTo(
            SmokeOutcome.failed(url() + " answers 401, not 200", "no such token: [Authorization]"));
  }

  private String url() {
    return "GET http://localhost:" + service.port() + "/health";
  }
}
