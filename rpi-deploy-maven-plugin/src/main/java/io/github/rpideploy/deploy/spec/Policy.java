package io.github.rpideploy.deploy.spec;

import io.github.rpideploy.DeployException;

/**
 * How careful the deploy of a service is.
 *
 * @param rollback what is rolled back when the service is not good
 * @param force whether it is recreated even if nothing has changed
 * @param keep how many of its newest good releases stay on the Pi, at least one
 * @param strategy how it comes to run another release
 */
public record Policy(Rollback rollback, boolean force, int keep, Strategy strategy) {

  private static final int KEEP = 3;

  /** The default: roll back the service itself, recreate it only when something has changed. */
  public static final Policy DEFAULT = new Policy(Rollback.SERVICE, false);

  /**
   * @throws DeployException when {@code keep} is less than 1
   */
  public Policy {
    if (keep < 1) {
      throw new DeployException(
          "Parameter keep is "
              + keep
              + ", but at least one release of a service must stay on the Pi",
          "Remove it to keep the newest " + KEEP);
    }
  }

  /** With the default strategy. */
  public Policy(Rollback rollback, boolean force, int keep) {
    this(rollback, force, keep, Strategy.RECREATE);
  }

  /** With the default number of releases. */
  public Policy(Rollback rollback, boolean force) {
    this(rollback, force, KEEP);
  }

  /** What is rolled back when a recreated service is not good. */
  public enum Rollback {
    /** That service. */
    SERVICE,
    /** Every service that this build has replaced, the latest first. */
    ALL,
    /** Nothing: the failed container is left for inspection. */
    NONE
  }
}
