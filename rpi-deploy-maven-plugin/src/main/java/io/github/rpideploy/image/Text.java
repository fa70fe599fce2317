package io.github.rpideploy.image;

/** How text from a tarball is shown in a message: it may be long, or hold terminal escapes. */
public final class Text {

  private static final int LIMIT = 120;

  private Text() {}

  /** At most 120 printable characters of {@code text}; other characters become {@code ?}. */
  public static String shorten(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().limit(LIMIT).forEach(c -> shown.appendCodePoint(isPrintable(c) ? c : '?'));
    return text.codePointCount(0, text.length()) > LIMIT ? shown + "…" : shown.toString();
  }

  private static boolean isPrintable(int c) {
    return Character.isValidCodePoint(c)
        && !Character.isISOControl(c)
        && Character.getType(c) != Character.FORMAT
        && Character.getType(c) != Character.SURROGATE;
  }
}
