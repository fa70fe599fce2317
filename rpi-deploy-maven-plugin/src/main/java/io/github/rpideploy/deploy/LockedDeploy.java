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
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.report.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The time in which a deploy changes the Pi: it begins when the deploy lock is taken, and ends when
 * what was done is in the history. A build may have several.
 */
final class LockedDeploy {

  /** From try to try while the Pi does not answer. */
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  private final StackContext context;
  private final LockRequest request;
  private final Pause pause;
  private final HistoryWriter writer;
  private final HistoryRecorder recorder;
  private final Intents intents;
  private final Thread interruption = new Thread(this::interrupted, "rpi-deploy interrupted");

  /** The services for which this deploy has come back: once for each. */
  private final Set<String> cameBackFor = new HashSet<>();

  private volatile @Nullable DeployLock lock;

  /**
   * @param recorder knows what was done
   */
  LockedDeploy(
      StackContext context, BuildContext build, HistoryWriter writer, HistoryRecorder recorder) {
    this.context = context;
    this.pause = build.pause();
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
    DeployLock held = lock;
    if (held == null) {
      held =
          DeployLock.take(
              context.host().plain(),
              context.directory().path(),
              request,
              context.reporter(),
              context.orchestrator().wayBack());
      waited = held.waited();
      if (waited) {
        writer.outdate();
      }
      lock = held;
      context.host().whenLost(this::comeBack);
      Runtime.getRuntime().addShutdownHook(interruption);
    }
    held.requireHeld();
    return waited;
  }

  /**
   * Goes on over a new connection, if there is something to go on with: a service is being
   * replaced, and the guard still waits. Tries for as long as it does.
   */
  private boolean comeBack(DeployException failure) {
    DeployLock held = lock;
    Set<String> replaced = intents.open();
    if (held == null || !cameBackFor.addAll(replaced)) {
      return false;
    }
    Instant last = context.clock().instant().plus(request.confirm());
    while (true) {
      try {
        if (!context.host().reconnect() || !held.comeBack()) {
          return false;
        }
        context.reporter().report(cameBack(replaced, failure));
        return true;
      } catch (DeployException e) {
        failure.addSuppressed(e);
        if (context.clock().instant().isAfter(last)) {
          held.giveUp();
          return false;
        }
        pause.of(BETWEEN_TRIES);
      }
    }
  }

  private Event cameBack(Set<String> replaced, DeployException failure) {
    return new Event.Warning(
        failure.getMessage()
            + ". Connected again: going on with "
            + String.join(", ", new TreeSet<>(replaced)));
  }

  /** The JVM ends in the middle of the deploy: Ctrl-C, or a cancelled CI job. */
  void interrupted() {
    DeployLock held = lock;
    if (held == null) {
      return;
    }
    List<String> lines = whenInterrupted();
    held.abandon();
    context
        .reporter()
        .report(
            new Event.Warning(
                "Interrupted. "
                    + String.join("\n", lines)
                    + "\nSee what runs: mvn rpi:status. Deploy again to go on; what the Pi has is"
                    + " not sent again"));
  }

  private List<String> whenInterrupted() {
    List<String> lines = new ArrayList<>(intents.whenInterrupted());
    Set<String> stay = recorder.unverified();
    stay.removeAll(intents.open());
    stay.forEach(
        service ->
            lines.add(
                service
                    + " was recreated and not verified. It stays as it is (rpi.rollback=none)"));
    if (lines.isEmpty()) {
      lines.add("No service was being replaced on " + context.host().name());
    }
    Set<String> shipped = recorder.waiting();
    if (!shipped.isEmpty()) {
      lines.add("Shipped and not recreated: " + String.join(", ", shipped));
    }
    return lines;
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
    writer.enter(release.service(), release.live(), release.tag(), release.spec().policy());
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
      keepRunning();
    }
  }

  private void keepRunning() {
    try {
      Runtime.getRuntime().removeShutdownHook(interruption);
    } catch (IllegalStateException e) {
      // The JVM ends already.
    }
  }

  /** Finishes whatever the work comes to, without hiding why it failed. */
  void finishAfter(Monitor monitor, Runnable work, Supplier<Origin> origin) {
    try {
      work.run();
    } catch (RuntimeException e) {
      try {
        monitor.run(() -> finish(origin));
      } catch (RuntimeException atTheEnd) {
        e.addSuppressed(atTheEnd);
      }
      throw e;
    }
    monitor.run(() -> finish(origin));
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
