package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.docker.HeldLock;
import io.github.rpideploy.docker.Images;
import io.github.rpideploy.docker.Inventory;
import io.github.rpideploy.remote.Command;
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
 * input of the shell ends, or is silent for {@link #SILENCE}, and then the shell exits. While a
 * service is being replaced it first waits for this process to {@linkplain #comeBack come back}.
 */
public final class DeployLock implements AutoCloseable {

  /** The lock file, relative to the compose directory. */
  static final String FILE = ".rpi/lock";

  /** How often a sign of life is sent. */
  static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** How long the guard may take for what it finds at the start. */
  private static final Duration HEALING = Duration.ofMinutes(20);

  /**
   * How long a holder may be silent before it counts as dead. On a slow link a sign of life may
   * wait behind megabytes of an image.
   */
  static final Duration SILENCE = Duration.ofMinutes(2);

  /** The same while a service is being replaced: then the guard goes back. */
  static final Duration LIVE_SILENCE = Duration.ofSeconds(45);

  /** How long the shell may take in addition to the wait that was asked for. */
  private static final Duration GRACE = Duration.ofMinutes(2);

  /** How long {@link #close} waits for the shell to exit. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private static final Script SCRIPT = Script.of(DeployLock.class, "lock.sh");
  private static final Script COME_BACK = Script.of(DeployLock.class, "come-back.sh");

  private final RemoteHost host;
  private final String directory;
  private final LockRequest request;
  private final LockFailures failures;
  private final Duration heartbeat;
  private final CountDownLatch released = new CountDownLatch(1);

  /** Completes when the lock is held; fails when it cannot be taken. */
  private final CompletableFuture<Boolean> held = new CompletableFuture<>();

  private final LockAnswer answer;

  /** What says in the lock file that this deploy holds the lock. */
  private final String token = UUID.randomUUID().toString();

  /** To the guard; another one after this deploy has come back. */
  private volatile SignsOfLife signs;

  private volatile boolean toldLost;

  private DeployLock(
      RemoteHost host,
      String directory,
      LockRequest request,
      Reporter reporter,
      List<String> goBack,
      Duration heartbeat,
      Duration silence,
      Duration liveSilence) {
    this.host = host;
    this.directory = directory;
    this.request = request;
    this.heartbeat = heartbeat;
    this.failures = new LockFailures(directory, host.name());
    this.answer = new LockAnswer(request, reporter, failures, held, released::countDown);
    this.signs = signs(guard(goBack, silence, liveSilence), answer);
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
    Duration live =
        request.confirm().compareTo(LIVE_SILENCE) > 0 ? request.confirm() : LIVE_SILENCE;
    return take(host, directory, request, reporter, goBack, HEARTBEAT, SILENCE, live);
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
    DeployLock lock =
        new DeployLock(host, directory, request, reporter, goBack, heartbeat, silence, liveSilence);
    lock.start();
    return lock;
  }

  /** Whether another deploy had it first: what is known about the Pi may be outdated. */
  public boolean waited() {
    return answer.waited();
  }

  /** Whether the lock is still held, so that no other deploy can change the Pi. */
  public boolean isHeld() {
    return !isLost();
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
  public HeldLock forSteps() {
    return new HeldLock(FILE, token, this::toldLost);
  }

  /** A step may hear of it first: this machine may have slept. */
  private DeployException toldLost() {
    toldLost = true;
    return failures.lost();
  }

  private boolean isLost() {
    return toldLost || (signs.ended().isDone() && released.getCount() > 0);
  }

  /**
   * Whether the lock is lost, or found to be within that time: another command may notice first.
   */
  public boolean isLostWithin(Duration patience) {
    if (!isLost()) {
      signs.awaitEnd(patience);
    }
    return isLost();
  }

  /**
   * Goes on with the lock over a new connection, after the one that it was held by was lost. The
   * guard waits for that only while a service is being replaced.
   *
   * @return whether the lock is held again; false when the guard has gone back, or is about to
   */
  public boolean comeBack() {
    CompletableFuture<Boolean> back = new CompletableFuture<>();
    SignsOfLife again =
        signs(
            Command.script(
                COME_BACK,
                Command.asPath(directory),
                FILE,
                token,
                String.valueOf(LockFailures.HELD)),
            new LockAnswer(request, event -> {}, failures, back, () -> {}));
    again.start(end -> back.complete(false), failure -> back.complete(false));
    if (SignsOfLife.within(GRACE, back).orElse(false)) {
      // The first hears of its end only when it has something to say.
      signs = again;
    } else {
      giveUp();
    }
    return !toldLost;
  }

  /** The connection is lost for good: nothing may be changed any more. */
  public void giveUp() {
    toldLost = true;
  }

  /**
   * Releases the lock because this process is about to end: the guard takes back at once what has
   * no verdict. Waits only until the guard was told.
   */
  public void abandon() {
    released.countDown();
    signs.awaitTold();
  }

  /** Releases the lock, and waits a little until the shell on the Pi has let go of it. */
  @Override
  public void close() {
    released.countDown();
    signs.awaitEnd(CLOSING);
  }

  /** Completes when the shell on the Pi has ended. */
  Future<?> ended() {
    return signs.ended();
  }

  private SignsOfLife signs(Command command, LockAnswer heard) {
    return new SignsOfLife(
        host, command.within(GRACE).untilInputEnds(), heartbeat, released, heard);
  }

  private Command guard(List<String> goBack, Duration silence, Duration liveSilence) {
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
                String.valueOf(request.confirm().toSeconds()),
                String.valueOf(LockFailures.NO_TOOLS),
                String.valueOf(LockFailures.NO_DIRECTORY),
                String.valueOf(LockFailures.HELD),
                Inventory.PROJECTS,
                Images.LOADING));
    arguments.addAll(goBack);
    return Command.script(SCRIPT, arguments.toArray(String[]::new));
  }

  private void start() {
    signs.start(
        end ->
            held.completeExceptionally(
                failures.refused(end, answer.ending(), answer.holder(), request)),
        held::completeExceptionally);
    await();
  }

  private void awaitAnswer() throws ExecutionException, InterruptedException, TimeoutException {
    try {
      held.get(request.patience().plus(GRACE).toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      if (!answer.healing() && !answer.ending()) {
        throw e;
      }
      held.get(HEALING.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private void await() {
    try {
      awaitAnswer();
    } catch (ExecutionException e) {
      released.countDown();
      throw e.getCause() instanceof DeployException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      released.countDown();
      throw failures.noAnswer(FILE);
    } catch (InterruptedException e) {
      released.countDown();
      Thread.currentThread().interrupt();
      throw new DeployException(
          "The deploy was interrupted while it waited for another deploy",
          "Nothing was changed",
          e);
    }
  }
}
