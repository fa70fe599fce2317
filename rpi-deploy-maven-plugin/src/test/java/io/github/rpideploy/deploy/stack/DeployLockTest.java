package io.github.rpideploy.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.docker.Images;
import io.github.rpideploy.docker.Inventory;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.InEveryShell;
import io.github.rpideploy.remote.LocalShell;
import io.github.rpideploy.remote.PosixShell;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.remote.WrappedHost;
import io.github.rpideploy.report.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lock with a real shell and a real flock. */
@InEveryShell
class DeployLockTest {

  private static final Duration PATIENT = Duration.ofMinutes(2);
  private static final LockRequest ANN =
      new LockRequest("ann@laptop,\nprocess 1", Duration.ZERO, Duration.ZERO);
  private static final LockRequest BOB =
      new LockRequest("bob@ci, process 2", Duration.ZERO, Duration.ZERO);

  /** Says in which order it came, and whether the token of the deploy that ended still counts. */
  private static final List<String> GO_BACK =
      List.of(
          "sh",
          "-c",
          "[ -e .rpi/intents ] || { rm -r ../../.cache/rpi-deploy/loading; echo removed a:rpi-1;"
              + " exit; }; set -u; echo \"$(wc -l <.rpi/lock)\" \"${keep-}\" $(ls .rpi/intents) >>went-back;"
              + " rm -r .rpi/intents; echo back \"$1\"; echo stuck b no room",
          "go-back.sh",
          "a");

  private final PosixShell shell;

  @TempDir Path home;

  DeployLockTest(PosixShell shell) {
    this.shell = shell;
  }

  @Test
  void a_second_deploy_fails_at_once_and_names_the_holder() {
    try (DeployLock ann = take(ANN)) {
      DeployException failure = catchThrowableOfType(DeployException.class, () -> take(BOB));

      assertThat(failure)
          .hasMessage(
              "Another deploy to rpi/x on pi@here:22 is in progress: ann@laptop, process 1");
      assertThat(failure.hint()).contains("-Drpi.lockTimeout=10m");
      ann.requireHeld();
    }
  }

  /** Over SSH a command has ended when all is written to it, and a sign of life is due. */
  @Test
  @Timeout(120)
  void who_is_refused_does_not_wait_for_the_next_sign_of_life() {
    RemoteHost ssh =
        new WrappedHost(new LocalShell(shell, home)) {
          @Override
          public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
            CountDownLatch written = new CountDownLatch(1);
            ExecResult result =
                super.exec(
                    command,
                    out -> {
                      try {
                        stdin.writeTo(out);
                      } finally {
                        written.countDown();
                      }
                    },
                    stdout);
            try {
              written.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return result;
          }
        };
    Duration day = Duration.ofDays(1);
    try (DeployLock ann = take(ANN)) {
      assertThatThrownBy(
              () -> DeployLock.take(ssh, "rpi/x", BOB, event -> {}, GO_BACK, day, day, day))
          .hasMessageContaining("Another deploy to rpi/x");
      ann.requireHeld();
    }
  }

  /** By that who has looked at the Pi knows whether another deploy has changed it since. */
  @Test
  void the_last_two_holders_are_known_unless_something_went_back() throws IOException {
    Path last = home.resolve("rpi/x/.rpi/last");
    take(ANN).close();
    String ann = Files.readAllLines(last).get(0);
    try (DeployLock bob = take(BOB)) {
      assertThat(last).hasContent(bob.forSteps().token() + "\n" + ann + "\n");
    }
    Files.createDirectories(home.resolve("rpi/x/.rpi/intents"));
    Files.writeString(home.resolve("rpi/x/.rpi/intents/a"), "x");
    try (DeployLock again = take(ANN)) {
      assertThat(last).hasContent(again.forSteps().token() + "\n\n");
    }
  }

  /** A holder without a name is at work all the same. */
  @Test
  void a_second_deploy_fails_at_once_where_nobody_knows_who_the_first_is() {
    try (DeployLock unknown = take(new LockRequest("", Duration.ZERO, Duration.ZERO))) {
      assertThatThrownBy(() -> take(BOB))
          .hasMessage("Another deploy to rpi/x on pi@here:22 is in progress: by someone unknown");
      unknown.requireHeld();
    }
  }

  @Test
  void a_patient_deploy_is_told_whom_it_waits_for_and_then_gets_the_lock() throws Exception {
    DeployLock ann = take(ANN);
    CountDownLatch told = new CountDownLatch(1);
    CompletableFuture<DeployLock> bob =
        CompletableFuture.supplyAsync(
            () ->
                DeployLock.take(
                    new LocalShell(shell, home),
                    "rpi/x",
                    new LockRequest("bob", PATIENT, Duration.ZERO),
                    event -> {
                      assertThat(event)
                          .isEqualTo(new Event.LockAwaited("ann@laptop, process 1", PATIENT));
                      told.countDown();
                    },
                    GO_BACK));
    assertThat(told.await(2, TimeUnit.MINUTES)).isTrue();
    assertThat(bob).isNotDone();

    ann.close();

    try (DeployLock held = bob.get(2, TimeUnit.MINUTES)) {
      assertThat(held.waited()).isTrue();
      assertThat(Files.readAllLines(home.resolve("rpi/x/.rpi/lock")))
          .containsExactly("bob", held.forSteps().token());
    }
  }

  /** Who deploys again at once has not to know that the Pi has still something to do. */
  @Test
  void the_next_deploy_waits_while_what_the_last_one_was_replacing_goes_back() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    List<Event> events = new CopyOnWriteArrayList<>();
    DeployLock ann =
        DeployLock.take(
            new LocalShell(shell, home),
            "rpi/x",
            ANN,
            event -> {},
            List.of(
                "sh", "-c", "while [ ! -e ~/go ]; do sleep 0.1; done; rm -r .rpi/intents", "back"));
    Files.createDirectories(home.resolve("rpi/x/.rpi/intents"));
    Files.createFile(home.resolve("rpi/x/.rpi/intents/a"));
    ann.close();
    CompletableFuture<DeployLock> bob =
        CompletableFuture.supplyAsync(
            () ->
                DeployLock.take(
                    new LocalShell(shell, home),
                    "rpi/x",
                    BOB,
                    event -> {
                      events.add(event);
                      told.countDown();
                    },
                    GO_BACK));
    assertThat(told.await(2, TimeUnit.MINUTES)).isTrue();
    assertThat(bob).isNotDone();

    Files.createFile(home.resolve("go"));

    bob.get(2, TimeUnit.MINUTES).close();
    assertThat(events)
        .containsExactly(
            new Event.Warning(
                "The last deploy to rpi/x on pi@here:22 has ended, and what it was replacing is"
                    + " going back: waiting for that"));
  }

  @Test
  void waiting_has_an_end() {
    try (DeployLock ann = take(ANN)) {
      assertThatThrownBy(() -> take(new LockRequest("bob", Duration.ofSeconds(1), Duration.ZERO)))
          .isInstanceOf(DeployException.class)
          .hasMessageEndingWith("ann@laptop, process 1; waited 1 s for it");
      ann.requireHeld();
    }
  }

  @Test
  void a_lock_whose_shell_was_killed_is_free_and_its_holder_notices() throws Exception {
    LocalShell pi = new LocalShell(shell, home);
    DeployLock ann = DeployLock.take(pi, "rpi/x", ANN, event -> {}, GO_BACK);
    Process held = pi.running.get(0);

    assertThat(held.destroyForcibly().waitFor()).isNotZero();

    try (DeployLock bob = take(new LockRequest("bob", PATIENT, Duration.ZERO))) {
      bob.requireHeld();
      ann.ended().get(2, TimeUnit.MINUTES);
      assertThatThrownBy(ann::requireHeld)
          .isInstanceOf(DeployException.class)
          .hasMessageContaining("was lost");
    }
  }

  @Test
  void a_holder_that_sends_no_sign_of_life_loses_the_lock() throws Exception {
    DeployLock silent =
        DeployLock.take(
            new LocalShell(shell, home),
            "rpi/x",
            ANN,
            event -> {},
            GO_BACK,
            Duration.ofDays(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    try (DeployLock bob = take(new LockRequest("bob", PATIENT, Duration.ZERO))) {
      bob.requireHeld();
    }
    silent.close();
  }

  @Test
  void the_guard_goes_back_when_the_deploy_dies_with_a_service_that_nobody_knows_good()
      throws Exception {
    LocalShell pi = new LocalShell(shell, home);
    DeployLock ann =
        DeployLock.take(
            pi,
            "rpi/x",
            ANN,
            event -> {},
            GO_BACK,
            Duration.ofMillis(100),
            Duration.ofDays(1),
            Duration.ofDays(1));
    intent("auth");
    assertThat(ann.isLostWithin(Duration.ofMillis(300))).isFalse();

    pi.running.get(0).getOutputStream().close();

    ann.ended().get(2, TimeUnit.MINUTES);
    assertThat(home.resolve("rpi/x/went-back")).hasContent("0 yes auth\n");
    assertThat(ann.isLostWithin(Duration.ZERO)).isTrue();
    assertThat(home.resolve("rpi/x/.rpi/lock")).isEmptyFile();
  }

  @Test
  void a_deploy_whose_connection_was_cut_comes_back_and_goes_on() throws Exception {
    LocalShell pi = new LocalShell(shell, home);
    DeployLock ann = waitsAMinute(pi);
    intent("auth");

    pi.cut();
    assertThat(ann.isLostWithin(Duration.ofMinutes(1))).isTrue();
    assertThat(ann.comeBack()).isTrue();

    assertThat(ann.isHeld()).isTrue();
    assertThatThrownBy(() -> take(BOB)).hasMessageContaining("in progress: ann@laptop");
    // Again, from the connection that has come back.
    pi.cut();
    assertThat(ann.comeBack()).isTrue();
    Files.delete(home.resolve("rpi/x/.rpi/intents/auth"));
    ann.close();
    try (DeployLock bob = take(new LockRequest("bob", PATIENT, Duration.ZERO))) {
      bob.requireHeld();
    }
    assertThat(home.resolve("rpi/x/went-back")).doesNotExist();
  }

  /** They have their verdict, so there is no intent any more. */
  @Test
  void it_comes_back_too_while_old_containers_are_retired() throws Exception {
    Path retiring = home.resolve("rpi/x/.rpi/retiring");
    LocalShell pi = new LocalShell(shell, home);
    DeployLock ann = waitsAMinute(pi);
    Files.writeString(retiring, "");

    pi.cut();
    assertThat(ann.isLostWithin(Duration.ofMinutes(1))).isTrue();
    assertThat(ann.comeBack()).isTrue();

    ann.close();
    try (DeployLock bob = take(new LockRequest("bob", PATIENT, Duration.ZERO))) {
      bob.requireHeld();
      assertThat(retiring).as("of another deploy").doesNotExist();
    }
  }

  @Test
  void a_cut_connection_that_ends_after_the_deploy_has_come_back_ends_nothing() throws Exception {
    LocalShell pi = new LocalShell(shell, home);
    DeployLock ann = waitsAMinute(pi);
    Process guard = pi.running.get(0);
    intent("auth");
    pi.drop();
    assertThat(ann.comeBack()).isTrue();
    Files.delete(home.resolve("rpi/x/.rpi/intents/auth"));

    guard.getOutputStream().close();

    assertThat(ann.isLostWithin(Duration.ofMillis(500))).isFalse();
    ann.close();
  }

  @Test
  void a_deploy_that_does_not_come_back_in_time_is_taken_back() throws Exception {
    LocalShell pi = new LocalShell(shell, home);
    DeployLock ann =
        DeployLock.take(
            pi,
            "rpi/x",
            new LockRequest("ann", Duration.ZERO, Duration.ofSeconds(1)),
            event -> {},
            GO_BACK);
    Process guard = pi.running.get(0);
    intent("auth");

    pi.cut();

    assertThat(guard.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(home.resolve("rpi/x/went-back")).hasContent("0 yes auth\n");
    assertThat(ann.comeBack()).isFalse();
    assertThat(home.resolve("rpi/x/.rpi/signs")).doesNotExist();
  }

  @Test
  void a_deploy_that_is_interrupted_is_taken_back_at_once() throws Exception {
    LocalShell pi = new LocalShell(shell, home);
    DeployLock ann = waitsAMinute(pi);
    Process guard = pi.running.get(0);
    intent("auth");
    long start = System.nanoTime();

    ann.abandon();

    assertThat(guard.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(home.resolve("rpi/x/went-back")).hasContent("0 yes auth\n");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void nobody_comes_back_to_a_guard_that_was_killed() throws Exception {
    LocalShell pi = new LocalShell(shell, home);
    DeployLock ann = waitsAMinute(pi);
    intent("auth");

    pi.running.get(0).destroyForcibly().waitFor();

    assertThat(ann.comeBack()).isFalse();
    assertThat(ann.isLostWithin(Duration.ZERO)).isTrue();
  }

  private static DeployLock waitsAMinute(LocalShell pi) {
    return DeployLock.take(
        pi,
        "rpi/x",
        new LockRequest("ann@laptop", Duration.ZERO, Duration.ofMinutes(1)),
        event -> {},
        GO_BACK,
        Duration.ofMillis(100),
        Duration.ofDays(1),
        Duration.ofDays(1));
  }

  @Test
  void a_step_can_hear_first_that_the_lock_is_lost() {
    try (DeployLock ann = take(ANN)) {
      assertThat(ann.forSteps().lost().get()).hasMessageContaining("was lost");

      assertThat(ann.isLostWithin(Duration.ZERO)).isTrue();
    }
  }

  @Test
  void the_guard_goes_back_when_a_deploy_is_silent_that_replaces_a_service() throws Exception {
    DeployLock ann =
        DeployLock.take(
            new LocalShell(shell, home),
            "rpi/x",
            ANN,
            event -> {},
            GO_BACK,
            Duration.ofDays(1),
            Duration.ofDays(1),
            Duration.ofSeconds(1));
    intent("auth");
    intent("b");

    ann.ended().get(2, TimeUnit.MINUTES);

    assertThat(home.resolve("rpi/x/went-back")).hasContent("0 yes auth b\n");
  }

  @Test
  void a_deploy_that_ends_in_order_or_replaces_nothing_is_not_taken_back() throws Exception {
    take(ANN).close();
    DeployLock silent =
        DeployLock.take(
            new LocalShell(shell, home),
            "rpi/x",
            ANN,
            event -> {},
            GO_BACK,
            Duration.ofDays(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1));
    silent.ended().get(2, TimeUnit.MINUTES);

    assertThat(home.resolve("rpi/x/went-back")).doesNotExist();
    assertThat(Files.readAllLines(home.resolve(Inventory.PROJECTS)))
        .as("other projects know of it")
        .containsExactly(home.resolve("rpi/x").toRealPath().toString());
  }

  /** It may hold secrets, and only a deploy that goes on needs it. */
  @Test
  void what_a_swarm_was_to_be_told_ends_with_the_deploy() throws Exception {
    DeployLock ann = take(ANN);
    Path told = Files.createDirectories(home.resolve("rpi/x/.rpi/swarm"));
    Files.writeString(told.resolve(".auth.new"), "never told");
    Files.writeString(told.resolve("auth"), "proved good last");

    ann.close();

    take(BOB).close();
    assertThat(told.resolve(".auth.new")).doesNotExist();
    assertThat(told.resolve("auth")).exists();
  }

  @Test
  void what_a_deploy_left_whose_guard_was_ended_too_goes_back_before_the_next_one()
      throws Exception {
    intent("auth");
    intent("b");
    List<Event> events = new ArrayList<>();

    try (DeployLock lock =
        DeployLock.take(new LocalShell(shell, home), "rpi/x", ANN, events::add, GO_BACK)) {
      lock.requireHeld();
      assertThat(lock.waited()).as("what the Pi runs may be another").isTrue();
    }

    assertThat(home.resolve("rpi/x/went-back")).hasContent("1  auth b\n");
    assertThat(events)
        .containsExactly(
            new Event.Warning(
                "The last deploy to rpi/x on pi@here:22 ended before auth b were verified: going"
                    + " back first"),
            new Event.Warning("a is back on its last verified release"),
            new Event.Warning(
                "b could not go back: no room. This deploy goes on; see what runs: mvn"
                    + " rpi:status"));
  }

  @Test
  void what_a_power_cut_left_half_loaded_is_removed_first() throws Exception {
    Path loading = Files.createDirectories(home.resolve(Images.LOADING));
    Files.writeString(loading.resolve("1"), "x\n");
    List<Event> events = new ArrayList<>();

    try (DeployLock lock =
        DeployLock.take(new LocalShell(shell, home), "rpi/x", ANN, events::add, GO_BACK)) {
      assertThat(lock.waited()).as("the Engine holds something else now").isTrue();
    }

    assertThat(events)
        .containsExactly(
            new Event.Warning(
                "The Pi lost its power while a:rpi-1 was being loaded: it was removed, and is sent"
                    + " again"));
  }

  private void intent(String service) throws IOException {
    Path intents = Files.createDirectories(home.resolve("rpi/x/.rpi/intents"));
    Files.writeString(intents.resolve(service), "x\n");
  }

  @Test
  void a_Pi_without_flock_is_told_what_to_install() throws IOException {
    Path empty = Files.createDirectories(home.resolve("bin"));
    shell.in(empty);
    Files.createSymbolicLink(empty.resolve("mkdir"), Path.of("/bin/mkdir"));

    DeployException failure =
        catchThrowableOfType(
            DeployException.class,
            () ->
                DeployLock.take(
                    new LocalShell(shell, home).withPath(empty),
                    "rpi/x",
                    ANN,
                    event -> {},
                    GO_BACK));

    assertThat(failure).hasMessageContaining("flock, timeout or setsid is missing");
    assertThat(failure.hint()).contains("util-linux");
  }

  private DeployLock take(LockRequest request) {
    return DeployLock.take(new LocalShell(shell, home), "rpi/x", request, event -> {}, GO_BACK);
  }
}
