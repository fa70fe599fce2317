package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.report.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ExecTest {

  private static final int MIB = 1024 * 1024;

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
        connection.exec(Command.of("sha256sum"), out -> writeRandom(out, 64 * MIB, sent));
    assertThat(result.stdout()).startsWith(HexFormat.of().formatHex(sent.digest()));
  }

  @Test
  void what_is_echoed_while_input_still_flows_does_not_block_anything() throws Exception {
    MessageDigest sent = MessageDigest.getInstance("SHA-256");
    MessageDigest received = MessageDigest.getInstance("SHA-256");
    ExecResult result =
        connection.exec(
            Command.of("cat"),
            out -> writeRandom(out, 32 * MIB, sent),
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
    CoreModuleProperties.REKEY_BYTES_LIMIT.set(pi.server(), 4L * MIB);
    connection = pi.connect(home);
    MessageDigest sent = MessageDigest.getInstance("SHA-256");
    ExecResult result =
        connection.exec(Command.of("sha256sum"), out -> writeRandom(out, 32 * MIB, sent));
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
            out -> writeRandom(out, 64 * MIB, null));
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
  void a_login_shell_that_runs_nothing_is_a_failure_that_quotes_it() {
    connection.close();
    pi.loginShell("sh", "-c", "echo This account is currently not available.; exit 1");
    connection = pi.connect(home);
    assertThatThrownBy(() -> connection.exec(Command.of("docker", "info")))
        .isInstanceOf(DeployException.class)
        .hasMessageContainingAll(
            "`docker info` was not run on pi@127.0.0.1:",
            "status 1",
            "This account is currently not available.");
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
  void more_output_than_is_kept_is_a_failure() {
    assertThatThrownBy(() -> connection.exec(Command.of("head", "-c", "20000000", "/dev/zero")))
        .isInstanceOf(DeployException.class)
        .hasMessageContainingAll("`head -c 20000000 /dev/zero`", "more than 16 MiB");
  }

  @Test
  void a_command_that_does_not_end_in_time_is_ended_and_the_connection_goes_on() throws Exception {
    Path pid = home.resolve("pid");
    Command slow =
        Command.script("echo $$ > \"$1\"; echo still busy >&2; exec sleep 100", pid.toString());
    assertThatThrownBy(() -> connection.exec(slow.within(Duration.ofMillis(500))))
        .isInstanceOf(DeployException.class)
        .hasMessageContainingAll("did not end within 0 s", "still busy");
    assertThat(connection.exec(Command.of("echo", "on")).stdout()).isEqualTo("on\n");
    ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        .ifPresent(process -> process.onExit().join());
  }

  @Test
  void the_time_of_a_command_starts_with_the_end_of_its_input() {
    CountDownLatch over = new CountDownLatch(1);
    CompletableFuture.delayedExecutor(600, java.util.concurrent.TimeUnit.MILLISECONDS)
        .execute(over::countDown);
    ExecResult result =
        connection.exec(
            Command.of("cat").within(Duration.ofMillis(500)),
            out -> {
              awaitQuietly(over);
              out.write('x');
            });
    assertThat(result.stdout()).isEqualTo("x");
  }

  @Test
  void an_interrupt_ends_a_waiting_command_and_stays_set() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    assertInterrupted(
        started,
        () ->
            connection.exec(
                Command.script("echo started; exec sleep 100"), Stdin.EMPTY, opening(started)));
  }

  @Test
  void an_interrupt_ends_a_command_that_does_not_take_its_input() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    assertInterrupted(
        started,
        () ->
            connection.exec(
                Command.of("sleep", "100"),
                out -> {
                  started.countDown();
                  writeRandom(out, 64 * MIB, null);
                }));
  }

  @Test
  void a_connection_that_is_cut_in_the_middle_is_a_failure() {
    assertThatThrownBy(
            () ->
                connection.exec(
                    Command.script("cat >/dev/null"),
                    out -> {
                      writeRandom(out, 4 * MIB, null);
                      pi.cut();
                      writeRandom(out, 64 * MIB, null);
                    }))
        .isInstanceOf(DeployException.class)
        .hasMessageContainingAll("connection to pi@127.0.0.1:", "was lost while");
  }

  @Test
  void nothing_runs_on_a_connection_that_is_gone() {
    connection.close();
    assertThatThrownBy(() -> connection.exec(Command.of("true")))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("was lost");
  }

  @Test
  void input_that_cannot_be_produced_is_a_failure_and_ends_the_command() throws Exception {
    Path copy = home.resolve("copy");
    CountDownLatch started = new CountDownLatch(1);
    Command write =
        Command.script("echo started; cat > \"$1.part\" && mv \"$1.part\" \"$1\"", copy.toString());
    assertThatThrownBy(
            () ->
                connection.exec(
                    write,
                    out -> {
                      awaitQuietly(started);
                      throw new IOException("the tarball is damaged");
                    },
                    opening(started)))
        .isInstanceOf(DeployException.class)
        .hasMessageContainingAll("could not be produced", "the tarball is damaged");
    assertThat(connection.exec(Command.of("true")).ok()).isTrue();
    assertThat(copy).doesNotExist();
  }

  @Test
  void a_failure_of_ours_while_input_is_produced_passes_unchanged() {
    DeployException ours = new DeployException("the image is for amd64", "build for arm64");
    assertThatThrownBy(
            () ->
                connection.exec(
                    Command.of("cat"),
                    out -> {
                      throw ours;
                    }))
        .isSameAs(ours);
  }

  @Test
  void an_output_that_takes_nothing_more_ends_the_command() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left on device");
          }
        };
    assertThatThrownBy(() -> connection.exec(Command.of("yes"), Stdin.EMPTY, full))
        .isInstanceOf(DeployException.class)
        .hasMessageContainingAll("`yes`", "could not be kept", "no space left on device");
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
  void closing_leaves_no_thread_that_would_keep_the_jvm() {
    connection.exec(Command.of("true"));
    connection.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().contains("SshClient") && thread.isAlive())
        .isEmpty();
  }

  private static void writeRandom(OutputStream out, int length, @Nullable MessageDigest digest)
      throws IOException {
    Random random = new Random(42);
    byte[] chunk = new byte[100_000];
    for (int left = length; left > 0; left -= chunk.length) {
      random.nextBytes(chunk);
      int n = Math.min(left, chunk.length);
      if (digest != null) {
        digest.update(chunk, 0, n);
      }
      out.write(chunk, 0, n);
    }
  }

  private static void assertInterrupted(CountDownLatch started, Runnable exec) throws Exception {
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                exec.run();
                flag.completeExceptionally(new AssertionError("it was not interrupted"));
              } catch (DeployException e) {
                boolean set = Thread.currentThread().isInterrupted();
                flag.complete(set && e.getMessage().contains("was interrupted"));
              }
            });
    thread.start();
    started.await();
    thread.interrupt();
    assertThat(flag.get()).isTrue();
  }

  /** An output that tells of its first byte. */
  private static OutputStream opening(CountDownLatch latch) {
    return new OutputStream() {
      @Override
      public void write(int b) {
        latch.countDown();
      }
    };
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
