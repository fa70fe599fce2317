package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.history.HistoryRecorder;
import io.github.rpideploy.deploy.history.HistoryWriter;
import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.stack.DeployLock;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.report.Event;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The time in which a deploy changes the Pi: it begins when the deploy lock is taken, and ends when
 * what was done is in the history. A build may have several.
 */
final class LockedDeploy {

  private final StackContext context;
  private final LockRequest request;
  private final HistoryWriter writer;
  private final HistoryRecorder recorder;
  private final Intents intents;
  private @Nullable DeployLock lock;

  /**
   * @param recorder knows what was done
   */
  LockedDeploy(
      StackContext context, BuildContext build, HistoryWriter writer, HistoryRecorder recorder) {
    this.context = context;
    this.intents = new Intents(context, () -> held().forSteps(), build.origin());
    this.request = build.lockRequest();
    this.writer = writer;
    this.recorder = recorder;
  }

  /**
   * Takes the lock, or makes sure that it is still held.
   *
   * @return whether another deploy held it first, so that what was known of the Pi may be out of
   *     date
   * @throws DeployException when the lock cannot be taken, or was lost
   */
  boolean begin() {
    boolean waited = false;
    if (lock == null) {
      lock =
          DeployLock.take(
              context.host(),
              context.directory().path(),
              request,
              context.reporter(),
              context.directory().compose().goBack());
      waited = lock.waited();
    }
    lock.requireHeld();
    return waited;
  }

  /** What the guard knows of the services that are being replaced. */
  Intents intents() {
    return intents;
  }

  /**
   * Whether the lock was lost, so that the guard goes back by itself.
   *
   * @param patience how long the end of the connection may take to be noticed
   */
  boolean isLostWithin(Duration patience) {
    return lock == null || lock.isLostWithin(patience);
  }

  private DeployLock held() {
    return Objects.requireNonNull(lock, "the deploy lock is not held");
  }

  /** A service takes part, so that its old releases are removed at the end. */
  void enter(ShippedRelease release) {
    writer.enter(release.service(), release.live(), release.spec().policy());
  }

  /**
   * Adds what was done since the last call, if anything, to the history on the Pi, and releases the
   * lock. The next {@link #begin} takes it again.
   *
   * @param origin what the history says about where the deploy came from
   */
  void finish(Supplier<Origin> origin) {
    DeployLock held = lock;
    if (held == null) {
      return;
    }
    try (held) {
      // An interrupted thread cannot run a command any more.
      if (!Thread.currentThread().isInterrupted()) {
        intents.settleAll();
        if (!recorder.isEmpty()) {
          write(recorder.take(context.clock().instant(), origin.get()), held);
        }
      }
    } finally {
      lock = null;
    }
  }

  private void write(History.Deploy deploy, DeployLock held) {
    if (held.isHeld()) {
      writer.write(deploy);
    } else {
      recorder.report(
          new Event.Warning(
              "This deploy is not in the history on "
                  + context.host().name()
                  + ": the deploy lock in "
                  + context.directory().path()
                  + " was lost during it"));
    }
  }
}
