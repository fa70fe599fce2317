package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.DeployException;
import java.time.Duration;

/** How the deploy waits; passed in, so that no test waits. */
@FunctionalInterface
public interface Pause {

  /** Really sleeps. An interrupt ends the deploy with a {@link DeployException}. */
  Pause SLEEP =
      duration -> {
        try {
          Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new DeployException(
              "The deploy was interrupted while it waited",
              "Recreated services are running; run the goal again to verify them",
              e);
        }
      };

  /** Waits that long. */
  void of(Duration duration);
}
