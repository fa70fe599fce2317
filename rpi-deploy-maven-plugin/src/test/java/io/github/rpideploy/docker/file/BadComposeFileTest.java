package io.github.rpideploy.docker.file;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rpideploy.BadInput;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What compose should never print, what only a future one does, and what is no compose at all. */
class BadComposeFileTest {

  /** Ten times ten times … as many: every level names the one before ten times. */
  private static String bomb(int levels, String at) {
    StringBuilder yaml = new StringBuilder("x-0: &a0 [lol]\n");
    for (int i = 1; i <= levels; i++) {
      yaml.append("x-%d: &a%d [".formatted(i, i))
          .append(("*a" + (i - 1) + ", ").repeat(3))
          .append("lol]\n");
    }
    return yaml + at.replace("BOMB", "*a" + levels) + "\n";
  }

  private static String many(int services) {
    StringBuilder yaml = new StringBuilder("services:\n");
    IntStream.range(0, services).forEach(i -> yaml.append("  s" + i + ": {image: a}\n"));
    return yaml.toString();
  }

  static Stream<Arguments> read() {
    return Stream.of(
        arguments("nothing", "", 0),
        arguments("a line break", "\n", 0),
        arguments("a comment", "# services: {a: {}}", 0),
        arguments("services: null", "services: null", 0),
        arguments("services without a value", "services:", 0),
        arguments("services as a list", "services: [a, b]", 0),
        arguments("services as a text", "services: a", 0),
        arguments("a list at the top", "- services", 0),
        arguments("a text at the top", "services", 0),
        arguments("a number at the top", "7", 0),
        arguments("a byte order mark", "\ufeffservices: {a: {image: b}}", 1),
        arguments("Windows line ends", "services:\r\n  a:\r\n    image: b\r\n", 1),
        arguments("old Mac line ends", "services:\r  a:\r    image: b\r", 1),
        arguments("a document mark", "---\nservices: {a: {image: b}}\n...\n", 1),
        arguments("a YAML directive", "%YAML 1.1\n---\nservices: {a: {image: b}}", 1),
        arguments("a service that is null", "services: {a: null}", 1),
        arguments("a service that is a list", "services: {a: [image]}", 1),
        arguments("a service that is a text", "services: {a: image}", 1),
        arguments("a name of digits", "services: {1: {image: b}}", 1),
        arguments("a name that is true", "services: {true: {image: b}}", 1),
        arguments("image as a map", "services: {a: {image: {name: b}}}", 1),
        arguments("image as a list", "services: {a: {image: [b]}}", 1),
        arguments("image as a number", "services: {a: {image: 7}}", 1),
        arguments("image: null", "services: {a: {image: null}}", 1),
        arguments("ports as a text", "services: {a: {ports: '80:80'}}", 1),
        arguments("ports as a map", "services: {a: {ports: {80: 80}}}", 1),
        arguments("ports with null", "services: {a: {ports: [null]}}", 1),
        arguments("ports with lists", "services: {a: {ports: [[80, 80]]}}", 1),
        arguments(
            "a port far too large", "services: {a: {ports: [{published: '99999999999'}]}}", 1),
        arguments("a port as a map", "services: {a: {ports: [{published: {a: b}}]}}", 1),
        arguments(
            "a name as an address", "services: {a: {ports: [{host_ip: x, published: 1}]}}", 1),
        arguments("healthcheck as a text", "services: {a: {healthcheck: none}}", 1),
        arguments("healthcheck as a list", "services: {a: {healthcheck: [CMD, true]}}", 1),
        arguments("depends_on: null", "services: {a: {depends_on: null}}", 1),
        arguments("depends_on as a text", "services: {a: {depends_on: b}}", 1),
        arguments(
            "depends_on in a circle", "services: {a: {depends_on: [b]}, b: {depends_on: [a]}}", 2),
        arguments("depends_on itself", "services: {a: {depends_on: {a: {condition: x}}}}", 1),
        arguments("extends in a circle", "services: {a: {extends: b}, b: {extends: a}}", 2),
        arguments("deploy as a text", "services: {a: {deploy: x}}", 1),
        arguments("limits as a list", "services: {a: {deploy: {resources: {limits: [x]}}}}", 1),
        arguments("a limit as a map", "services: {a: {mem_limit: {a: b}}}", 1),
        arguments("a negative limit", "services: {a: {mem_limit: -1}}", 1),
        arguments("a limit in no unit", "services: {a: {mem_limit: 1 elephant}}", 1),
        arguments("logging as a text", "services: {a: {logging: none}}", 1),
        arguments(
            "a log driver as a list", "services: {a: {logging: {driver: [x], options: 1}}}", 1),
        arguments(
            "fields of the future", "name: x\nx-y: {}\nmodels: {}\nservices: {a: {zap: 1}}", 1),
        arguments("a merge key", "x-a: &a {image: b}\nservices: {a: {<<: *a}}", 1),
        arguments("a warning before it", "WARN[0000] obsolete: version\nservices: {}\n", 0),
        arguments("an anchor", "services: {a: &x {image: b}, c: *x}", 2),
        arguments("a service in itself", "services: {a: &x {image: b, deploy: *x}}", 1),
        arguments("an image in itself", "services: {a: {image: &x [[*x]]}}", 1),
        arguments("a bomb of aliases", bomb(16, "services: {a: {x-c: BOMB}}"), 1),
        arguments("a bomb as an image", bomb(16, "services: {a: {image: BOMB}}"), 1),
        arguments("a bomb as a port", bomb(16, "services: {a: {ports: [BOMB]}}"), 1),
        arguments("a bomb as a limit", bomb(16, "services: {a: {mem_limit: BOMB}}"), 1),
        arguments(
            "a bomb as a log driver", bomb(16, "services: {a: {logging: {driver: BOMB}}}"), 1),
        arguments("10,000 services", many(10_000), 10_000),
        arguments(
            "an image of a megabyte", "services: {a: {image: " + "x".repeat(1_000_000) + "}}", 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void read(String name, String yaml, int services) {
    assertThat(BadInput.read(name, () -> ComposeFile.parse(yaml)))
        .hasValueSatisfying(
            file -> {
              assertThat(file.services()).hasSize(services);
              assertThat(file.toString()).isNotEmpty();
            });
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("a tab", "services:\n\ta: {image: b}"),
        arguments("a map that is open", "services: {a: {image: b}"),
        arguments("a text that is open", "services: {a: {image: 'b}}"),
        arguments("a wrong indentation", "services:\n    a: {}\n  b: {}"),
        arguments("services twice", "services: {}\nservices: {}"),
        arguments("a service twice", "services: {a: {image: b}, a: {image: c}}"),
        arguments("two documents", "services: {}\n---\nservices: {}"),
        arguments("an alias of nothing", "services: {a: *b}"),
        arguments("a tag", "services: !!java.net.URLClassLoader [[]]"),
        arguments("a merge of a list", "services: {a: {depends_on: [[b]]}}"),
        arguments("depends_on with a map", "services: {a: {depends_on: [{b: c}]}}"),
        arguments("depends_on with a bomb", bomb(16, "services: {a: {depends_on: [BOMB]}}")),
        arguments("a list as a name", "services: {? [a] : {}}"),
        arguments("a map as a name", "services: {? {a: b} : {}}"),
        arguments("a bomb as a name", bomb(16, "services: {? BOMB : {}}")),
        arguments("a service name of a megabyte", "services: {" + "é".repeat(1 << 20) + ": {}}"),
        arguments("a name that no service has", "services: {../a: {}}"),
        arguments("a control character", "services: {a: {image: \u0001}}"),
        arguments("a terminal escape", "services: {\"\\e[31m\": {}}"),
        arguments("UTF-16", new String("services: {a: {image: b}}".getBytes(UTF_16), UTF_8)),
        arguments("a page of HTML", "<!DOCTYPE html>\n<p>404: not found</p>\n"),
        arguments("a greeting before it", "Welcome to the Pi!\nservices: {a: {image: b}}\n"),
        arguments("lists in lists", "services: " + "[".repeat(100_000)),
        arguments("lists in lists, closed", "a: " + "[".repeat(50_000) + "]".repeat(50_000)),
        arguments("maps in maps", "services: " + "{a: ".repeat(100_000)),
        arguments("dashes", "- ".repeat(100_000)),
        arguments("10 MB", "services: {a: {image: " + "x".repeat(10_000_000) + "}}"),
        arguments("10 MB of services", many(600_000)),
        arguments("many aliases", "a: &a [b]\nc: [" + "*a, ".repeat(100) + "]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refused(String name, String yaml) {
    assertThat(BadInput.read(name, () -> ComposeFile.parse(yaml))).isEmpty();
  }
}
