package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.history.HistoryRecorder;
import io.github.rpideploy.deploy.history.HistoryWriter;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.stack.DeployLock;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The time in which a deploy changes the Pi: it begins with the deploy lock, and ends when the
 * history has what was done.
 */
final class LockedDeploy {

  private final RemoteHost host;
  private final String directory;
  private final LockRequest request;
  private final HistoryWriter ledger;
  private final HistoryRecorder chronicle;
  private final InstantSource clock;
  private @Nullable DeployLock lock;

  /**
   * @param directory the remote compose directory
   * @param chronicle has what was done
   */
  LockedDeploy(
      RemoteHost host,
      String directory,
      LockRequest request,
      HistoryWriter ledger,
      HistoryRecorder chronicle,
      InstantSource clock) {
    this.host = host;
    this.directory = directory;
    this.request = request;
    this.ledger = ledger;
    this.chronicle = chronicle;
    this.clock = clock;
  }

  /**
   * Takes the lock, or makes sure that it is still held.
   *
   * @return whether another deploy has had it first, so that what was known of the Pi may be
   *     otherwise now
   * @throws DeployException when the lock cannot be had, or was lost
   */
  boolean begin() {
    boolean waited = false;
    if (lock == null) {
      lock = DeployLock.take(host, directory, request, chronicle);
      waited = lock.waited();
    }
    lock.requireHeld();
    return waited;
  }

  /** A service takes part. */
  void enter(String service, ImageReference live, Policy policy) {
    ledger.enter(service, live, policy);
  }

  /**
   * Notes on the Pi what was done since the last call, if anything, and lets others deploy.
   *
   * @param origin what the history is to say of where that came from
   */
  void end(Supplier<Origin> origin) {
    if (lock != null) {
      // An interrupted thread can run no command any more.
      if (!chronicle.isEmpty() && !Thread.currentThread().isInterrupted()) {
        History.Deploy deploy = chronicle.take(clock.instant(), origin.get());
        if (lock.isHeld()) {
          ledger.close(deploy);
        } else {
          chronicle.report(
              new Event.Warning(
                  "This deploy is not in the history on the Pi: its lock in "
                      + directory
                      + " was lost before"));
        }
      }
      lock.close();
      lock = null;
    }
  }
}
