package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.session.ServerSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ConnectTest {

  private static final Duration SHORT = Duration.ofSeconds(1);

  @TempDir Path home;

  @Test
  void a_host_name_that_nobody_knows_is_named() {
    assertThat(failure(settings("no-such-host.invalid", 22)))
        .hasMessage("No address is known for the host no-such-host.invalid");
  }

  @Test
  void a_closed_port_is_a_refused_connection() throws IOException {
    int port;
    try (ServerSocket server = new ServerSocket(0)) {
      port = server.getLocalPort();
    }
    DeployException failure = failure(settings("127.0.0.1", port));
    assertThat(failure).hasMessage("Cannot connect to 127.0.0.1:" + port + ": connection refused");
    assertThat(failure.hint()).contains("-Drpi.host", "ssh -p " + port + " pi@127.0.0.1");
  }

  @Test
  void a_host_that_does_not_answer_is_given_up_in_time() throws IOException {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
        Socket second = new Socket(full.getInetAddress(), full.getLocalPort())) {
      assertThat(first.isConnected() && second.isConnected()).isTrue();
      assertThat(failure(settings("127.0.0.1", full.getLocalPort())))
          .hasMessageContainingAll("Cannot connect to 127.0.0.1:", "no answer within 1 s");
    }
  }

  @Test
  void a_web_server_is_no_ssh_server() throws IOException {
    try (ServerSocket web = new ServerSocket(0)) {
      Thread thread = new Thread(() -> answer(web, "HTTP/1.1 400 Bad Request\r\n\r\n"));
      thread.start();
      assertThat(failure(settings("127.0.0.1", web.getLocalPort())))
          .hasMessageContainingAll("is not an SSH server", "it says \"HTTP/1.1 400 Bad Request\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Not allowed at this time", "Exceeded MaxStartups"})
  void a_server_that_turns_this_machine_away_is_one(String line) throws IOException {
    try (ServerSocket away = new ServerSocket(0)) {
      new Thread(() -> answer(away, line + "\r\n")).start();
      assertThat(failure(settings("127.0.0.1", away.getLocalPort())))
          .hasMessageContainingAll("turns this machine away for a while", line);
    }
  }

  @Test
  void a_server_that_closes_at_once_is_no_ssh_server() throws IOException {
    try (ServerSocket closing = new ServerSocket(0)) {
      new Thread(() -> answer(closing, "")).start();
      assertThat(failure(settings("127.0.0.1", closing.getLocalPort())))
          .hasMessageContainingAll("is not an SSH server", "the other side closed it");
    }
  }

  @Test
  void a_server_that_says_nothing_is_no_ssh_server() throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      assertThat(failure(settings("127.0.0.1", silent.getLocalPort())))
          .hasMessageContainingAll("is not an SSH server", "no answer within 1 s");
    }
  }

  @Test
  void a_server_with_which_nothing_can_be_agreed_on_says_so() {
    try (Pi pi = Pi.prepared()) {
      pi.server()
          .setKeyExchangeFactories(
              List.of(
                  ServerBuilder.DH2KEX.apply(
                      BuiltinDHFactories.resolveFactory("diffie-hellman-group1-sha1"))));
      pi.start();
      assertThat(failure(pi.settings(home)))
          .hasMessageContaining("No secure connection to 127.0.0.1:" + pi.port());
    }
  }

  @Test
  void the_name_of_the_host_is_tried_at_every_address() {
    try (Pi pi = Pi.running()) {
      SshSettings byAddress = pi.settings(home);
      String line = pi.knownHosts().isEmpty() ? Keys.text(home.resolve("known_hosts")) : "";
      Keys.write(home.resolve("known_hosts"), line.replace("127.0.0.1", "localhost"));
      // localhost is ::1, too, where nobody listens.
      SshSettings byName =
          SshSettings.of("localhost", pi.port(), "pi")
              .with(byAddress.login())
              .withKnownHosts(byAddress.trust().files());
      try (SshConnection connection = pi.connect(byName)) {
        assertThat(connection.name()).isEqualTo("pi@localhost:" + pi.port());
        assertThat(connection.exec(Command.of("true")).ok()).isTrue();
      }
    }
  }

  @Test
  void an_interrupt_ends_connecting_and_stays_set() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      CountDownLatch over = new CountDownLatch(1);
      boolean[] flag = new boolean[1];
      SshSettings patient =
          settings("127.0.0.1", silent.getLocalPort())
              .withTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(20));
      Thread thread =
          new Thread(
              () -> {
                assertThat(failure(patient)).hasMessageContaining("was interrupted");
                flag[0] = Thread.currentThread().isInterrupted();
                over.countDown();
              });
      thread.start();
      silent.accept();
      thread.interrupt();
      over.await();
      assertThat(flag[0]).isTrue();
    }
  }

  @Test
  void a_link_that_goes_dead_is_noticed_by_the_missing_signs_of_life() throws Exception {
    try (Pi pi = Pi.running();
        Relay relay = Relay.to(pi.port())) {
      SshSettings settings = pi.settings(home);
      Keys.write(
          home.resolve("known_hosts"),
          Keys.text(home.resolve("known_hosts")).replace(":" + pi.port(), ":" + relay.port()));
      try (SshConnection connection =
          pi.connect(
              settings
                  .withPort(relay.port())
                  .withTimeouts(Duration.ofSeconds(10), Duration.ofMillis(200)))) {
        CountDownLatch started = new CountDownLatch(1);
        assertThatThrownBy(
                () ->
                    connection.exec(
                        Command.script("echo started; exec sleep 100"),
                        out -> {
                          relay.swallow();
                          started.countDown();
                        }))
            .isInstanceOf(DeployException.class)
            .hasMessageContainingAll("was lost", "it gave no sign of life");
      }
    }
  }

  private static DeployException failure(SshSettings settings) {
    return catchThrowableOfType(
        DeployException.class, () -> SshConnection.open(settings, event -> {}).close());
  }

  private SshSettings settings(String host, int port) {
    return SshSettings.of(host, port, "pi")
        .withKnownHosts(List.of(home.resolve("known_hosts")))
        .withTimeouts(SHORT, SHORT);
  }

  private static void answer(ServerSocket server, String text) {
    try (Socket client = server.accept()) {
      client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      client.shutdownOutput();
      // Closing with bytes unread would reset the connection and drop what was said.
      client.getInputStream().readAllBytes();
    } catch (IOException e) {
      // The client will say what it saw.
    }
  }

  @Test
  void what_is_said_before_the_host_key_is_known_neither_commands_the_terminal_nor_makes_lines()
      throws IOException {
    try (ServerSocket hostile = new ServerSocket(0)) {
      new Thread(() -> answer(hostile, "\033]52;c;eA==\007hi\t[INFO] BUILD SUCCESS\r\n")).start();
      assertThat(failure(settings("127.0.0.1", hostile.getLocalPort())))
          .hasMessageContaining("it says \"?]52;c;eA==?hi [INFO] BUILD SUCCESS\"");
    }
  }

  @Test
  void nor_does_the_reason_of_a_disconnect() {
    try (Pi pi = Pi.prepared()) {
      pi.server()
          .setPublickeyAuthenticator(
              (user, key, session) -> {
                disconnect(session, "bye\n[INFO] BUILD SUCCESS\r\n\033]52;c;eA==\007\u009b2J");
                return false;
              });
      pi.start();
      assertThat(failure(pi.settings(home)).getMessage().lines())
          .contains(
              "Cannot log in to pi@127.0.0.1:"
                  + pi.port()
                  + ": bye [INFO] BUILD SUCCESS ?]52;c;eA==??2J");
    }
  }

  private static void disconnect(ServerSession session, String text) {
    try {
      session.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
