package io.github.rpideploy.docker.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.JsonParser;
import io.github.rpideploy.BadInput;
import io.github.rpideploy.Fuzz;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What compose should never print. What is made of it is JSON all the same, or it is refused. */
class BadServiceFileTest {

  private static final String BIG = "x".repeat(1_000_000);

  /** Three times three times … as many: every level names the one before three times. */
  private static String bomb(int levels, String service) {
    return "x-0: &a0 [lol]\n"
        + IntStream.rangeClosed(1, levels)
            .mapToObj(i -> "x-%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(3)))
            .collect(Collectors.joining())
        + "services: {a: {"
        + service.replace("BOMB", "*a" + levels)
        + "}}\n";
  }

  static Stream<Arguments> read() {
    return Stream.of(
        arguments("numbers without an end", "command: [1e999, -1e999, .inf, -.inf, .nan]"),
        arguments("a number of a megabyte", "hostname: " + "1".repeat(1_000_000)),
        arguments("a text of a megabyte", "hostname: " + BIG),
        arguments(
            "a text of all kinds", "hostname: \"\\0\\x1b[31m\\u202e\\u2028\\U0001f600\\x9b\""),
        arguments("a list as labels", "labels: [a=b, c, d=e=f, {g: h}, [i], null]"),
        arguments("a text as labels", "labels: a"),
        arguments("a list for everything", "networks: [], deploy: [], volumes: [], ports: []"),
        arguments("a map for everything", "networks: {}, volumes: {}, ports: {}, tmpfs: {}"),
        arguments("null for everything", "networks: null, deploy: null, volumes: null"),
        arguments("null in everything", "networks: [null], volumes: [null], ports: [null]"),
        arguments("lists in lists", "volumes: [[a]], ports: [[80]], extra_hosts: [[a]]"),
        arguments("maps as scalars", "extra_hosts: {a: {b: c}}, dns: {a: {b: c}}, restart: {a: b}"),
        arguments("a list of resources", "deploy: {resources: [a], labels: 7, mode: [x]}"),
        arguments("processors as a map", "deploy: {resources: {limits: {cpus: {a: b}}}}"),
        arguments("a name of digits", "networks: {1: null}, environment: {true: 1, null: 2}"),
        arguments("100,000 commands", "command: [" + "a, ".repeat(100_000) + "a]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void read(String name, String service) {
    Optional<ServiceFile> read = file(name, "services: {a: {" + service + "}}");

    assertThat(read).isPresent();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("more than a megabyte", "services: {a: {hostname: " + BIG.repeat(2) + "}}"),
        arguments("a megabyte of maps", "services: {a: {a: " + "{a: ".repeat(250_000) + "}}"),
        arguments(
            "too many levels",
            "services: {a: {command: " + "[".repeat(200) + "]".repeat(200) + "}}"),
        arguments("a service in itself", "services: {a: &x {image: b, deploy: *x}}"),
        arguments("a list in itself", "services: {a: {command: &x [*x]}}"),
        arguments("a bomb of aliases", bomb(16, "command: BOMB")),
        arguments("a bomb in another place", bomb(16, "image: a")),
        arguments("a bomb as a name", bomb(16, "? BOMB : 1")),
        arguments("no YAML", "services: {"),
        arguments("a terminal escape", "services: {a: {\"\\e[31m\": 1}}"),
        arguments("an address that lies", "services: {a: {ports: [\"\\e[2J:80:80\"]}}"),
        arguments("a service that is not there", "services: {b: {image: b}}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refused(String name, String config) {
    assertThat(file(name, config)).isEmpty();
  }

  @Test
  void broken_at_random() {
    Fuzz.Result result =
        Fuzz.texts(
            "service file",
            10,
            List.of(
                ServiceFileTest.resource("home-by-compose-2.yaml"),
                ServiceFileTest.resource("old-by-compose-1.yaml")),
            config -> JsonParser.parseString(of(config, "web").text()));

    assertThat(result.taken()).isPositive();
    assertThat(result.refused()).isPositive();
  }

  private static Optional<ServiceFile> file(String name, String config) {
    Optional<ServiceFile> read = BadInput.read(name, () -> of(config, "a"));
    read.ifPresent(file -> assertThat(JsonParser.parseString(file.text()).isJsonObject()).isTrue());
    return read;
  }

  private static ServiceFile of(String config, String service) {
    return ServiceFile.of(config, "rpi", service, "a:rpi-1", "a:rpi-1");
  }
}
