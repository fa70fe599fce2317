package io.github.rpideploy.report;

import java.time.Duration;
import java.util.Locale;

/** Formats quantities for people: SI units, a decimal point, two or three digits. */
public final class Units {

  private static final String[] PREFIXES = {"kB", "MB", "GB", "TB"};

  private Units() {}

  /** {@code 812 B}, {@code 2.1 kB}, {@code 112 MB}: powers of 1000, as disks and links count. */
  public static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double value = bytes;
    int prefix = -1;
    while (value >= 999.5 && prefix < PREFIXES.length - 1) {
      value /= 1000;
      prefix++;
    }
    return String.format(
        Locale.ROOT, value < 99.95 ? "%.1f %s" : "%.0f %s", value, PREFIXES[prefix]);
  }

  /** {@code 1 file}, {@code 2 files}. */
  public static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** {@code 0.4 s}, {@code 12.3 s}, {@code 120 s}: a tenth of a second below a minute. */
  public static String seconds(Duration duration) {
    long tenths = Math.round(duration.toMillis() / 100.0);
    return tenths < 600 && tenths % 10 != 0
        ? String.format(Locale.ROOT, "%.1f s", tenths / 10.0)
        : Math.round(tenths / 10.0) + " s";
  }
}
