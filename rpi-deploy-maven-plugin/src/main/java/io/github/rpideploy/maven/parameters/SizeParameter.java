package io.github.rpideploy.maven.parameters;

import io.github.rpideploy.DeployException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write them. */
public final class SizeParameter {

  private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*([KMG]?)B?");

  private SizeParameter() {}

  /**
   * {@code 500kB}, {@code 10MB}, {@code 1G}, {@code 4096}: powers of 1000, as messages count.
   *
   * @throws DeployException when it is not a size
   */
  public static long parse(String parameter, String text) {
    Matcher form = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!form.matches()) {
      throw new DeployException(
          "Parameter " + parameter + " is \"" + text + "\", which is not a size",
          "Use for example -Drpi." + parameter + "=20MB");
    }
    long bytes = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "K" -> bytes * 1_000;
      case "M" -> bytes * 1_000_000;
      case "G" -> bytes * 1_000_000_000;
      default -> bytes;
    };
  }
}
