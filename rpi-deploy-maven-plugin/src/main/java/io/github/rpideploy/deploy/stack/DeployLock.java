package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The right to change a compose directory on the Pi; one deploy has it at a time.
 *
 * <p>It is a {@code flock} that a shell on the Pi holds as long as this process sends it signs of
 * life. So it cannot be left behind: when this process, its machine or the connection dies, the
 * input of the shell ends, or is silent for {@link #SILENCE}, and then the shell exits.
 */
public final class DeployLock implements AutoCloseable {

  /** The lock file, relative to the compose directory. */
  static final String FILE = ".rpi/lock";

  /** How often a sign of life is sent. */
  static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /**
   * How long a holder may be silent before it counts as dead. On a slow link a sign of life may
   * wait behind megabytes of an image.
   */
  static final Duration SILENCE = Duration.ofMinutes(2);

  /** How long the shell may take in addition to the wait that was asked for. */
  private static final Duration GRACE = Duration.ofMinutes(2);

  /** How long {@link #close} waits for the shell to exit. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private static final String MINE = "rpi-lock mine";
  private static final String OTHERS = "rpi-lock held ";

  private static final Script SCRIPT = Script.of(DeployLock.class, "lock.sh");

  private final RemoteHost host;
  private final String directory;
  private final LockRequest request;
  private final Reporter reporter;
  private final LockFailures failures;
  private final CountDownLatch released = new CountDownLatch(1);

  /** Completes when the lock is held; fails when it cannot be taken. */
  private final CompletableFuture<Boolean> held = new CompletableFuture<>();

  /** Completes when the shell on the Pi has ended. */
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  private volatile boolean waited;
  private volatile @Nullable String holder;
  private volatile boolean lost;

  private DeployLock(RemoteHost host, String directory, LockRequest request, Reporter reporter) {
    this.host = host;
    this.directory = directory;
    this.request = request;
    this.reporter = reporter;
    this.failures = new LockFailures(directory, host.name());
  }

  /**
   * Takes the lock. The directory is created if it does not exist.
   *
   * @throws DeployException when another deploy holds it and does not end in time, or it cannot be
   *     taken at all
   */
  public static DeployLock take(
      RemoteHost host, String directory, LockRequest request, Reporter reporter) {
    return take(host, directory, request, reporter, HEARTBEAT, SILENCE);
  }

  static DeployLock take(
      RemoteHost host,
      String directory,
      LockRequest request,
      Reporter reporter,
      Duration heartbeat,
      Duration silence) {
    DeployLock lock = new DeployLock(host, directory, request, reporter);
    Thread thread = new Thread(() -> lock.hold(heartbeat, silence), "rpi-deploy lock");
    thread.setDaemon(true);
    thread.start();
    lock.await();
    return lock;
  }

  /** Whether another deploy had it first: what is known about the Pi may be outdated. */
  public boolean waited() {
    return waited;
  }

  /** Whether the lock is still held, so that no other deploy can change the Pi. */
  public boolean isHeld() {
    return !lost;
  }

  /**
   * Makes sure that no other deploy can change the Pi.
   *
   * @throws DeployException when the lock was lost, so that another deploy may be changing the Pi
   */
  public void requireHeld() {
    if (!isHeld()) {
      throw failures.lost();
    }
  }

  /** Releases the lock, and waits a little until the shell on the Pi has let go of it. */
  @Override
  public void close() {
    release();
    try {
      ended.get(CLOSING.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // A broken connection cannot tell the Pi; the shell there notices by itself.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void release() {
    released.countDown();
  }

  private void hold(Duration heartbeat, Duration silence) {
    Command command =
        Command.script(
                SCRIPT,
                Command.asPath(directory),
                FILE,
                request.holder(),
                String.valueOf(request.patience().toSeconds()),
                String.valueOf(silence.toSeconds()),
                String.valueOf(LockFailures.NO_FLOCK),
                String.valueOf(LockFailures.NO_DIRECTORY),
                String.valueOf(LockFailures.HELD))
            .within(GRACE)
            .untilInputEnds();
    try {
      ExecResult result =
          host.exec(
              command,
              out -> {
                while (!awaitRelease(heartbeat)) {
                  out.write('.');
                  out.flush();
                }
              },
              new Answer());
      lost = released.getCount() > 0;
      held.completeExceptionally(failures.refused(result, holder, request));
    } catch (RuntimeException e) {
      lost = released.getCount() > 0;
      held.completeExceptionally(e);
    } finally {
      ended.complete(true);
    }
  }

  /** Completes when the shell on the Pi has ended, one way or the other. */
  Future<Boolean> ended() {
    return ended;
  }

  private boolean awaitRelease(Duration heartbeat) {
    try {
      return released.await(heartbeat.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void await() {
    try {
      held.get(request.patience().plus(GRACE).toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      release();
      throw e.getCause() instanceof DeployException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      release();
      throw failures.noAnswer(FILE);
    } catch (InterruptedException e) {
      release();
      Thread.currentThread().interrupt();
      throw new DeployException(
          "The deploy was interrupted while it waited for another deploy",
          "Nothing was changed",
          e);
    }
  }

  /** Reads what the shell prints, line by line. */
  private final class Answer extends OutputStream {

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    @Override
    public void write(int b) {
      if (b == '\n') {
        read(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(b);
      }
    }

    private void read(String printed) {
      if (printed.equals(MINE)) {
        held.complete(true);
      } else if (printed.startsWith(OTHERS)) {
        waited = true;
        holder = printed.substring(OTHERS.length()).replaceAll("\\p{Cntrl}+", " ").strip();
        if (!request.patience().isZero()) {
          reporter.report(new Event.LockAwaited(holder, request.patience()));
        }
      }
    }
  }
}
