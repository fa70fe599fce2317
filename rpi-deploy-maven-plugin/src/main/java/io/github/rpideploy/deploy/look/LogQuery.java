package io.github.rpideploy.deploy.look;

import io.github.rpideploy.DeployException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a log to show.
 *
 * @param follow whether to go on and show new lines as they are logged
 * @param tail the number of last lines to show, or {@code all}
 * @param since a time or a duration before now, as {@code docker logs --since} takes it, or null
 */
public record LogQuery(boolean follow, String tail, @Nullable String since) {

  private static final Pattern TAIL = Pattern.compile("all|[0-9]{1,9}");
  private static final Pattern SINCE = Pattern.compile("[0-9][0-9A-Za-z:.+-]{0,63}");

  /**
   * @throws DeployException when tail or since is malformed
   */
  public LogQuery {
    if (!TAIL.matcher(tail).matches()) {
      throw new DeployException(
          "Parameter tail must be a number of lines or all, but is " + printable(tail),
          "For example: -Drpi.tail=100, or -Drpi.tail=all");
    }
    if (since != null && !SINCE.matcher(since).matches()) {
      throw new DeployException(
          "Parameter since must be a duration or a time, but is " + printable(since),
          "For example: -Drpi.since=10m, or -Drpi.since=2026-11-25T10:00:00Z");
    }
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /** The arguments of {@code docker logs}. */
  public List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("--tail", tail));
    if (since != null) {
      arguments.addAll(List.of("--since", since));
    }
    if (follow) {
      arguments.add("--follow");
    }
    return arguments;
  }
}
