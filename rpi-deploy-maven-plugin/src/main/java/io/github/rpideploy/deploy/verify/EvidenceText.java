package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.PlainText;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds and quotes what programs have printed. */
final class EvidenceText {

  /** What a message of one line can hold, in characters. */
  private static final int QUOTED = 300;

  private EvidenceText() {}

  /** The last match of the first pattern that has any: the latest run of a program counts. */
  static Optional<Matcher> lastMatch(List<Pattern> patterns, String text) {
    return patterns.stream().flatMap(pattern -> lastOf(pattern, text)).findFirst();
  }

  private static Stream<Matcher> lastOf(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    int at = -1;
    while (matcher.find()) {
      at = matcher.start();
    }
    return at >= 0 && matcher.find(at) ? Stream.of(matcher) : Stream.empty();
  }

  /** The text on one line, without control characters, cut between words where it is too long. */
  static String oneLine(String text) {
    String line = PlainText.of(text.strip().replaceAll("\\s+", " "));
    return line.length() > QUOTED ? line.substring(0, end(line)).stripTrailing() + "…" : line;
  }

  /** Where a word ends, if one ends in the second half; else between characters. */
  private static int end(String line) {
    int space = line.lastIndexOf(' ', QUOTED);
    if (space >= QUOTED / 2) {
      return space;
    }
    return Character.isHighSurrogate(line.charAt(QUOTED - 1)) ? QUOTED - 1 : QUOTED;
  }
}
