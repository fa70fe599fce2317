package io.github.rpideploy.deploy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The clock of a deploy: the system's time when it was made, and from then on what {@link
 * System#nanoTime} counts. If the system's clock is set meanwhile, no time limit is suddenly over,
 * and none lasts for a day.
 *
 * <p>Time in which the machine sleeps may not count, so a line of the history can be early by that.
 */
public final class SteadyClock implements InstantSource {

  private final Instant start;
  private final LongSupplier nanos;
  private final long nanosAtStart;

  /** Starts now. */
  public SteadyClock() {
    this(InstantSource.system(), System::nanoTime);
  }

  SteadyClock(InstantSource system, LongSupplier nanos) {
    this.start = system.instant();
    this.nanos = nanos;
    this.nanosAtStart = nanos.getAsLong();
  }

  @Override
  public Instant instant() {
    return start.plusNanos(nanos.getAsLong() - nanosAtStart);
  }
}
