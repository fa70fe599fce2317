package io.github.rpideploy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Ways to break a text: its bytes, its words and numbers, its lines, its nesting. */
final class TextMutations {

  private static final Pattern WORD = Pattern.compile("[\\w.-]+");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private static final List<String> HOSTILE =
      List.of(
          "",
          " ",
          "\0",
          "\n",
          "\r\n",
          "\t",
          "\u001b[31m",
          "\u0085",
          "\u202e",
          "\ufeff",
          "\ufffd",
          "\ud800",
          "\uff11\uff12",
          "\u0661",
          "ʜost",
          "null",
          "true",
          "~",
          "-",
          "--",
          "=",
          ":",
          ": ",
          ",",
          "{",
          "}",
          "[",
          "]",
          "{}",
          "[]",
          "\"",
          "'",
          "\\",
          "%",
          "%s%n",
          "${x}",
          "$(x)",
          "&a ",
          "*a",
          "<<: ",
          "!!java.net.URL ",
          "? ",
          "| ",
          "#",
          "@",
          "/",
          "../",
          "1e999",
          "NaN",
          "sha256:",
          "0x1f",
          "x".repeat(5_000),
          "[".repeat(3_000),
          "{a: ".repeat(3_000),
          "{\"a\":".repeat(3_000));

  private static final List<String> NUMBERS =
      List.of(
          "-1",
          "0",
          "00",
          "65536",
          "2147483648",
          "9223372036854775808",
          "99999999999999999999999999",
          "1.5",
          "1e400",
          "-0",
          "\"1\"",
          "null");

  private TextMutations() {}

  /** One of the texts, broken in one to three ways. */
  static String of(List<String> good, Random random) {
    String text = good.get(random.nextInt(good.size()));
    for (int ways = 1 + random.nextInt(3); ways > 0; ways--) {
      text = broken(text, good, random);
    }
    return text;
  }

  private static String broken(String text, List<String> good, Random random) {
    int from = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), from + random.nextInt(20));
    String hostile = HOSTILE.get(random.nextInt(HOSTILE.size()));
    return switch (random.nextInt(13)) {
      case 0 -> bits(text, random);
      case 1 -> text.substring(0, from);
      case 2 -> text.substring(0, from) + text.substring(to);
      case 3 -> text.substring(0, from) + hostile + text.substring(from);
      case 4 -> text.substring(0, from) + hostile + text.substring(to);
      case 5 ->
          text.substring(0, to)
              + text.substring(from, to).repeat(1 << random.nextInt(9))
              + text.substring(to);
      case 6 -> replaced(text, WORD, hostile, random);
      case 7 -> replaced(text, NUMBER, NUMBERS.get(random.nextInt(NUMBERS.size())), random);
      case 8 -> replaced(text, WORD, anyWord(good, random), random);
      case 9 -> lines(text, random);
      case 10 -> text.replace("\n", random.nextBoolean() ? "\r\n" : "\r");
      case 11 -> text.replace("  ", random.nextBoolean() ? "\t" : " ");
      default -> text.substring(0, from) + tail(good, random);
    };
  }

  private static String bits(String text, Random random) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String replaced(String text, Pattern what, String by, Random random) {
    List<MatchResult> found = what.matcher(text).results().toList();
    if (found.isEmpty()) {
      return text + by;
    }
    MatchResult one = found.get(random.nextInt(found.size()));
    return text.substring(0, one.start()) + by + text.substring(one.end());
  }

  private static String anyWord(List<String> good, Random random) {
    String text = good.get(random.nextInt(good.size()));
    List<MatchResult> words = WORD.matcher(text).results().toList();
    return words.isEmpty() ? "" : words.get(random.nextInt(words.size())).group();
  }

  private static String tail(List<String> good, Random random) {
    String text = good.get(random.nextInt(good.size()));
    return text.substring(random.nextInt(text.length() + 1));
  }

  private static String lines(String text, Random random) {
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    int one = random.nextInt(lines.size());
    int other = random.nextInt(lines.size());
    switch (random.nextInt(4)) {
      case 0 -> lines.remove(one);
      case 1 -> lines.add(one, lines.get(other));
      case 2 -> Collections.swap(lines, one, other);
      default -> lines.set(one, " ".repeat(random.nextInt(9)) + lines.get(one).strip());
    }
    return String.join("\n", lines);
  }
}
