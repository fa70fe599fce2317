package io.github.rpideploy.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rpideploy.BadInput;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies and expressions with which a comparison would not end, or end the build. */
class BadBodyTest {

  private static final String MEBIBYTE = "x".repeat(1 << 20);

  static Stream<Arguments> searched() {
    return Stream.of(
        arguments("a group for each character", "(.|\\n)*UP", MEBIBYTE, "is too long"),
        arguments("a group in a group", "(.*?,){20}z", "1,".repeat(60), "is too long"),
        arguments("all pairs of places", "(?s).*foo.*bar", MEBIBYTE + "foo", "is too long"),
        arguments("a lazy search", "(?s)x.*?y", MEBIBYTE, "is too long"),
        arguments("a back reference", "(x+)\\1+y", MEBIBYTE, "is too long"),
        arguments("a literal text", "UP", MEBIBYTE, "does not match UP"),
        arguments("the end of a long body", "UP$", MEBIBYTE + "UP", ""),
        arguments("the start of a long body", "^x+", MEBIBYTE, ""),
        arguments("any line", "(?m)^status: UP$", "x\n".repeat(1 << 19) + "status: UP", ""),
        arguments("an empty body", ".+", "", "does not match .+"),
        arguments("half a character", "^.$", "\ud800", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void searched(String name, String regex, String body, String mismatch) {
    assertThat(BadInput.read(name, () -> BodyMatch.matches(regex).mismatch(body).orElse("")))
        .hasValueSatisfying(said -> assertThat(said).startsWith(mismatch))
        .hasValueSatisfying(said -> assertThat(said.isEmpty()).isEqualTo(mismatch.isEmpty()));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("an open group", "("),
        arguments("an open class", "[a"),
        arguments("a repetition of nothing", "*"),
        arguments("an unknown escape", "\\y"),
        arguments("a large repetition", "a{99999999999}"),
        arguments("10,000 open groups", "(".repeat(10_000)),
        arguments("100,000 characters", "x".repeat(100_000)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refused(String name, String regex) {
    assertThat(BadInput.read(name, () -> BodyMatch.matches(regex))).isEmpty();
  }

  static Stream<Arguments> json() {
    return Stream.of(
        arguments("deep lists", "/a=1", "[".repeat(100_000), "is not JSON"),
        arguments("deep objects", "/a=1", "{\"a\":".repeat(100_000), "is not JSON"),
        arguments("a large number", "/a=1", "{\"a\":1e999999999}", "does not have 1 at /a"),
        arguments(
            "a number of a mebibyte", "/a=1", "{\"a\":" + "9".repeat(1 << 20) + "}", "is not"),
        arguments("a key twice", "/a=2", "{\"a\":1,\"a\":2}", ""),
        arguments("a byte order mark", "/a=1", "\ufeff{\"a\":1}", ""),
        arguments("NUL", "/a=1", "{\"a\":\0}", "is not JSON"),
        arguments("a long pointer", "/a".repeat(100_000) + "=1", "{\"a\":1}", "has nothing at"),
        arguments("an index beyond all", "/999999999=1", "[1]", "has nothing at"),
        arguments("no value", "/a=", "{\"a\":\"\"}", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void json(String name, String wanted, String body, String mismatch) {
    assertThat(BadInput.read(name, () -> BodyMatch.hasValue(wanted).mismatch(body).orElse("")))
        .hasValueSatisfying(said -> assertThat(said).startsWith(mismatch))
        .hasValueSatisfying(said -> assertThat(said.isEmpty()).isEqualTo(mismatch.isEmpty()));
  }
}
