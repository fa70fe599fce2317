package io.github.rpideploy;

import java.util.regex.Pattern;

/**
 * Text of others, harmless for a terminal and for a file that is shown on one: a control character
 * could rename the window, fill the clipboard or write over lines, and a line break could forge a
 * line of Maven's.
 */
public final class PlainText {

  /** C0 without tab, line feed and the carriage return before one; DEL; C1 (ECMA-48, 5.2, 5.3). */
  private static final Pattern CONTROL =
      Pattern.compile("\r(?!\n)|[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F]");

  private static final Pattern LINE_BREAK_OR_TAB = Pattern.compile("\\R|\t");

  /** The escape sequences that colour a log. */
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

  private PlainText() {}

  /** The text with its lines and tabs; each other control character becomes {@code ?}. */
  public static String of(String text) {
    return CONTROL.matcher(text).replaceAll("?");
  }

  /** The same on one line: each line break and tab becomes a space. */
  public static String line(String text) {
    return of(LINE_BREAK_OR_TAB.matcher(text).replaceAll(" "));
  }

  /** The start of it on one line, and what shows that there is more. */
  public static String line(String text, int limit) {
    String line = line(text.substring(0, Math.min(text.length(), limit + 1)));
    return line.length() <= limit ? line : line.substring(0, limit) + "…";
  }

  /** The same as {@link #of} for what programs log: without their colours. */
  public static String uncoloured(String text) {
    return of(COLOUR.matcher(text).replaceAll(""));
  }
}
