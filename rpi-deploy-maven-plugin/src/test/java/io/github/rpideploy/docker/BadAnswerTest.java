package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rpideploy.BadInput;
import io.github.rpideploy.docker.file.Endpoint;
import io.github.rpideploy.docker.file.Ports;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a Pi prints when its Docker is of another time, its shell talks, or its disk is dying. */
class BadAnswerTest {

  private static final Map<String, UnaryOperator<String>> DAMAGES = new LinkedHashMap<>();

  static {
    DAMAGES.put("nothing", good -> "");
    DAMAGES.put("a blank line", good -> "\n");
    DAMAGES.put("its first half", good -> good.substring(0, good.length() / 2));
    DAMAGES.put("its second half", good -> good.substring(good.length() / 2));
    DAMAGES.put("the first word of each line", good -> good.replaceAll("(?m)^(\\S+) .*$", "$1"));
    DAMAGES.put("two words of each line", good -> good.replaceAll("(?m)^(\\S+ \\S+) .*$", "$1"));
    DAMAGES.put("no last words", good -> good.replaceAll("(?m) \\S+$", " "));
    DAMAGES.put("Windows line ends", good -> good.replace("\n", "\r\n"));
    DAMAGES.put("all on one line", good -> good.replace('\n', ' '));
    DAMAGES.put("every line twice", good -> good.replaceAll("(?m)^(.*)$", "$1\n$1"));
    DAMAGES.put("a warning first", good -> "WARNING: No swap limit support\n" + good);
    DAMAGES.put("a greeting in French", good -> "Bienvenue\u00a0! Accès refusé\n" + good);
    DAMAGES.put("invalid UTF-8", good -> good.replaceAll("[aeio]", invalid()));
    DAMAGES.put("colours", good -> good.replaceAll("(\\w+)", "\u001b[31m$1\u001b[0m"));
    DAMAGES.put("NUL bytes", good -> good.replace(" ", " \0"));
    DAMAGES.put(
        "a megabyte on one line", good -> good.replaceFirst(" |:", "$0" + "x".repeat(1 << 20)));
    DAMAGES.put("a megabyte before it", good -> "x".repeat(1 << 20) + "\n" + good);
    DAMAGES.put("20,000 lines after it", good -> good + "x y z\n".repeat(20_000));
    DAMAGES.put("large numbers", good -> good.replaceAll("\\d+", "99999999999999999999"));
    DAMAGES.put("negative numbers", good -> good.replaceAll("\\d+", "-$0"));
    DAMAGES.put("lists for texts", good -> good.replaceAll("\"[^\"]*\"", "[]"));
    DAMAGES.put("objects for numbers", good -> good.replaceAll("\\b\\d+\\b", "{\"a\":1}"));
    DAMAGES.put("null for texts", good -> good.replaceAll(":\"[^\"]*\"", ":null"));
    DAMAGES.put("other fields", good -> good.replaceAll("\"(\\w+)\":", "\"x$1\":"));
    DAMAGES.put("deep JSON", good -> good.replaceAll("[{\\[]", "[".repeat(10_000)));
    DAMAGES.put("a page of HTML", good -> "<!DOCTYPE html>\n<p>502 Bad Gateway</p>\n");
  }

  /** Those that are not a line for each fact. */
  private static final Set<Answer> WHOLE =
      Set.of(Answer.CONTAINER, Answer.ENVIRONMENT, Answer.RECREATED);

  private static String invalid() {
    return new String(new byte[] {(byte) 0xc3, 0x28, (byte) 0xff}, StandardCharsets.UTF_8);
  }

  static Stream<Arguments> damaged() {
    return Stream.of(Answer.values())
        .flatMap(answer -> DAMAGES.keySet().stream().map(damage -> arguments(answer, damage)));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource
  void damaged(Answer answer, String damage) {
    String printed = Objects.requireNonNull(DAMAGES.get(damage)).apply(answer.good());

    BadInput.read(answer + " is " + damage, () -> answer.read(printed).toString());
  }

  @ParameterizedTest
  @EnumSource
  void a_good_one_is_read(Answer answer) {
    assertThat(BadInput.read("good", () -> answer.read(answer.good()))).isPresent();
  }

  /** A line more, and a field more: so a newer script or Engine answers. */
  @ParameterizedTest
  @EnumSource
  void so_is_one_of_the_future(Answer answer) {
    String future =
        answer.good().replaceAll("\\{\"(id|Status)\"", "{\"Future\":[{\"a\":{}}],\"$1\"");
    String more = WHOLE.contains(answer) ? "" : "future 1 2\n";

    assertThat(BadInput.read("future", () -> answer.read(more + future))).isPresent();
  }

  @Test
  void a_container_without_an_environment_is_none_that_cannot_be_read() {
    assertThat(Answer.ENVIRONMENT.read("null\n")).isEqualTo(List.of());
  }

  static Stream<Arguments> containers() {
    return Stream.of(
        arguments("no id", "\"id\":\"", "\"ID\":\"", false),
        arguments("no image", "\"image\":\"", "\"Image\":\"", false),
        arguments("no state", "\"state\":", "\"State\":", false),
        arguments("no status", "\"Status\":\"running\"", "\"X\":1", false),
        arguments("a status that is a number", "\"running\"", "7", true),
        arguments("a status of the future", "\"running\"", "\"hibernating\"", true),
        arguments("a status that is an object", "\"running\"", "{\"name\":\"running\"}", false),
        arguments("a state that is a text", "\"state\":{", "\"state\":\"running\",\"x\":{", false),
        arguments("no exit code", "\"ExitCode\":0,\"Error\"", "\"Error\"", true),
        arguments("an exit code that is a text", "\"ExitCode\":0", "\"ExitCode\":\"0\"", true),
        arguments("an exit code that is null", "\"ExitCode\":0", "\"ExitCode\":null", false),
        arguments("a large exit code", "\"ExitCode\":0", "\"ExitCode\":1e99", false),
        arguments("half a restart", "\"restarts\":2", "\"restarts\":2.5", false),
        arguments("no time", "\"StartedAt\":\"", "\"Started\":\"", true),
        arguments("another time", "2026-11-25T10:00:00.123456789Z", "yesterday", true),
        arguments("no health check", "\"Health\":{", "\"NoHealth\":{", true),
        arguments("a health that is a text", "\"Health\":{", "\"Health\":\"none\",\"x\":{", false),
        arguments("a health log that is null", "\"Log\":[", "\"Log\":null,\"x\":[", true),
        arguments("a health log with null", "\"Log\":[", "\"Log\":[null],\"x\":[", true),
        arguments("a memory that is none", "67108864", "null", false),
        arguments("a memory beyond all", "67108864", "18446744073709551615", false),
        arguments("no configuration", "\"configHash\":\"", "\"x\":\"", true),
        arguments("two containers", "{\"id\"", "{}\n{\"id\"", false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void containers(String name, String what, String by, boolean isRead) {
    String printed = Answer.CONTAINER.good().replace(what, by);
    assertThat(printed).isNotEqualTo(Answer.CONTAINER.good());

    for (Answer answer : List.of(Answer.CONTAINER, Answer.STATUS, Answer.SERVICE)) {
      String whole = answer.good().replace(what, by);
      assertThat(BadInput.read(name, () -> answer.read(whole).toString()).isPresent())
          .as(answer.toString())
          .isEqualTo(isRead || whole.equals(answer.good()));
    }
  }

  static Stream<Arguments> ports() {
    return Stream.of(
        arguments("", 0),
        arguments("80/tcp", 0),
        arguments("0.0.0.0:80->80/tcp", 1),
        arguments("[::]:80->80/tcp, :::81->81/tcp", 2),
        arguments("0.0.0.0:99999->80/tcp", 0),
        arguments("0.0.0.0:0->80/tcp", 0),
        arguments("0.0.0.0:1-65535->1-65535/tcp", 65535),
        arguments("0.0.0.0:9-1->9-1/tcp", 0),
        arguments("0.0.0.0:80->80/sctp", 0),
        arguments("dead.beef:80->80/tcp", 1),
        arguments("0.0.0.0:1-65535->1-65535/tcp, ".repeat(20_000), 4 * 65535));
  }

  @ParameterizedTest(name = "{index}: {1} ports")
  @MethodSource
  void ports(String column, int count) {
    Optional<List<Endpoint>> read = BadInput.read("ports", () -> Ports.ofDockerPs(column));

    assertThat(read).hasValueSatisfying(all -> assertThat(all).hasSize(count));
    assertThat(read.orElseThrow().stream().map(Endpoint::toString).collect(Collectors.toSet()))
        .doesNotContain("0");
  }
}
