package io.github.rpideploy;

import org.jspecify.annotations.Nullable;

/**
 * The one way in which anything of this plugin fails: what failed and where, and what to do next.
 *
 * <p>Every room may throw it; only {@code maven} translates it for Maven. Both parts are shown to
 * the user, so neither may hold a secret; of control characters they are freed here, and cut if
 * they are long.
 */
public final class DeployException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** In characters; the Pi could fill the build's log otherwise. */
  private static final int LONGEST = 8_000;

  private final String message;
  private final String hint;

  /**
   * @param message what failed, on which service and host, one or more lines without a final stop
   * @param hint what to do about it: a sentence, a command to paste or XML; never empty
   */
  public DeployException(String message, String hint) {
    this(message, hint, null);
  }

  /**
   * @param message what failed, on which service and host
   * @param hint what to do about it
   * @param cause for {@code -X} only: the message must say all that the user needs
   */
  public DeployException(String message, String hint, @Nullable Throwable cause) {
    super(shown(message), cause);
    this.message = shown(message);
    this.hint = shown(hint);
  }

  /** What the Pi said is in its middle: the start says what failed, and the end may say why. */
  private static String shown(String text) {
    int half = LONGEST / 2;
    return PlainText.of(
        text.length() <= LONGEST
            ? text
            : text.substring(0, half) + "\n…\n" + text.substring(text.length() - half));
  }

  /** What failed and where. */
  @Override
  public String getMessage() {
    return message;
  }

  /** What to do about it. */
  public String hint() {
    return hint;
  }
}
