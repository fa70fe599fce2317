package io.github.rpideploy.docker;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why compose refuses, for messages. Compose quotes the values that it rejects in a file, and those
 * are most often passwords with a {@code $} in them.
 */
public final class ComposeComplaint {

  /** What comes before a value, and the value with all that follows it. */
  private static final List<Pattern> VALUES =
      List.of(
          Pattern.compile(
              "(invalid interpolation format for \\S+\\s+You may need to escape any \\$ with"
                  + " another \\$\\.)\\s.*",
              Pattern.CASE_INSENSITIVE | Pattern.DOTALL),
          Pattern.compile(
              "(invalid interpolation format for [^\\n]*?): \".*",
              Pattern.CASE_INSENSITIVE | Pattern.DOTALL),
          Pattern.compile(
              "(invalid template|unterminated quoted value|variable name near):? .*",
              Pattern.CASE_INSENSITIVE | Pattern.DOTALL));

  /** Of 1.29: the option's whole value stands in the middle, an environment with all variables. */
  private static final Pattern MANDATORY =
      Pattern.compile(
          "(Missing mandatory value for \"[^\"\\n]*\" option)(?: interpolating .*)?(?=( in service \"))",
          Pattern.DOTALL);

  private static final Pattern NO_VALUE =
      Pattern.compile("required variable \\S+ is missing a value|Missing mandatory value for");

  /** Engines 26.1 and 28.5, of stop, kill and rm. */
  private static final Pattern LOST_PROCESS = Pattern.compile("did not receive an exit event");

  private ComposeComplaint() {}

  /**
   * The same without values.
   *
   * @param stderr what compose printed
   */
  static String withoutValues(String stderr) {
    String text = MANDATORY.matcher(stderr.strip()).replaceFirst("$1");
    for (Pattern value : VALUES) {
      text = value.matcher(text).replaceFirst("$1 (the value is not shown)");
    }
    return text;
  }

  /**
   * What ails a container that the Engine can neither stop nor remove, because an Engine that was
   * killed while it started it has lost its process; with what ends it. Seen in {@code lab/faults}.
   *
   * @param said what Docker or compose printed
   */
  public static Optional<String> lostProcess(String said) {
    return LOST_PROCESS.matcher(said).find()
        ? Optional.of(
            "Docker has lost the process of the container and can neither stop nor remove it;"
                + " restarting the Pi ends that: sudo reboot, then deploy again")
        : Optional.empty();
  }

  /** Whether a required variable has no value. */
  static boolean isOfNoValue(String stderr) {
    return NO_VALUE.matcher(stderr).find();
  }
}
