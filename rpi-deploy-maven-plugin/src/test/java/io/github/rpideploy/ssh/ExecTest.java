package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.report.Event;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ExecTest {

  @TempDir Path home;
  private Pi pi;
  private SshConnection connection;

  @BeforeEach
  void connect() {
    pi = Pi.running();
    connection = pi.connect(home);
  }

  @AfterEach
  void disconnect() {
    connection.close();
    pi.close();
  }

  @Test
  void a_command_gives_its_output_and_its_status() {
    ExecResult result =
        connection.exec(Command.script("echo out; echo err >&2; exit 3"), Stdin.EMPTY);
    assertThat(result).isEqualTo(new ExecResult(3, null, "out\n", "err\n"));
  }

  @Test
  void arguments_arrive_as_they_are() {
    List<String> args =
        List.of("a b", "", "it's", "$HOME `id`", "back\\slash", "two\nlines", "äöü€😀");
    ExecResult result =
        connection.exec(Command.script("printf '<%s>' \"$@\"", args.toArray(String[]::new)));
    assertThat(result.stdout()).isEqualTo("<" + String.join("><", args) + ">");
  }

  @Test
  void standard_input_reaches_the_command_up_to_its_end() {
    assertThat(connection.exec(Command.of("cat"), Stdin.of("Grüße")).stdout()).isEqualTo("Grüße");
  }

  @Test
  void sixty_four_megabytes_of_input_arrive_unchanged() throws Exception {
    MessageDigest sent = MessageDigest.getInstance("SHA-256");
    ExecResult result =
        connection.exec(
            Command.of("sha256sum"), out -> Streams.random(out, 64 * Streams.MIB, sent));
    assertThat(result.stdout()).startsWith(HexFormat.of().formatHex(sent.digest()));
  }

  @Test
  void what_is_echoed_while_input_still_flows_does_not_block_anything() throws Exception {
    MessageDigest sent = MessageDigest.getInstance("SHA-256");
    MessageDigest received = MessageDigest.getInstance("SHA-256");
    ExecResult result =
        connection.exec(
            Command.of("cat"),
            out -> Streams.random(out, 32 * Streams.MIB, sent),
            new OutputStream() {
              @Override
              public void write(int b) {
                received.update((byte) b);
              }

              @Override
              public void write(byte[] bytes, int offset, int length) {
                received.update(bytes, offset, length);
              }
            });
    assertThat(result.ok()).isTrue();
    assertThat(received.digest()).isEqualTo(sent.digest());
  }

  @Test
  void keys_are_exchanged_anew_in_the_middle_of_a_stream() throws Exception {
    connection.close();
    CoreModuleProperties.REKEY_BYTES_LIMIT.set(pi.server(), 4L * Streams.MIB);
    connection = pi.connect(home);
    MessageDigest sent = MessageDigest.getInstance("SHA-256");
    ExecResult result =
        connection.exec(
            Command.of("sha256sum"), out -> Streams.random(out, 32 * Streams.MIB, sent));
    assertThat(result.stdout()).startsWith(HexFormat.of().formatHex(sent.digest()));
  }

  @Test
  void the_output_of_one_command_can_be_the_input_of_another() {
    ByteArrayOutputStream end = new ByteArrayOutputStream();
    ExecResult second =
        connection.exec(
            Command.of("wc", "-c"),
            out ->
                connection.exec(Command.of("head", "-c", "9000000", "/dev/zero"), Stdin.EMPTY, out),
            end);
    assertThat(second.ok()).isTrue();
    assertThat(end.toString(StandardCharsets.UTF_8).strip()).isEqualTo("9000000");
  }

  @Test
  void a_command_that_ends_before_its_input_is_a_result() {
    ExecResult result =
        connection.exec(
            Command.script("head -c 10 >/dev/null; echo no space left >&2; exit 1"),
            out -> Streams.random(out, 64 * Streams.MIB, null));
    assertThat(result.exitStatus()).isEqualTo(1);
    assertThat(result.stderr()).isEqualTo("no space left\n");
  }

  @Test
  void a_command_that_was_ended_by_a_signal_says_which() {
    connection.close();
    pi.server().setCommandFactory((channel, line) -> new SignalledCommand("KILL", line));
    connection = pi.connect(home);
    ExecResult result = connection.exec(Command.of("docker", "load"));
    assertThat(result.signal()).isEqualTo("KILL");
    assertThat(result.exitStatus()).isEqualTo(-1);
    assertThat(result.ok()).isFalse();
  }

  @Test
  void what_the_login_shell_prints_at_its_start_is_dropped() {
    connection.close();
    Path rc = Keys.write(home.resolve("rc"), "echo Welcome to the Pi; echo =; echo tty? >&2\n");
    pi.loginShell("env", "BASH_ENV=" + rc, "bash");
    connection = pi.connect(home);
    ExecResult result = connection.exec(Command.script("echo out; echo err >&2"));
    assertThat(result).isEqualTo(new ExecResult(0, null, "out\n", "err\n"));
  }

  @Test
  void a_missing_program_is_a_result() {
    ExecResult result = connection.exec(Command.of("no-such-program"));
    assertThat(result.exitStatus()).isEqualTo(127);
    assertThat(result.stderr()).contains("no-such-program");
  }

  @Test
  void only_the_end_of_a_long_standard_error_is_kept() {
    ExecResult result =
        connection.exec(Command.script("head -c 1000000 /dev/zero | tr '\\0' x >&2; echo end >&2"));
    assertThat(result.stderr()).hasSize(64 * 1024).endsWith("xxxend\n");
  }

  @Test
  void several_commands_run_at_the_same_time() {
    List<String> outputs =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> connection.exec(Command.of("cat"), Stdin.of("text " + i)).stdout()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    assertThat(outputs)
        .containsExactlyElementsOf(IntStream.range(0, 8).mapToObj(i -> "text " + i).toList());
  }

  @Test
  void connecting_is_reported_with_the_key_that_was_accepted() {
    assertThat(pi.events())
        .singleElement()
        .asInstanceOf(type(Event.Connected.class))
        .satisfies(
            event -> {
              assertThat(event.host()).isEqualTo("pi@127.0.0.1:" + pi.port());
              assertThat(event.authentication())
                  .startsWith("ssh-ed25519 SHA256:")
                  .endsWith(home.resolve("id_test").toString());
              assertThat(event.elapsed()).isPositive();
            });
  }

  @Test
  void closing_leaves_no_thread_that_would_keep_the_jvm() throws InterruptedException {
    connection.exec(Command.of("true"));
    connection.close();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().contains("SshClient")) {
        // It was told to end; on a busy machine it may not have come to that yet.
        thread.join(10_000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }
}
