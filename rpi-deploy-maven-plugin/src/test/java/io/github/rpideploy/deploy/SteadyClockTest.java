package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SteadyClockTest {

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void it_goes_on_as_time_passes_whatever_the_system_s_clock_is_set_to() {
    AtomicReference<Instant> system = new AtomicReference<>(START);
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    SteadyClock clock = new SteadyClock(system::get, nanos::get);

    system.set(START.minus(Duration.ofDays(1)));
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());

    assertThat(clock.instant()).isEqualTo(START.plusSeconds(3));
  }
}
