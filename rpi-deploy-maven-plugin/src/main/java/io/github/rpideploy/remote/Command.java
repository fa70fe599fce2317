package io.github.rpideploy.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A command for the Pi: an argument list that a shell will see quoted, never as text to interpret.
 *
 * @param argv the program and its arguments, at least one
 * @param timeout how long the command may take before the exec fails
 */
public record Command(List<String> argv, Duration timeout) {

  /** Long enough for a slow SD card, short enough to notice that a command hangs: 2 minutes. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

  /**
   * @throws IllegalArgumentException when {@code argv} is empty or holds a NUL character
   */
  public Command {
    argv = List.copyOf(argv);
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("a command needs a program");
    }
    for (String arg : argv) {
      if (arg.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("an argument cannot hold a NUL character");
      }
    }
  }

  /** A program with its arguments. */
  public static Command of(String... argv) {
    return new Command(List.of(argv), DEFAULT_TIMEOUT);
  }

  /** A program with its arguments. */
  public static Command of(List<String> argv) {
    return new Command(argv, DEFAULT_TIMEOUT);
  }

  /**
   * A POSIX shell script, for what should cost one round trip only.
   *
   * @param script a constant; whatever varies is passed in {@code args} and used as {@code "$1"}, …
   */
  public static Command script(String script, String... args) {
    List<String> argv = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    argv.addAll(List.of(args));
    return of(argv);
  }

  /** The same command with another limit of time. */
  public Command within(Duration limit) {
    return new Command(argv, limit);
  }

  /**
   * The same command run in a directory of the Pi.
   *
   * @param directory absolute, or relative to the user's home
   */
  public Command in(String directory) {
    List<String> wrapped =
        new ArrayList<>(List.of("sh", "-c", "CDPATH= cd -- \"$1\" && shift && exec \"$@\"", "sh"));
    wrapped.add(asPath(directory));
    wrapped.addAll(argv);
    return new Command(wrapped, timeout);
  }

  /**
   * A directory's name that no command takes for anything else: {@code cd -} would mean the
   * previous directory.
   *
   * @param directory absolute, or relative to the user's home
   */
  public static String asPath(String directory) {
    return directory.startsWith("/") ? directory : "./" + directory;
  }

  /** The command line for a remote login shell, whichever it is: POSIX, zsh or fish. */
  public String toShell() {
    StringBuilder line = new StringBuilder();
    for (String arg : argv) {
      line.append(line.isEmpty() ? "" : " ").append(quote(arg));
    }
    return line.toString();
  }

  /**
   * Quotes one argument so that POSIX shells and fish read it back unchanged.
   *
   * <p>Single quotes keep everything literal in a POSIX shell, but fish still reads a backslash in
   * them. So quotes and backslashes leave the single quotes: {@code a'b\c} becomes {@code
   * 'a'\''b'\\'c'}.
   */
  static String quote(String arg) {
    if (!arg.isEmpty() && arg.chars().allMatch(Command::needsNoQuotes)) {
      return arg;
    }
    StringBuilder quoted = new StringBuilder("'");
    for (int i = 0; i < arg.length(); i++) {
      char c = arg.charAt(i);
      if (c == '\'' || c == '\\') {
        quoted.append("'\\").append(c).append('\'');
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('\'').toString();
  }

  private static boolean needsNoQuotes(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-_./:@,+".indexOf(c) >= 0;
  }
}
