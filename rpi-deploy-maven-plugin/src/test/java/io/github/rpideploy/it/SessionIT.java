package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.LabUsers;
import io.github.rpideploy.it.lab.Sshd;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.remote.WrappedHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.SshConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions on real OpenSSH servers: whatever the login shell, the limits and the end. */
@Timeout(300)
class SessionIT {

  @TempDir private static Path directory;
  private static Lab pi;
  private static LabUsers users;
  private static Sshd plain;

  @BeforeAll
  static void up() throws Exception {
    pi = Lab.up("session");
    users = new LabUsers(pi, directory);
    plain = Sshd.with(pi, directory);
  }

  @AfterAll
  static void down() throws Exception {
    users.print("session");
    pi.down();
  }

  /** Each has start-up files that print to both outputs. */
  @ParameterizedTest
  @CsvSource({
    "basher, /bin/bash, .bashrc",
    "fisher, /usr/bin/fish, .config/fish/config.fish",
    "tcsher, /usr/bin/tcsh, .tcshrc"
  })
  void any_login_shell_deploys_whatever_its_start_up_files_print(
      String user, String shell, String rc) throws Exception {
    users.add(user, shell, "docker");
    pi.asRoot(
        """
        cd /home/%s && mkdir -p "$(dirname %2$s)"
        { echo 'echo Welcome back'; echo 'sh -c "echo your disk is full >&2"'; } > %2$s
        chmod -R a+rX .\
        """
            .formatted(user, rc));
    try (SshConnection connection = plain.connect(user)) {
      users.deploy(connection, false);
      ExecResult result = connection.exec(Command.script("echo \"$1\"; echo e >&2", "two\nlines!"));
      assertThat(result).isEqualTo(new ExecResult(0, null, "two\nlines!\n", "e\n"));
    }
    assertThat(pi.asRoot("su - " + user + " -c 'echo x' 2>&1")).contains("your disk is full");
    users.row("login shell " + shell + ", its rc file prints to both outputs", "deployed");
  }

  @Test
  void a_banner_and_a_message_of_the_day_are_not_part_of_any_answer() throws Exception {
    pi.asRoot("echo 'Keep out' | tee /etc/keep-out > /etc/motd");
    Sshd sshd = Sshd.with(pi, directory, "Banner /etc/keep-out", "PrintMotd yes");
    try (SshConnection connection = sshd.connect("pi")) {
      assertThat(connection.exec(Command.of("echo", "out")))
          .isEqualTo(new ExecResult(0, null, "out\n", ""));
    }
    users.row("Banner and MOTD", "not in the output");
  }

  @ParameterizedTest
  @CsvSource({
    "'ForceCommand echo only backups here; false', only backups here",
    "ForceCommand internal-sftp, login shell ended"
  })
  void a_forced_command_is_not_taken_for_ours(String line, String said) throws Exception {
    try (SshConnection connection = Sshd.with(pi, directory, line).connect("pi")) {
      DeployException failure = failure(connection, Command.of("docker", "info"));
      assertThat(failure).hasMessageContainingAll("`docker info` was not run on pi@", said);
      users.row(line, failure.getMessage());
    }
  }

  @Test
  void an_account_without_login_is_reported_with_what_it_says() throws Exception {
    users.add("nobodyhome", "/usr/sbin/nologin", "docker");
    try (SshConnection connection = plain.connect("nobodyhome")) {
      DeployException failure = failure(connection, Command.of("docker", "info"));
      assertThat(failure)
          .hasMessageContainingAll("was not run", "This account is currently not available.");
      users.row("login shell nologin", failure.getMessage());
    }
  }

  @Test
  void one_session_at_a_time_is_enough_for_a_deploy_with_a_tunnel() throws Exception {
    Sshd sshd = Sshd.with(pi, directory, "MaxSessions 1");
    try (SshConnection connection = sshd.connect("pi")) {
      users.deploy(connection, false);
      CountDownLatch over = new CountDownLatch(1);
      CompletableFuture<ExecResult> command =
          CompletableFuture.supplyAsync(
              () -> connection.exec(Command.of("cat"), out -> awaitQuietly(over)));
      assertThat(greeting(connection)).startsWith("SSH-2.0-OpenSSH");
      over.countDown();
      assertThat(command.join().ok()).isTrue();
    }
    // The deploy lock lasts, so the other commands have a connection of their own.
    assertThat(sshd.logins()).isEqualTo(2);
    users.row("MaxSessions 1", "deployed by two connections; a tunnel beside a command works");
  }

  @Test
  void commands_queue_where_the_server_gives_one_session() throws Exception {
    Sshd sshd = Sshd.with(pi, directory, "MaxSessions 1");
    try (SshConnection connection = sshd.connect("pi")) {
      CountDownLatch started = new CountDownLatch(1);
      CountDownLatch refused = new CountDownLatch(1);
      Command first = Command.script("echo started; cat; echo first >> order");
      CompletableFuture<ExecResult> one =
          CompletableFuture.supplyAsync(
              () -> connection.exec(first, out -> awaitQuietly(refused), opening(started)));
      started.await();
      CompletableFuture<ExecResult> two =
          CompletableFuture.supplyAsync(
              () -> connection.exec(Command.script("echo second >> order; cat order")));
      Lab.await("a session is refused", () -> sshd.log().contains("no more sessions"));
      refused.countDown();
      assertThat(one.join().ok()).isTrue();
      assertThat(two.join().stdout()).isEqualTo("first\nsecond\n");
    }
    users.row("MaxSessions 1, two commands at once", "the second waited for the first");
  }

  /** So it is with the deploy lock. */
  @Test
  void a_second_connection_is_made_where_a_lasting_command_has_the_only_session() throws Exception {
    Sshd sshd = Sshd.with(pi, directory, "MaxSessions 1");
    try (SshConnection connection = sshd.connect("pi")) {
      CountDownLatch started = new CountDownLatch(1);
      CountDownLatch over = new CountDownLatch(1);
      Command lasting = Command.script("echo started; cat").untilInputEnds();
      CompletableFuture<ExecResult> one =
          CompletableFuture.supplyAsync(
              () -> connection.exec(lasting, out -> awaitQuietly(over), opening(started)));
      started.await();
      assertThat(connection.exec(Command.of("echo", "beside")).stdout()).isEqualTo("beside\n");
      assertThat(connection.exec(Command.of("echo", "again")).stdout()).isEqualTo("again\n");
      over.countDown();
      assertThat(one.join().ok()).isTrue();
      assertThat(sshd.log().lines().filter(line -> line.contains("Accepted publickey"))).hasSize(2);
    }
    users.row("MaxSessions 1, beside the deploy lock", "by a second connection");
  }

  /** So it is on the way back after compose did not end in time. */
  @Test
  void a_command_that_will_not_end_holds_its_session_and_the_next_one_waits() throws Exception {
    Sshd sshd = Sshd.with(pi, directory, "MaxSessions 1");
    try (SshConnection connection = sshd.connect("pi")) {
      Command stubborn = Command.script("trap '' TERM HUP; sleep 3");
      assertThat(failure(connection, stubborn.within(Duration.ofSeconds(1))))
          .hasMessageContaining("did not end within 1 s");
      assertThat(connection.exec(Command.of("echo", "next")).stdout()).isEqualTo("next\n");
      assertThat(sshd.log()).contains("no more sessions");
    }
    users.row("MaxSessions 1, after a command that did not end in time", "the next one waited");
  }

  @Test
  void no_session_at_all_is_reported_as_that() throws Exception {
    try (SshConnection connection = Sshd.with(pi, directory, "MaxSessions 0").connect("pi")) {
      DeployException failure = failure(connection, Command.of("docker", "info"));
      assertThat(failure).hasMessageContaining("gives no session to run `docker info`");
      assertThat(failure.hint()).contains("MaxSessions", "sshd -T -C user=pi");
      users.row("MaxSessions 0", failure.getMessage());
    }
  }

  @Test
  void a_channel_that_the_server_closes_is_reported_as_that() throws Exception {
    Sshd sshd = Sshd.with(pi, directory, "ChannelTimeout session:command=1s");
    try (SshConnection connection = sshd.connect("pi")) {
      DeployException failure = failure(connection, Command.of("sleep", "100"));
      assertThat(failure).hasMessageContaining("closed the channel of `sleep 100`");
      assertThat(failure.hint()).contains("ChannelTimeout");
      users.row("ChannelTimeout", failure.getMessage());
    }
  }

  @Test
  void a_command_that_ends_before_its_input_or_by_a_signal_is_a_result() throws Exception {
    try (SshConnection connection = plain.connect("pi")) {
      ExecResult early =
          connection.exec(
              Command.script("head -c 10 >/dev/null; echo no space left >&2; exit 1"),
              out -> out.write(new byte[50_000_000]));
      assertThat(early.describe()).isEqualTo("exit status 1: no space left");
      users.row("a command that ends before its input", early.describe());
      ExecResult killed = connection.exec(Command.script("kill -KILL $$"));
      assertThat(killed.describe()).contains("signal KILL");
      users.row("a command that is killed", killed.describe());
    }
  }

  @Test
  void a_server_process_that_is_killed_is_a_lost_connection() throws Exception {
    try (SshConnection connection = plain.connect("pi")) {
      ExecResult parent = connection.exec(Command.script("echo $PPID"));
      DeployException failure =
          catchThrowableOfType(
              DeployException.class,
              () ->
                  connection.exec(
                      Command.script("echo; exec sleep 100"),
                      Stdin.EMPTY,
                      new OutputStream() {
                        @Override
                        public void write(int b) throws IOException {
                          try {
                            pi.asRoot("kill -KILL " + parent.stdout().strip());
                          } catch (Exception e) {
                            throw new IOException("kill failed", e);
                          }
                        }
                      }));
      assertThat(failure).hasMessageContaining("was lost while");
      users.row("the server's process is killed", failure.getMessage());
    }
  }

  /** By default the Pi is asked every 15 s; here every second. */
  @Test
  void a_dead_link_is_noticed_when_four_signs_of_life_have_not_come() throws Exception {
    AtomicLong cut = new AtomicLong();
    try (SshConnection connection =
        SshConnection.open(pi.settings().withKeepAlive(Duration.ofSeconds(1)), event -> {})) {
      DeployException failure =
          catchThrowableOfType(
              DeployException.class,
              () ->
                  connection.exec(
                      Command.script("echo; exec sleep 100"),
                      Stdin.EMPTY,
                      new OutputStream() {
                        @Override
                        public void write(int b) throws IOException {
                          cutForGood();
                          cut.set(System.nanoTime());
                        }
                      }));
      long seconds = Duration.ofNanos(System.nanoTime() - cut.get()).toSeconds();
      assertThat(failure).hasMessageContaining("it gave no sign of life");
      users.row(
          "a dead link, a sign of life asked for every second",
          "after " + seconds + " s: " + failure.getMessage());
    } finally {
      pi.link("none");
    }
  }

  /** What it costs then is a line of the history, and no time. */
  @Test
  void a_link_that_is_cut_when_a_deploy_has_ended_is_worth_a_warning() throws Exception {
    AtomicLong cut = new AtomicLong();
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {})) {
      List<Event> events = users.deploy(new CutAtTheEnd(connection, cut), false);
      long seconds = Duration.ofNanos(System.nanoTime() - cut.get()).toSeconds();
      assertThat(events.get(events.size() - 1))
          .isInstanceOfSatisfying(
              Event.Warning.class,
              warning ->
                  assertThat(warning.text())
                      .startsWith(
                          "This deploy ended, but its history on the Pi could not be updated: "));
      // Not when somebody notices by himself that a link is dead.
      assertThat(seconds).isLessThan(45);
      users.row("the link is cut when the deploy has ended", "verified, and a warning");
    }
  }

  /** The same Pi; its connections are cut when it is asked to write history. */
  private static final class CutAtTheEnd extends WrappedHost {

    private final AtomicLong when;

    CutAtTheEnd(RemoteHost host, AtomicLong when) {
      super(host);
      this.when = when;
    }

    @Override
    public ExecResult exec(Command command, Stdin stdin) {
      if (command.argv().contains("inventory.sh")) {
        try {
          pi.cut();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
        when.set(System.nanoTime());
      }
      return super.exec(command, stdin);
    }
  }

  @Test
  void any_number_of_threads_uses_one_connection() throws Exception {
    Sshd sshd = Sshd.with(pi, directory);
    try (SshConnection connection = sshd.connect("pi")) {
      List<CompletableFuture<String>> all =
          IntStream.range(0, 16)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () -> connection.exec(Command.of("cat"), Stdin.of("" + i)).stdout()))
              .toList();
      for (int i = 0; i < all.size(); i++) {
        assertThat(all.get(i).join()).isEqualTo("" + i);
      }
      assertThat(greeting(connection)).startsWith("SSH-2.0");
    }
    assertThat(sshd.logins()).isEqualTo(1);
    users.row("16 commands at once, default MaxSessions 10", "one login");
  }

  private static void cutForGood() throws IOException {
    try {
      pi.cut("--hold");
    } catch (Exception e) {
      throw new IOException("cut failed", e);
    }
  }

  private static DeployException failure(SshConnection connection, Command command) {
    return catchThrowableOfType(DeployException.class, () -> connection.exec(command));
  }

  /** What the Pi's sshd says first, seen through a tunnel. */
  private static String greeting(SshConnection connection) throws IOException {
    try (Socket socket = connection.socket()) {
      socket.connect(InetSocketAddress.createUnresolved("localhost", 22), 10_000);
      return new String(socket.getInputStream().readNBytes(15), StandardCharsets.US_ASCII);
    }
  }

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
