package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.channel.ChannelExec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ExecFailureTest {

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
  void more_output_than_is_kept_is_a_failure() {
    assertThatThrownBy(() -> connection.exec(Command.of("head", "-c", "5000000", "/dev/zero")))
        .isInstanceOf(DeployException.class)
        .hasMessageContainingAll("`head -c 5000000 /dev/zero`", "more than 4 MiB");
  }

  @Test
  void a_command_that_does_not_end_in_time_is_ended_and_the_connection_goes_on() throws Exception {
    Path pid = home.resolve("pid");
    CountDownLatch started = new CountDownLatch(1);
    Command slow =
        Command.script(
            "echo $$ > \"$1\"; echo still busy >&2; echo started; exec sleep 100", pid.toString());
    assertThatThrownBy(
            () ->
                connection.exec(
                    slow.within(Duration.ofMillis(500)),
                    out -> Streams.await(started),
                    Streams.opening(started)))
        .isInstanceOf(DeployException.class)
        .hasMessageContainingAll("did not end within 0 s", "still busy");
    assertThat(connection.exec(Command.of("echo", "on")).stdout()).isEqualTo("on\n");
    ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        .ifPresent(process -> process.onExit().join());
  }

  @Test
  void the_time_of_a_command_starts_with_the_end_of_its_input() {
    CountDownLatch over = new CountDownLatch(1);
    CompletableFuture.delayedExecutor(1200, TimeUnit.MILLISECONDS).execute(over::countDown);
    ExecResult result =
        connection.exec(
            Command.of("cat").within(Duration.ofSeconds(1)),
            out -> {
              Streams.await(over);
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
                Command.script("echo started; exec sleep 100"),
                Stdin.EMPTY,
                Streams.opening(started)));
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
                  Streams.random(out, 64 * Streams.MIB, null);
                }));
  }

  @Test
  void a_connection_that_is_cut_in_the_middle_is_a_failure() {
    assertThatThrownBy(
            () ->
                connection.exec(
                    Command.script("cat >/dev/null"),
                    out -> {
                      Streams.random(out, 4 * Streams.MIB, null);
                      pi.cut();
                      Streams.random(out, 64 * Streams.MIB, null);
                    }))
        .isInstanceOf(DeployException.class)
        .hasMessageContainingAll("The connection to pi@127.0.0.1:", "was lost while");
  }

  @Test
  void nothing_runs_on_a_connection_that_is_gone() {
    connection.close();
    assertThatThrownBy(() -> connection.exec(Command.of("true")))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("was lost");
  }

  @Test
  void a_connection_that_is_lost_can_be_made_again_and_only_then() throws Exception {
    assertThat(connection.reconnect()).as("it is alive").isFalse();
    pi.cut();
    assertThatThrownBy(() -> connection.exec(Command.of("true")))
        .isInstanceOf(DeployException.class);

    assertThat(connection.reconnect()).isTrue();

    assertThat(connection.exec(Command.of("echo", "again")).stdout()).isEqualTo("again\n");
    assertThat(connection.reconnect()).as("nobody needs a third one").isFalse();
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
                      Streams.await(started);
                      throw new IOException("the tarball is damaged");
                    },
                    Streams.opening(started)))
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

  /**
   * While a command is being ended, what it still says can meet a reader that is closed; here it
   * always does. MINA takes that for an error of the whole connection.
   */
  @Test
  void what_nobody_reads_any_more_is_dropped_and_the_connection_goes_on() throws Exception {
    AuthenticatedSession link =
        new Handshake(pi.settings(home), event -> {}, SecretPrompt.NOBODY).run();
    try {
      ChannelExec talking =
          link.session().createExecChannel("while echo out; do echo err >&2; done");
      CountDownLatch talks = new CountDownLatch(1);
      talking.setErr(Streams.opening(talks));
      talking.open().verify(Duration.ofSeconds(10));
      talking.getInvertedOut().close();
      talks.await();
      String on = link.session().executeRemoteCommand("echo on");
      assertThat(on).isEqualTo("on\n");
      assertThat(talking.isOpen()).isTrue();
    } finally {
      link.end();
    }
  }

  @Test
  void a_failure_of_ours_while_output_is_taken_passes_unchanged() {
    DeployException ours = new DeployException("No space left", "make some");
    OutputStream failing =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw ours;
          }
        };
    assertThatThrownBy(() -> connection.exec(Command.of("yes"), Stdin.EMPTY, failing))
        .isSameAs(ours);
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
}
