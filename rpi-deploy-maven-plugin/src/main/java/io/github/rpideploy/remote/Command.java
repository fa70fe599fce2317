package io.github.rpideploy.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A command for the Pi: an argument list that reaches the shell quoted, never as text to interpret.
 *
 * @param argv the program and its arguments, at least one
 * @param timeout how long the command may take before {@link RemoteHost#exec} fails
 * @param lasting whether it runs until its input ends, so its timeout starts only then
 */
public record Command(List<String> argv, Duration timeout, boolean lasting) {

  /** Long enough for a slow SD card, short enough to notice that a command hangs: 2 minutes. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

  /**
   * Joins arguments that arrive line by line, and becomes the command. The IFS of a new shell is
   * space, tab, line break.
   */
  private static final String TOGETHER =
      "n=${IFS#??}; a=; for w do shift; case $w in +*) a=$a${w#+}$n ;;"
          + " *) set -- \"$@\" \"$a${w#.}\"; a= ;; esac; done; exec \"$@\"";

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
    return new Command(List.of(argv), DEFAULT_TIMEOUT, false);
  }

  /** A program with its arguments. */
  public static Command of(List<String> argv) {
    return new Command(argv, DEFAULT_TIMEOUT, false);
  }

  /**
   * A script, for what should cost one round trip only.
   *
   * @param args whatever varies: the script's {@code $1}, …
   */
  public static Command script(Script script, String... args) {
    return shell(script.text(), script.name(), args);
  }

  /**
   * A line of POSIX shell. More than a line is a {@link Script}.
   *
   * @param line a constant; whatever varies is passed in {@code args} and used as {@code "$1"}, …
   */
  public static Command script(String line, String... args) {
    if (line.contains("\n")) {
      throw new IllegalArgumentException("a script of several lines is a resource: " + line);
    }
    return shell(line, "sh", args);
  }

  private static Command shell(String script, String name, String... args) {
    List<String> argv = new ArrayList<>(List.of("sh", "-c", script, name));
    argv.addAll(List.of(args));
    return of(argv);
  }

  /** The same command with another timeout. */
  public Command within(Duration limit) {
    return new Command(argv, limit, lasting);
  }

  /** The same command, but it runs until its input ends. */
  public Command untilInputEnds() {
    return new Command(argv, timeout, true);
  }

  /**
   * The same command out of reach of what may happen to its channel: it runs to its end whoever
   * watches. It reads nothing, and must print nothing before it has done its work.
   */
  public Command detached() {
    List<String> wrapped = new ArrayList<>(List.of("sh", "-c", "setsid \"$@\" & wait $!", "sh"));
    wrapped.addAll(argv);
    return new Command(wrapped, timeout, lasting);
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
    return new Command(wrapped, timeout, lasting);
  }

  /**
   * A directory name that no command mistakes for anything else: {@code cd -} would mean the
   * previous directory.
   *
   * @param directory absolute, or relative to the user's home
   */
  public static String asPath(String directory) {
    return directory.startsWith("/") ? directory : "./" + directory;
  }

  /**
   * The command line for any remote login shell: POSIX, zsh, fish, csh or tcsh.
   *
   * <p>No quoting carries a line break through both a POSIX shell and csh. So arguments with line
   * breaks are sent line by line, and a POSIX shell joins them before it becomes the command.
   */
  public String toShell() {
    List<String> words = argv;
    if (argv.stream().anyMatch(arg -> arg.contains("\n"))) {
      words = new ArrayList<>(List.of("sh", "-c", TOGETHER, "sh"));
      for (String arg : argv) {
        words.addAll(lines(arg));
      }
    }
    return words.stream().map(Command::quote).collect(Collectors.joining(" "));
  }

  /** The lines of an argument: a line break follows each one that begins with a plus. */
  private static List<String> lines(String arg) {
    List<String> lines = new ArrayList<>();
    for (String line : arg.split("\n", -1)) {
      lines.add("+" + line);
    }
    String last = lines.remove(lines.size() - 1);
    lines.add("." + last.substring(1));
    return lines;
  }

  /**
   * Quotes one argument without line breaks so that POSIX shells, fish and csh read it back
   * unchanged.
   *
   * <p>Single quotes keep everything literal in a POSIX shell, but fish still interprets a
   * backslash in them, and csh an exclamation mark. So these, and single quotes, stand outside:
   * {@code a'b\c} becomes {@code 'a'\''b'\\'c'}.
   */
  static String quote(String arg) {
    if (!arg.isEmpty() && arg.chars().allMatch(Command::needsNoQuotes)) {
      return arg;
    }
    StringBuilder quoted = new StringBuilder("'");
    for (int i = 0; i < arg.length(); i++) {
      char c = arg.charAt(i);
      if (c == '\'' || c == '\\' || c == '!') {
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
