package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.deploy.spec.Patience;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * When to give up on one service. What is known of its earlier starts is asked for only when the
 * time is up that every service has.
 */
final class Deadline {

  private final Patience patience;
  private final Supplier<Optional<Duration>> earlierStart;
  private final BiConsumer<Duration, Duration> extended;
  private Duration limit;
  private boolean asked;

  /**
   * @param earlierStart the longest of the service's latest good starts
   * @param extended is told that time and the new limit when there is more time because of it
   */
  Deadline(
      Patience patience,
      Supplier<Optional<Duration>> earlierStart,
      BiConsumer<Duration, Duration> extended) {
    this.patience = patience;
    this.earlierStart = earlierStart;
    this.extended = extended;
    this.limit = patience.timeout();
    this.asked = !patience.learns();
  }

  /** Whether it has passed when so much time has. */
  boolean isPassed(Duration elapsed) {
    if (elapsed.compareTo(limit) < 0) {
      return false;
    }
    if (!asked) {
      asked = true;
      Optional<Duration> start = earlierStart.get();
      Duration longer = patience.knowing(start);
      if (longer.compareTo(limit) > 0) {
        limit = longer;
        start.ifPresent(time -> extended.accept(time, longer));
      }
    }
    return elapsed.compareTo(limit) >= 0;
  }

  /** How long the service may take, as far as that is known. */
  Duration limit() {
    return limit;
  }
}
