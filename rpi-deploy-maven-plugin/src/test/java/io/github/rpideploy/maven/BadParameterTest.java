package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.BadInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
}
