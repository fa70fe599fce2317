package io.github.rpideploy.maven.parameters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTest {

  private static final List<String> NAMES =
      List.of("rpi.host", "rpi.hostKey", "rpi.port", "rpi.smokePath", "rpi.smokePort", "rpi.to");

  @ParameterizedTest
  @CsvSource({
    "rpi.smokepath, rpi.smokePath",
    "rpi.smoke-path, rpi.smokePath",
    "rpi.smoke.path, rpi.smokePath",
    "rpi.SMOKE_PATH, rpi.smokePath",
    "rpi.hots, rpi.host",
    "rpi.hsot, rpi.host",
    "rpi.hosts, rpi.host",
    "rpi.smokPth, rpi.smokePath",
    "rpi.smokePrt, rpi.smokePort",
    "rpi.hostkeys, rpi.hostKey",
    "rpi.ports, rpi.port"
  })
  void a_slip_or_two_are_noticed(String written, String meant) {
    assertThat(Spelling.nearest(written, NAMES)).contains(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpi.hostname", "rpi.version", "rpi.", "rpi.smoke", "rpi.root", "rpi.io"})
  void another_word_is_not(String written) {
    assertThat(Spelling.nearest(written, NAMES)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000, 1_000_000})
  void a_long_name_takes_no_time(int length) {
    assertThat(Spelling.nearest("rpi.smokeJson" + "x".repeat(length), NAMES)).isEmpty();
  }
}
