package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.verify.Pause;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets one thread at a time work on the Pi. A thread that only waits for a service lets the others
 * work, so that independent services are replaced side by side.
 */
final class Monitor {

  /** Fair, so that a thread that checks again and again keeps nobody away. */
  private final ReentrantLock lock = new ReentrantLock(true);

  /** Runs the step while no other thread works on the Pi. */
  void run(Runnable step) {
    call(
        () -> {
          step.run();
          return true;
        });
  }

  /** The same for a step that has a result. */
  <T> T call(Supplier<T> step) {
    lock.lock();
    try {
      return step.get();
    } finally {
      lock.unlock();
    }
  }

  /** The same pause, during which other threads may work on the Pi. */
  Pause letting(Pause pause) {
    return duration -> {
      int holds = lock.getHoldCount();
      for (int i = 0; i < holds; i++) {
        lock.unlock();
      }
      try {
        pause.of(duration);
      } finally {
        for (int i = 0; i < holds; i++) {
          lock.lock();
        }
      }
    };
  }
}
