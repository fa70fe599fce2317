package io.github.rpideploy.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.ssh.Pi;
import io.github.rpideploy.ssh.SshConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets, reached through an SSH server of this JVM or directly. */
@Timeout(30)
class TcpTesterTest {

  private static final Duration PATIENT = Duration.ofSeconds(10);

  private static Pi pi;
  private static SshConnection connection;

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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_connection_that_stays_open_passes(boolean tunnelled) throws IOException {
    try (ServerSocket server = listen()) {
      TcpTester tester = new TcpTester(connection, Duration.ofMillis(100));
      assertThat(tester.attempt(test(server, tunnelled)))
          .isEqualTo(SmokeOutcome.passed(shown(server) + " accepts connections"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_server_that_greets_passes_at_once(boolean tunnelled) throws Exception {
    try (ServerSocket server = listen()) {
      CompletableFuture<Socket> greeted = accept(server, true);
      // Without the greeting it would wait for an hour.
      TcpTester tester = new TcpTester(connection, Duration.ofHours(1));
      assertThat(tester.attempt(test(server, tunnelled)))
          .isEqualTo(SmokeOutcome.passed(shown(server) + " accepts connections"));
      greeted.get().close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_connection_that_is_closed_at_once_does_not_pass(boolean tunnelled) throws Exception {
    try (ServerSocket server = listen()) {
      CompletableFuture<Void> closed = accept(server, false).thenAccept(TcpTesterTest::close);
      assertThat(new TcpTester(connection, Duration.ofHours(1)).attempt(test(server, tunnelled)))
          .isEqualTo(
              SmokeOutcome.failed(shown(server) + ": the connection was closed at once", ""));
      closed.get();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_closed_port_does_not_pass(boolean tunnelled) throws IOException {
    ServerSocket server = listen();
    server.close();
    SmokeOutcome outcome = new TcpTester(connection).attempt(test(server, tunnelled));
    assertThat(outcome.passed()).isFalse();
    assertThat(outcome.state())
        .startsWith(shown(server) + ": ")
        .containsIgnoringCase("connection refused");
  }

  @Test
  void an_impossible_port_is_refused() {
    assertThatThrownBy(() -> new SmokeTest.Tcp("localhost", 70000, true, PATIENT))
        .isInstanceOf(DeployException.class)
        .hasMessage("Not a TCP port: 70000");
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  private static SmokeTest.Tcp test(ServerSocket server, boolean tunnelled) {
    return new SmokeTest.Tcp("localhost", server.getLocalPort(), tunnelled, PATIENT);
  }

  private static String shown(ServerSocket server) {
    return "TCP localhost:" + server.getLocalPort();
  }

  private static CompletableFuture<Socket> accept(ServerSocket server, boolean greet) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            Socket socket = server.accept();
            if (greet) {
              socket.getOutputStream().write('+');
            }
            return socket;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
