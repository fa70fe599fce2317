package io.github.rpideploy.deploy;

/**
 * How careful the deploy of a service is.
 *
 * @param rollback what goes back when it is not proved good
 * @param force whether it is recreated even when nothing has changed
 */
public record Policy(Rollback rollback, boolean force) {

  /** What happens when nothing is said. */
  public static final Policy DEFAULT = new Policy(Rollback.SERVICE, false);

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
