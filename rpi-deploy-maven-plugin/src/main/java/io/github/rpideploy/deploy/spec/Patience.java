package io.github.rpideploy.deploy.spec;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a recreated service may take to become good.
 *
 * @param timeout that long in any case
 * @param learns whether a service that is known to start slowly has more time
 */
public record Patience(Duration timeout, boolean learns) {

  /** When nothing is said: two minutes, or more for a service that is known to start slowly. */
  public static final Patience DEFAULT = new Patience(Duration.ofMinutes(2), true);

  /** By how much a start may take longer than one that was good: a Pi does other things, too. */
  private static final int MARGIN = 3;

  /** That long and no longer. */
  public static Patience of(Duration timeout) {
    return new Patience(timeout, false);
  }

  /**
   * How long a service may take.
   *
   * @param start how long it has taken to become good before, if that is known
   */
  public Duration knowing(Optional<Duration> start) {
    return start
        .map(time -> time.multipliedBy(MARGIN))
        .filter(time -> time.compareTo(timeout) > 0)
        .orElse(timeout);
  }
}
