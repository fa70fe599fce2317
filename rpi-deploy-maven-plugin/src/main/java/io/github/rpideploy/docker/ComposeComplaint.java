package io.github.rpideploy.docker;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Why compose refuses a file, for messages. Compose quotes the values that it stumbles over, and
 * those that people most often get wrong are passwords with a {@code $} in them.
 */
final class ComposeComplaint {

  /** What comes before a value, and the value with all that follows it. */
  private static final List<Pattern> VALUES =
      List.of(
          Pattern.compile(
              "(invalid interpolation format for \\S+\\s+You may need to escape any \\$ with another"
                  + " \\$\\.)\\s.*",
              Pattern.CASE_INSENSITIVE | Pattern.DOTALL),
          Pattern.compile(
              "(invalid interpolation format for [^\\n]*?): \".*",
              Pattern.CASE_INSENSITIVE | Pattern.DOTALL),
          Pattern.compile(
              "(invalid template|unterminated quoted value|variable name near):? .*",
              Pattern.CASE_INSENSITIVE | Pattern.DOTALL));

  private ComposeComplaint() {}

  /**
   * The same without values.
   *
   * @param stderr what compose printed
   */
  static String withoutValues(String stderr) {
    String text = stderr.strip();
    for (Pattern value : VALUES) {
      text = value.matcher(text).replaceFirst("$1 (the value is not shown)");
    }
    return text;
  }
}
