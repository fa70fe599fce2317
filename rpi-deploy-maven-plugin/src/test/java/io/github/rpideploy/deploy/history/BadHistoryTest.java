package io.github.rpideploy.deploy.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rpideploy.BadInput;
import io.github.rpideploy.Fuzz;
import io.github.rpideploy.image.ImageReference;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that a power cut tore, a newer version wrote, or somebody edited. */
class BadHistoryTest {

  private static final String GOOD =
      "{\"when\":\"2026-11-25T10:00:00Z\",\"who\":\"me@laptop\",\"run\":\"https://git.example/1\","
          + "\"commit\":\"c0ffee\",\"version\":\"1.2\",\"outcome\":\"verified\",\"services\":["
          + "{\"service\":\"a\",\"release\":\"a:rpi-0123456789ab\",\"image\":\"sha256:1\","
          + "\"outcome\":\"verified\",\"seconds\":4.25,\"before\":\"a:rpi-ba9876543210\","
          + "\"runs\":\"a:rpi-0123456789ab\"}]}";

  /** All that is asked of a history. */
  private static Object read(List<String> lines) {
    History history = History.parse(lines);
    return List.of(
        history,
        history.verified("a"),
        history.releases("a"),
        history.unproved("a"),
        history.longestStart("a"),
        history.runs("a"),
        history.first("a:rpi-0123456789ab"),
        history.servicesOf("a:rpi-0123456789ab"),
        history.earlier(
            "a", ImageReference.parse("a"), Map.of("a:rpi-0123456789ab", "sha256:1"), null));
  }

  static Stream<Arguments> lines() {
    return Stream.of(
        arguments("nothing", "", 0),
        arguments("null", "null", 0),
        arguments("a number", "7", 0),
        arguments("a list", "[]", 0),
        arguments("an empty object", "{}", 0),
        arguments("a torn line", GOOD.substring(0, 200), 0),
        arguments("two lines in one", GOOD + GOOD, 0),
        arguments("zeros of a power cut", "\0".repeat(4096), 0),
        arguments("a comment", "// " + GOOD, 0),
        arguments("invalid UTF-8", GOOD.replace("me@", "\ufffd\ufffd"), 1),
        arguments("an escape", GOOD.replace("me@", "\\u001b[31m@"), 1),
        arguments("a field of the future", GOOD.replace("{\"when", "{\"x\":{\"y\":[1]},\"when"), 1),
        arguments("an outcome of the future", GOOD.replace("verified", "blessed"), 1),
        arguments("an outcome that is a number", GOOD.replace("\"verified\"", "7"), 1),
        arguments("an outcome that is an object", GOOD.replace("\"verified\"", "{}"), 0),
        arguments("an outcome that is null", GOOD.replace("\"verified\"", "null"), 0),
        arguments("no time", GOOD.replace("\"when\"", "\"at\""), 0),
        arguments("another time", GOOD.replace("2026-11-25T10:00:00Z", "yesterday"), 0),
        arguments("a time without a zone", GOOD.replace("00Z", "00"), 0),
        arguments("a day that is none", GOOD.replace("11-25", "02-30"), 0),
        arguments("a year beyond all", GOOD.replace("2026-", "+9999999999-"), 0),
        arguments("services as an object", GOOD.replace("[{", "{").replace("}]", "}"), 0),
        arguments("a service that is null", GOOD.replace("[{", "[null,{"), 0),
        arguments("a service that is a text", GOOD.replace("[{", "[\"a\",{"), 0),
        arguments("a service without a name", GOOD.replace("\"service\":\"a\",", ""), 0),
        arguments("seconds that are a text", GOOD.replace("4.25", "\"4.25\""), 1),
        arguments("seconds that are none", GOOD.replace("4.25", "\"soon\""), 0),
        arguments("seconds beyond all", GOOD.replace("4.25", "1e308"), 1),
        arguments("infinite seconds", GOOD.replace("4.25", "1e999"), 1),
        arguments("negative seconds", GOOD.replace("4.25", "-1e18"), 1),
        arguments("seconds that are no number", GOOD.replace("4.25", "NaN"), 1),
        arguments("a release of another grammar", GOOD.replace("a:rpi-0123456789ab", "A B@@"), 1),
        arguments("a release of a megabyte", GOOD.replace("rpi-0", "x".repeat(1 << 20)), 1),
        arguments("deep lists", GOOD.replace("\"1.2\"", "[".repeat(100_000)), 0),
        arguments("a key twice", GOOD.replace("{\"when\"", "{\"who\":\"x\",\"when\""), 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void lines(String name, String line, int deploys) {
    assertThat(BadInput.read(name, () -> read(List.of(line, GOOD)).toString())).isPresent();
    assertThat(History.parse(List.of(line, GOOD)).deploys()).hasSize(deploys + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e308", "1e999", "NaN", "-1", "0", "86401"})
  void a_start_that_took_no_time_or_more_than_a_day_teaches_nothing(String seconds) {
    assertThat(History.parse(List.of(GOOD.replace("4.25", seconds))).longestStart("a")).isEmpty();
  }

  @Test
  void broken_ones_are_skipped() {
    assertThat(
            Fuzz.texts("history", 8, List.of(GOOD), line -> read(line.lines().toList())).refused())
        .isZero();
  }
}
