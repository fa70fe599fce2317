package io.github.rpideploy.deploy.spec;

import java.time.Duration;

/**
 * How a service comes to run another release.
 *
 * @param mode whether its containers are replaced, or others are started beside them first
 * @param drain how long the old ones go on once the new ones are good
 * @param drainCommand what is run in each old one before that, for its shell; empty for nothing
 */
public record Strategy(Mode mode, Duration drain, String drainCommand) {

  /** The default: they are replaced. */
  public static final Strategy RECREATE = new Strategy(Mode.RECREATE, Duration.ZERO, "");

  /** What is done with the containers that run. */
  public enum Mode {
    /** They are replaced: the service is away in between. */
    RECREATE,
    /** They go when new ones beside them are good. A service that cannot have both is refused. */
    ROLLOUT,
    /** As {@link #ROLLOUT} where that can be done, else as {@link #RECREATE}. */
    AUTO
  }
}
