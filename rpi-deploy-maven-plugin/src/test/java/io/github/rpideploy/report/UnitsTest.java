package io.github.rpideploy.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {

  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "999,999 B",
    "1000,1.0 kB",
    "2100,2.1 kB",
    "99949,99.9 kB",
    "99950,100 kB",
    "999499,999 kB",
    "999500,1.0 MB",
    "91200000,91.2 MB",
    "112000000,112 MB",
    "2500000000,2.5 GB"
  })
  void bytes_count_in_powers_of_1000(long bytes, String text) {
    assertThat(Units.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0 s",
    "49,0 s",
    "50,0.1 s",
    "1249,1.2 s",
    "3000,3 s",
    "59940,59.9 s",
    "59960,60 s",
    "120400,120 s"
  })
  void seconds_have_a_tenth_below_a_minute(long millis, String text) {
    assertThat(Units.seconds(Duration.ofMillis(millis))).isEqualTo(text);
  }
}
