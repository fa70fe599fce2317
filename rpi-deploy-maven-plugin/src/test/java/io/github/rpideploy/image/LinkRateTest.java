package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LinkRateTest {

  private static final int MIB = 1 << 20;

  private long now = TimeUnit.SECONDS.toNanos(5);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<Double> told = new ArrayList<>();
  private final LinkRate rate = new LinkRate(out, () -> now, told::add);

  @Test
  void what_buffers_on_the_way_take_at_once_is_no_rate() throws IOException {
    write(4 * MIB);
    now += TimeUnit.SECONDS.toNanos(1);

    assertThat(rate.bytesPerSecond()).isZero();
  }

  @Test
  void the_rate_is_what_went_after_the_buffers_were_full() throws IOException {
    write(4 * MIB);
    now += TimeUnit.SECONDS.toNanos(7);
    write(MIB);
    assertThat(rate.bytesPerSecond()).as("no time has passed").isZero();

    now += TimeUnit.SECONDS.toNanos(2);
    write(2 * MIB);

    assertThat(rate.bytesPerSecond()).isEqualTo(1.5 * MIB);
  }

  @Test
  void it_is_told_once_when_it_is_known_well_enough() throws IOException {
    write(4 * MIB + 1);
    now += TimeUnit.SECONDS.toNanos(1);
    write(3 * MIB);
    assertThat(told).isEmpty();

    now += TimeUnit.SECONDS.toNanos(1);
    write(MIB);
    now += TimeUnit.SECONDS.toNanos(1);
    write(8 * MIB);

    assertThat(told).containsExactly(2.0 * MIB + 0.5);
  }

  @Test
  void every_byte_counts_and_goes_on_as_it_is() throws IOException {
    write(4 * MIB);
    rate.write(7);
    now += TimeUnit.MILLISECONDS.toNanos(500);
    rate.write(new byte[] {1, 2, 3, 4}, 1, 2);

    assertThat(rate.bytesPerSecond()).isEqualTo(6);
    assertThat(out.toByteArray()).hasSize(4 * MIB + 3).endsWith(7, 2, 3);
  }

  private void write(int bytes) throws IOException {
    rate.write(new byte[bytes], 0, bytes);
  }
}
