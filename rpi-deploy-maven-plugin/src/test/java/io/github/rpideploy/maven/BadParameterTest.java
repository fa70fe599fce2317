package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.BadInput;
import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BadParameterTest {

  private static final Map<String, String> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put("empty", "");
    VALUES.put("blank", "  ");
    VALUES.put("a tab", "a\tb");
    VALUES.put("two lines", "a\nb");
    VALUES.put("NUL", "a\0b");
    VALUES.put("an escape", "\u001b[31mred");
    VALUES.put("a control character of Latin 1", "a\u0085b\u009b");
    VALUES.put("right to left", "\u202egnp.exe");
    VALUES.put("full-width digits", "\uff12\uff12");
    VALUES.put("Arabic digits", "\u0662\u0662");
    VALUES.put("a lookalike", "\u0430uth");
    VALUES.put("a ligature", "\ufb01le");
    VALUES.put("an emoji", "\ud83d\ude00");
    VALUES.put("half a character", "\ud800");
    VALUES.put("a negative number", "-1");
    VALUES.put("zero", "0");
    VALUES.put("a number of 30 digits", "9".repeat(30));
    VALUES.put("a fraction", "1.5");
    VALUES.put("an exponent", "1e9");
    VALUES.put("a hexadecimal number", "0x16");
    VALUES.put("a plus", "+22");
    VALUES.put("yes", "yes");
    VALUES.put("null", "null");
    VALUES.put("a property of nobody", "${no.such.property}");
    VALUES.put("half an expression", "${");
    VALUES.put("days", "1d");
    VALUES.put("minutes in words", "5 minutes");
    VALUES.put("an ISO duration", "PT5M");
    VALUES.put("an unknown unit", "90x");
    VALUES.put("the directory above", "../..");
    VALUES.put("a home", "~");
    VALUES.put("an option", "-oProxyCommand=x");
    VALUES.put("commas", ",,");
    VALUES.put("quotes", "\"it's\"");
    VALUES.put("a command", "$(reboot)");
    VALUES.put("a backslash", "\\");
    VALUES.put("percents", "%s%n%%");
    VALUES.put("brackets", "[[(");
    VALUES.put("a URL", "http://[::1");
    VALUES.put("a pointer", "/a~2=");
    VALUES.put("100,000 characters", "x".repeat(100_000));
    VALUES.put("10,000 brackets", "(".repeat(10_000));
  }

  @TempDir static Path directory;

  private static GivenParameters parameters;

  @BeforeAll
  static void reactor() throws IOException {
    parameters = new GivenParameters(directory);
  }

  static Set<String> properties() {
    return TestReactor.properties();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("properties")
  void any_value_is_taken_or_refused(String property) {
    VALUES.forEach(
        (name, value) ->
            BadInput.read(property + " is " + name, () -> parameters.read(property, value, false)));
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          rpi.host              | ``                 | No Raspberry Pi is named
          rpi.host              | ,                  | The host of the Pi is missing
          rpi.port              | ``                 | parameter port
          rpi.port              | ssh                | parameter port
          rpi.port              | 22.0               | parameter port
          rpi.port              | 99999999999        | parameter port
          rpi.server            | nobody             | settings.xml has no <server>
          rpi.hostKeyPolicy     | none               | Parameter hostKeyPolicy is none
          rpi.connectTimeout    | 0                  | which is not a duration
          rpi.connectTimeout    | 20 seconds         | which is not a duration
          rpi.connectTimeout    | -20                | which is not a duration
          rpi.targets           | ,                  | No Raspberry Pi is named
          rpi.batch             | 0                  | Parameter batch is 0
          rpi.batch             | x                  | parameter batch
          rpi.parallelShips     | 65                 | Parameter parallelShips is 65
          rpi.onFailure         | go                 | Parameter onFailure is go
          rpi.strategy          | canary             | Parameter strategy is canary
          rpi.drain             | 1d                 | which is not a duration
          rpi.drain             | -5                 | which is not a duration
          rpi.unreachable       | never              | Parameter unreachable is never
          rpi.directory         | ``                 | The directory on the Pi is not valid
          rpi.directory         | ~                  | The directory on the Pi is not valid
          rpi.composeFile       | nowhere.yaml       | There is no compose file
          rpi.composeFile       | .                  | There is no compose file
          rpi.lockTimeout       | 5 min              | which is not a duration
          rpi.lockTimeout       | 0m                 | which is not a duration
          rpi.service           | a b                | cannot be called 'a b'
          rpi.service           | ../a               | cannot be called '../a'
          rpi.service           | аuth               | only letters, digits
          rpi.platform          | arm64              | is not a platform
          rpi.platform          | linux              | is not a platform
          rpi.platform          | linux/arm/v7/x     | is not a platform
          rpi.platform          | linux arm64        | is not a platform
          rpi.timeout           | 0                  | which is not a duration
          rpi.timeout           | 1.5m               | which is not a duration
          rpi.timeout           | 2m 30              | ``
          rpi.timeout           | 90 s               | which is not a duration
          rpi.timeout           | 1000000000         | which is not a duration
          rpi.timeout           | ２m                 | which is not a duration
          rpi.rollback          | yes                | Parameter rollback is yes
          rpi.rollback          | false              | Parameter rollback is false
          rpi.keep              | 0                  | Parameter keep is 0
          rpi.keep              | -3                 | Parameter keep is -3
          rpi.keep              | all                | parameter keep
          rpi.settle            | 7sec               | which is not a duration
          rpi.smokePath         | /a b               | Not a URL for a smoke test
          rpi.smokePath         | /a[                | Not a URL for a smoke test
          rpi.smokePort         | 0                  | a port from 1 to 65535
          rpi.smokePort         | 65536              | a port from 1 to 65535
          rpi.smokePort         | -1                 | Not a URL for a smoke test
          rpi.smokePort         | http               | parameter smokePort
          rpi.smokeUrl          | localhost:8080     | it does not start with http://
          rpi.smokeUrl          | ftp://localhost    | it does not start with http://
          rpi.smokeUrl          | http://            | Not a URL for a smoke test
          rpi.smokeUrl          | http://u:p@pi/     | no user name
          rpi.smokeUrl          | http://pi:99999/   | a port from 1 to 65535
          rpi.smokeStatus       | 99                 | HTTP status 99
          rpi.smokeStatus       | 600                | HTTP status 600
          rpi.smokeStatus       | OK                 | parameter smokeStatus
          rpi.smokeVia          | ssh                | Parameter smokeVia is ssh
          rpi.smokeHeaders      | Authorization      | is not a header
          rpi.smokeHeaders      | : x                | is not a header
          rpi.smokeHeaders      | Ä: x               | cannot send this header
          rpi.smokeBodyRegex    | (                  | is not a regular expression
          rpi.smokeJson         | status=UP          | is not a JSON pointer
          rpi.smokeJson         | /status            | is not a JSON pointer
          rpi.smokeTcp          | mqtt               | Not a TCP port
          rpi.smokeTcp          | 0                  | Not a TCP port
          rpi.smokeTcp          | pi:99999           | Not a TCP port
          rpi.smokeTcp          | :1883              | Not a TCP port
          rpi.tail              | -1                 | Parameter tail must be
          rpi.tail              | everything         | Parameter tail must be
          rpi.since             | yesterday          | Parameter since must be
          rpi.since             | -10m               | Parameter since must be
          rpi.output            | xml                | Parameter output is xml
          rpi.output            | JSON               | Parameter output is JSON
          """)
  void a_wrong_value_is_told(String property, String value, String complaint) {
    String[] said = {""};

    BadInput.read(
        property + "=" + value,
        () -> {
          try {
            return parameters.read(property, value, false);
          } catch (DeployException e) {
            said[0] = e.getMessage();
            throw e;
          }
        });

    assertThat(said[0]).contains(complaint);
    assertThat(said[0].isEmpty()).isEqualTo(complaint.isEmpty());
  }

  /** What OpenSSH's client is asked about, and may become an argument of it. */
  @ParameterizedTest
  @CsvSource({
    "rpi.host, -oProxyCommand=x",
    "rpi.host, a b",
    "rpi.targets, -oProxyCommand=x",
    "rpi.targets, 'pi,a b'",
    "rpi.host, pi:99999",
    "rpi.host, pi:x",
    "rpi.port, 0",
    "rpi.port, 65536",
    "rpi.port, -22",
    "rpi.user, -l",
    "rpi.user, a b",
    "rpi.user, $(reboot)",
    "rpi.proxyJump, a b",
    "rpi.proxyJump, gate:x",
    "rpi.proxyJump, -J"
  })
  void a_connection_to_nowhere_is_refused(String property, String value) {
    assertThat(BadInput.read(value, () -> parameters.read(property, value, true))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "rpi.timeout, ' 2m '",
    "rpi.timeout, 1h1m1s",
    "rpi.settle, 0",
    "rpi.platform, Linux/ARM64",
    "rpi.rollback, ALL",
    "rpi.smokeVia, DIRECT",
    "rpi.smokePath, health",
    "rpi.smokeUrl, ' http://pi '",
    "rpi.force, yes",
    "rpi.after, ''",
    "rpi.after, ',,'",
    "rpi.identityVariable, ''",
    "rpi.tail, all"
  })
  void a_value_that_is_almost_wrong_is_taken(String property, String value) {
    assertThat(BadInput.read(value, () -> parameters.read(property, value, true))).isPresent();
  }
}
