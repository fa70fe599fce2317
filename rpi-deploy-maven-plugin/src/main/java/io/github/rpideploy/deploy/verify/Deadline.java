package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.deploy.spec.Patience;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * When to give up on one service. The history is asked for earlier starts only once the time is up
 * that every service has: asking costs a round trip.
 */
final class Deadline {

  /** A health check has failed several times by then, after its own start period. */
  static final Duration UNHEALTHY = Duration.ofSeconds(30);

  private final Patience patience;
  private final Supplier<Optional<Duration>> earlierStart;
  private final BiConsumer<Duration, Duration> extended;
  private Duration limit;
  private boolean asked;
  private Optional<Duration> earlier = Optional.empty();
  private boolean known;
  private @Nullable Duration unhealthySince;

  /**
   * @param earlierStart the longest of the service's recent good starts
   * @param extended is told of that start and the new limit when the limit grows because of it
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

  /** Whether it has passed after the given time. */
  boolean isPassed(Duration elapsed) {
    if (elapsed.compareTo(limit) < 0) {
      return false;
    }
    if (!asked) {
      asked = true;
      Optional<Duration> start = earlier();
      Duration longer = patience.knowing(start);
      if (longer.compareTo(limit) > 0) {
        limit = longer;
        start.ifPresent(time -> extended.accept(time, longer));
      }
    }
    return elapsed.compareTo(limit) >= 0;
  }

  /**
   * Whether a service is to be given up that Docker calls unhealthy again and again: only where
   * nobody has said how long it may take, and unless it has become good as late as that before.
   *
   * @param unhealthy whether it is now
   */
  boolean isHopeless(boolean unhealthy, Duration elapsed) {
    if (!unhealthy || !patience.learns()) {
      unhealthySince = null;
      return false;
    }
    if (unhealthySince == null) {
      unhealthySince = elapsed;
    }
    return elapsed.minus(unhealthySince).compareTo(UNHEALTHY) >= 0
        && earlier().filter(start -> start.compareTo(elapsed) > 0).isEmpty();
  }

  private Optional<Duration> earlier() {
    if (!known) {
      known = true;
      earlier = earlierStart.get();
    }
    return earlier;
  }

  /** How long the service may take, as far as is known by now. */
  Duration limit() {
    return limit;
  }
}
