package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.remote.Command;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TunnelTest {

  @TempDir Path home;
  private Pi pi;
  private SshConnection connection;
  private ServerSocket service;

  @BeforeEach
  void connect() throws IOException {
    pi = Pi.running();
    connection = pi.connect(home);
    service = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void disconnect() throws IOException {
    service.close();
    connection.close();
    pi.close();
  }

  @Test
  void what_is_written_is_sent_at_once_and_answered() throws IOException {
    try (Socket socket = connected();
        Socket peer = service.accept()) {
      socket.getOutputStream().write("ping".getBytes(StandardCharsets.US_ASCII));
      assertThat(peer.getInputStream().readNBytes(4)).asString().isEqualTo("ping");
      peer.getOutputStream().write("pong".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readNBytes(4)).asString().isEqualTo("pong");
    }
  }

  /** A smoke test hangs up at the status line, while the body is still on its way. */
  @Test
  void hanging_up_while_the_other_side_talks_does_not_harm_the_connection() throws IOException {
    CompletableFuture<Void> talking = CompletableFuture.runAsync(this::talkToEveryone);
    for (int i = 0; i < 300; i++) {
      try (Socket socket = connected()) {
        assertThat(socket.getInputStream().read()).isPositive();
      }
    }
    assertThat(connection.exec(Command.of("echo", "still here")).stdout())
        .isEqualTo("still here\n");
    service.close();
    talking.join();
  }

  /** Until the service is closed: says something to each caller until that one hangs up. */
  private void talkToEveryone() {
    while (!service.isClosed()) {
      try (Socket peer = service.accept()) {
        while (true) {
          peer.getOutputStream().write("blah".getBytes(StandardCharsets.US_ASCII));
        }
      } catch (IOException hungUp) {
        // The next one, please.
      }
    }
  }

  @Test
  void each_side_can_end_its_half_and_read_on() throws IOException {
    try (Socket socket = connected();
        Socket peer = service.accept()) {
      socket.getOutputStream().write('?');
      socket.shutdownOutput();
      assertThat(peer.getInputStream().readAllBytes()).asString().isEqualTo("?");
      peer.getOutputStream().write('!');
      peer.shutdownOutput();
      assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("!");
    }
  }

  /** The service ends its half while ours is still open: HTTP without a length ends like this. */
  @Test
  void the_end_of_the_other_half_is_seen_while_ours_is_open() throws IOException {
    try (Socket socket = connected();
        Socket peer = service.accept()) {
      peer.getOutputStream().write("all".getBytes(StandardCharsets.US_ASCII));
      peer.shutdownOutput();
      assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("all");
    }
  }

  @Test
  void closing_the_socket_closes_the_connection_of_the_pi() throws IOException {
    Socket socket = connected();
    try (Socket peer = service.accept()) {
      socket.close();
      assertThat(socket.isClosed()).isTrue();
      assertThat(peer.getInputStream().read()).isNegative();
      assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void reading_gives_up_after_the_timeout_and_can_go_on() throws IOException {
    try (Socket socket = connected();
        Socket peer = service.accept()) {
      socket.setSoTimeout(50);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      peer.getOutputStream().write('!');
      socket.setSoTimeout(10_000);
      assertThat(socket.getInputStream().read()).isEqualTo('!');
    }
  }

  @Test
  void a_blocked_read_ends_when_the_socket_is_closed() throws Exception {
    Socket socket = connected();
    try (Socket peer = service.accept()) {
      peer.getOutputStream().write('!');
      assertThat(socket.getInputStream().read()).isEqualTo('!');
      CompletableFuture<Integer> read =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return socket.getInputStream().read();
                } catch (IOException e) {
                  return -1;
                }
              });
      socket.close();
      assertThat(read.get()).isNegative();
    }
  }

  @Test
  void a_closed_port_is_refused_as_seen_from_the_pi() throws IOException {
    int port = service.getLocalPort();
    service.close();
    assertThatThrownBy(() -> connectTo(port))
        .isInstanceOf(ConnectException.class)
        .hasMessage(
            "connection refused at localhost:"
                + port
                + " (as seen from pi@127.0.0.1:"
                + pi.port()
                + ")");
  }

  @Test
  void forbidden_forwarding_is_told_apart_from_a_closed_port() {
    pi.withoutForwarding();
    assertThatThrownBy(() -> connectTo(service.getLocalPort()))
        .isInstanceOf(ConnectException.class)
        .hasMessageContainingAll("administratively prohibited", "AllowTcpForwarding");
  }

  @Test
  void a_connection_that_is_gone_has_no_sockets() {
    connection.close();
    assertThatThrownBy(() -> connectTo(service.getLocalPort()))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("the SSH connection is gone");
  }

  private Socket connected() throws IOException {
    return connectTo(service.getLocalPort());
  }

  private Socket connectTo(int port) throws IOException {
    Socket socket = connection.socket();
    socket.connect(InetSocketAddress.createUnresolved("localhost", port), 10_000);
    return socket;
  }
}
