package io.github.rpideploy.deploy.spec;

import io.github.rpideploy.DeployException;

/**
 * How careful the deploy of a service is.
 *
 * @param rollback what goes back when it is not proved good
 * @param force whether it is recreated even when nothing has changed
 * @param keep how many of its newest good releases stay on the Pi, at least one
 */
public record Policy(Rollback rollback, boolean force, int keep) {

  private static final int KEEP = 3;

  /** What happens when nothing is said. */
  public static final Policy DEFAULT = new Policy(Rollback.SERVICE, false);

  /**
   * @throws DeployException when no release would stay
   */
  public Policy {
    if (keep < 1) {
      throw new DeployException(
          "Parameter keep is " + keep + ", but at least one release of a service stays on the Pi",
          "Remove it to keep the newest " + KEEP);
    }
  }

  /** With as many releases as usual. */
  public Policy(Rollback rollback, boolean force) {
    this(rollback, force, KEEP);
  }

  /** What goes back to where it was when a recreated service is not proved good. */
  public enum Rollback {
    /** That service. */
    SERVICE,
    /** Every service that this build has replaced, the last one first. */
    ALL,
    /** Nothing: the failed container is left for inspection. */
    NONE
  }
}
