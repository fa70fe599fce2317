package io.github.rpideploy.remote;

import io.github.rpideploy.DeployException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a remote command ended.
 *
 * @param exitStatus 0 for success; -1 when a signal ended it
 * @param signal the name of that signal without {@code SIG} (RFC 4254, 6.10), or null
 * @param stdout what it printed, decoded as UTF-8
 * @param stderr its error output, decoded as UTF-8 (at most the last 64 KiB)
 */
public record ExecResult(int exitStatus, @Nullable String signal, String stdout, String stderr) {

  /** The signals whose numbers POSIX fixes. */
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "HUP", 2, "INT", 3, "QUIT", 6, "ABRT", 9, "KILL", 13, "PIPE", 14, "ALRM", 15, "TERM");

  /** Whether the command exited with status 0. */
  public boolean ok() {
    return exitStatus == 0 && signal == null;
  }

  /** What it printed: the first lines that are not blank, without the blanks around them. */
  public List<String> lines(int most) {
    return stdout.lines().map(String::strip).filter(line -> !line.isEmpty()).limit(most).toList();
  }

  /**
   * What it printed, as a value.
   *
   * @param what was asked, for the message
   * @throws DeployException when the parser cannot read it, whatever it chokes on. What was printed
   *     is not shown, since it may hold secrets
   */
  public <T> T read(String what, RemoteHost host, Function<String, T> parser) {
    try {
      return parser.apply(stdout);
    } catch (DeployException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      throw new DeployException(
          "%s gave an answer on %s that makes no sense (%s)"
              .formatted(what, host.name(), e.getClass().getSimpleName()),
          "See on the Pi what answers: type -a docker; docker version");
    }
  }

  /**
   * One line for messages: {@code exit status 1: no space left on device}. A shell reports that a
   * signal ended its command by a status above 128.
   */
  public String describe() {
    String end = signal == null ? "exit status " + exitStatus : "ended by signal " + signal;
    if (SIGNALS.containsKey(exitStatus - 128)) {
      end += " (signal " + SIGNALS.get(exitStatus - 128) + ")";
    }
    String said = stderr.isBlank() ? stdout.strip() : stderr.strip();
    return said.isEmpty() ? end : end + ": " + said;
  }
}
