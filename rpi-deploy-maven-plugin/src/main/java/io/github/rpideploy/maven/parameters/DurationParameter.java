package io.github.rpideploy.maven.parameters;

import io.github.rpideploy.DeployException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as people write them; Maven 3 itself cannot configure a {@link Duration}. */
public final class DurationParameter {

  private static final Pattern FORM =
      Pattern.compile("(?:(\\d{1,6})h)?\\s*(?:(\\d{1,6})m)?\\s*(?:(\\d{1,6})s?)?");

  private DurationParameter() {}

  /**
   * {@code 90}, {@code 90s}, {@code 2m}, {@code 1m30s}, {@code 1h}.
   *
   * @throws DeployException when it is not a duration, or zero
   */
  public static Duration parse(String parameter, String text) {
    Matcher form = FORM.matcher(text.strip());
    Duration span =
        form.matches()
            ? Duration.ofHours(number(form.group(1)))
                .plusMinutes(number(form.group(2)))
                .plusSeconds(number(form.group(3)))
            : Duration.ZERO;
    if (span.isZero()) {
      throw new DeployException(
          "Parameter " + parameter + " is \"" + text + "\", which is not a duration",
          "Use for example -Drpi." + parameter + "=90s or =2m");
    }
    return span;
  }

  /** The same, where {@code 0} is allowed too. */
  public static Duration parseOrZero(String parameter, String text) {
    return text.strip().matches("0+s?") ? Duration.ZERO : parse(parameter, text);
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
