package io.github.rpideploy.deploy.spec;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a recreated service may take to become good.
 *
 * @param timeout how long every service may take
 * @param learns whether a service that has started slowly before may take longer
 */
public record Patience(Duration timeout, boolean learns) {

  /** By default: two minutes, or more for a service that has started slowly before. */
  public static final Patience DEFAULT = new Patience(Duration.ofMinutes(2), true);

  /** How many times as long as an earlier good start: a Pi may be busy with other things. */
  private static final int MARGIN = 3;

  /** An hour is enough, whatever the history on the Pi says. */
  private static final Duration LONGEST = Duration.ofHours(1);

  /** The given time and no longer. */
  public static Patience of(Duration timeout) {
    return new Patience(timeout, false);
  }

  /**
   * How long a service may take, given an earlier start.
   *
   * @param start how long it took to become good before, if that is known
   */
  public Duration knowing(Optional<Duration> start) {
    return start
        .map(time -> time.compareTo(LONGEST) < 0 ? time.multipliedBy(MARGIN) : LONGEST)
        .map(time -> time.compareTo(LONGEST) < 0 ? time : LONGEST)
        .filter(time -> time.compareTo(timeout) > 0)
        .orElse(timeout);
  }
}
