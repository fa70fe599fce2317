package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.docker.Compose;
import io.github.rpideploy.docker.Inventory;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;
import io.github.rpideploy.report.Reporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
   * How long a holder may be silent while a service is being replaced: then the guard goes back.
   */
  static final Duration LIVE_SILENCE = Duration.ofSeconds(45);

  /** How long the guard may take for what it finds at the start. */
  private static final Duration HEALING = Duration.ofMinutes(20);

  /**
   * How long a holder may be silent before it counts as dead. On a slow link a sign of life may
   * wait behind megabytes of an image.
   */
  static final Duration SILENCE = Duration.ofMinutes(2);

  /** How long the shell may take in addition to the wait that was asked for. */
  private static final Duration GRACE = Duration.ofMinutes(2);

  /** How long {@link #close} waits for the shell to exit. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private static final Script SCRIPT = Script.of(DeployLock.class, "lock.sh");

  private final RemoteHost host;
  private final String directory;
  private final LockRequest request;
  private final LockFailures failures;
  private final CountDownLatch released = new CountDownLatch(1);

  /** Completes when the lock is held; fails when it cannot be taken. */
  private final CompletableFuture<Boolean> held = new CompletableFuture<>();

  /** Completes when the shell on the Pi has ended. */
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  private final LockAnswer answer;
  private volatile boolean lost;

  /** What says in the lock file that this deploy holds the lock. */
  private final String token = UUID.randomUUID().toString();

  private final List<String> goBack;

  private DeployLock(
      RemoteHost host,
      String directory,
      LockRequest request,
      Reporter reporter,
      List<String> goBack) {
    this.goBack = List.copyOf(goBack);
    this.host = host;
    this.directory = directory;
    this.request = request;
    this.failures = new LockFailures(directory, host.name());
    this.answer = new LockAnswer(request, reporter, failures, held);
  }

  /**
   * Takes the lock. The directory is created if it does not exist. Services that an earlier deploy
   * left without a verdict go back first; each is a warning.
   *
   * @param goBack the command, run in the directory, that takes back every service that has an
   *     intent
   * @throws DeployException when another deploy holds it and does not end in time, or it cannot be
   *     taken at all
   */
  public static DeployLock take(
      RemoteHost host,
      String directory,
      LockRequest request,
      Reporter reporter,
      List<String> goBack) {
    return take(host, directory, request, reporter, goBack, HEARTBEAT, SILENCE, LIVE_SILENCE);
  }

  static DeployLock take(
      RemoteHost host,
      String directory,
      LockRequest request,
      Reporter reporter,
      List<String> goBack,
      Duration heartbeat,
      Duration silence,
      Duration liveSilence) {
    DeployLock lock = new DeployLock(host, directory, request, reporter, goBack);
    Thread thread = new Thread(() -> lock.hold(heartbeat, silence, liveSilence), "rpi-deploy lock");
    thread.setDaemon(true);
    thread.start();
    lock.await();
    return lock;
  }

  /** Whether another deploy had it first: what is known about the Pi may be outdated. */
  public boolean waited() {
    return answer.waited();
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

  /** What a step that changes something live shows on the Pi. */
  public Compose.Lock forSteps() {
    return new Compose.Lock(FILE, token, this::toldLost);
  }

  /** A step may hear of it first: this machine may have slept. */
  private DeployException toldLost() {
    lost = true;
    return failures.lost();
  }

  /**
   * Whether the lock is lost, or is found to be within that time: the end of a connection may be
   * noticed by another command first.
   */
  public boolean isLostWithin(Duration patience) {
    try {
      if (lost) {
        return true;
      }
      ended.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // It is as far as is known.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return lost;
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

  private void hold(Duration heartbeat, Duration silence, Duration liveSilence) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                Command.asPath(directory),
                FILE,
                request.holder(),
                token,
                String.valueOf(request.patience().toSeconds()),
                String.valueOf(silence.toSeconds()),
                String.valueOf(liveSilence.toSeconds()),
                String.valueOf(LockFailures.NO_TOOLS),
                String.valueOf(LockFailures.NO_DIRECTORY),
                String.valueOf(LockFailures.HELD),
                Inventory.PROJECTS,
                Compose.LOADING));
    arguments.addAll(goBack);
    Command command =
        Command.script(SCRIPT, arguments.toArray(String[]::new)).within(GRACE).untilInputEnds();
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
              answer);
      lost = released.getCount() > 0;
      held.completeExceptionally(failures.refused(result, answer.holder(), request));
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

  private void awaitAnswer() throws ExecutionException, InterruptedException, TimeoutException {
    try {
      held.get(request.patience().plus(GRACE).toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      if (!answer.healing()) {
        throw e;
      }
      held.get(HEALING.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private void await() {
    try {
      awaitAnswer();
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
}
