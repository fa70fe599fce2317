package io.github.rpideploy.maven.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationParameterTest {

  @ParameterizedTest
  @CsvSource({"90,90", "90s,90", "2m,120", "1m30s,90", "1h,3600", "1h 1m 1s,3661", " 5s ,5"})
  void spans_are_read_as_people_write_them(String text, long seconds) {
    assertThat(DurationParameter.parse("timeout", text)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0s", "-5", "fast", "5 minutes", "1.5s", "99999999999s"})
  void anything_else_is_refused_by_name(String text) {
    assertThatThrownBy(() -> DurationParameter.parse("timeout", text))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("timeout")
        .hasMessageContaining(text);
  }

  @Test
  void the_hint_shows_how_to_write_it() {
    assertThatThrownBy(() -> DurationParameter.parse("timeout", "fast"))
        .extracting(e -> ((DeployException) e).hint())
        .asString()
        .contains("-Drpi.timeout=90s");
  }
}
