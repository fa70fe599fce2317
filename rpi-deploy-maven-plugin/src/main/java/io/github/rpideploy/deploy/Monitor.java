package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.verify.Pause;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread at a time work on the Pi. One that only waits for a service lets others work
 * meanwhile, so that services that need each other not are replaced side by side.
 */
final class Monitor {

  /** Fair, so that one that looks again and again keeps nobody away. */
  private final ReentrantLock lock = new ReentrantLock(true);

  /** Does that while no other thread does anything. */
  void run(Runnable step) {
    lock.lock();
    try {
      step.run();
    } finally {
      lock.unlock();
    }
  }

  /** Waits like that, while other threads may go on. */
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
