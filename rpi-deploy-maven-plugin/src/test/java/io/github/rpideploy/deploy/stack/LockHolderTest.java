package io.github.rpideploy.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** This machine's side of the lock; the Pi's shell is in memory. */
class LockHolderTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final Shell shell = new Shell();

  @Test
  void signs_of_life_are_sent_as_long_as_the_lock_is_held() throws Exception {
    DeployLock lock = take(Duration.ofMillis(1));
    assertThat(shell.signs.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(shell.inputEnded).isNotDone();

    lock.close();

    assertThat(shell.inputEnded).isDone();
  }

  @Test
  void a_lock_that_is_released_is_not_lost() {
    DeployLock lock = take(LONG);

    lock.close();

    assertThat(lock.isLostWithin(LONG)).isFalse();
    lock.requireHeld();
  }

  @Test
  void a_lock_whose_connection_breaks_is_lost() {
    DeployLock lock = take(Duration.ofMillis(1));
    assertThat(lock.isHeld()).isTrue();

    shell.broken = new DeployException("the connection was lost", "connect again");

    assertThat(lock.isLostWithin(LONG)).isTrue();
    assertThatThrownBy(lock::requireHeld).hasMessageContaining("was lost");
  }

  @Test
  void what_keeps_the_shell_from_starting_is_what_the_user_is_told() {
    shell.says = "";
    shell.broken = new DeployException("No shell works on pi@here", "see there");

    assertThatThrownBy(() -> take(Duration.ofMillis(1))).isSameAs(shell.broken);
  }

  @Test
  void an_interrupt_ends_the_waiting_and_lets_go_of_the_lock() throws Exception {
    shell.says = "rpi-lock held bob@ci\n";
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> take(LONG))
        .isInstanceOf(DeployException.class)
        .hasMessage("The deploy was interrupted while it waited for another deploy");

    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    assertThat(shell.inputEnded.get(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void an_interrupt_is_kept_whatever_the_lock_is_asked() {
    DeployLock lock = take(LONG);

    Thread.currentThread().interrupt();
    assertThat(lock.isLostWithin(LONG)).isFalse();
    assertThat(Thread.interrupted()).isTrue();

    Thread.currentThread().interrupt();
    lock.close();
    assertThat(Thread.interrupted()).isTrue();
  }

  private DeployLock take(Duration heartbeat) {
    return DeployLock.take(
        shell,
        "rpi/x",
        new LockRequest("ann", LONG, Duration.ZERO),
        event -> {},
        List.of("true"),
        heartbeat,
        LONG,
        LONG);
  }

  /** Says something, and then reads signs of life until there are no more. */
  private static final class Shell implements RemoteHost {

    private String says = "rpi-lock mine\n";
    private volatile @Nullable DeployException broken;
    private final CountDownLatch signs = new CountDownLatch(3);
    private final CompletableFuture<Boolean> inputEnded = new CompletableFuture<>();

    @Override
    public String name() {
      return "pi@here:22";
    }

    @Override
    public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
      try {
        stdout.write(says.getBytes(StandardCharsets.UTF_8));
        stdin.writeTo(
            new OutputStream() {
              @Override
              public void write(int b) {}

              @Override
              public void flush() {
                signs.countDown();
                if (broken != null) {
                  throw broken;
                }
              }
            });
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      inputEnded.complete(true);
      return new ExecResult(0, null, "", "");
    }

    @Override
    public ExecResult exec(Command command, Stdin stdin) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket socket() {
      throw new UnsupportedOperationException();
    }
  }
}
