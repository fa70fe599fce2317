package io.github.rpideploy.maven.console;

import io.github.rpideploy.PlainText;
import io.github.rpideploy.deploy.look.LogSink;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.maven.execution.MavenExecutionRequest;

/** Prints logs as compose does: {@code auth-server | Started in 2.1 seconds}. */
public final class LogPrinter implements LogSink {

  /** Cyan, yellow, green, magenta, blue: those of compose, without red. */
  private static final List<Integer> COLOURS = List.of(36, 33, 32, 35, 34);

  private final PrintStream out;
  private final boolean colours;
  private final List<String> names = new ArrayList<>();
  private int width;

  public LogPrinter(PrintStream out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  /** On a terminal, unless Maven or the environment forbids it ({@code -B}, {@code NO_COLOR}). */
  public static boolean isColourful(
      MavenExecutionRequest request, Map<String, String> environment) {
    return request.isInteractiveMode()
        && Terminal.isThere()
        && !"never".equals(request.getUserProperties().getProperty("style.color"))
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  @Override
  public synchronized void begin(List<String> logs) {
    names.addAll(logs);
    width = Math.max(width, logs.stream().mapToInt(String::length).max().orElse(0));
  }

  /** Prints the logs of one of several Pis; a single one has an empty name. */
  public LogSink of(String pi) {
    String prefix = pi.isEmpty() ? "" : pi + "/";
    return new LogSink() {
      @Override
      public void begin(List<String> logs) {
        LogPrinter.this.begin(logs.stream().map(prefix::concat).toList());
      }

      @Override
      public void line(String name, String text) {
        LogPrinter.this.line(prefix + name, text);
      }
    };
  }

  @Override
  public synchronized void line(String name, String text) {
    String plain = PlainText.uncoloured(text);
    String prefix = PlainText.line(name) + " ".repeat(Math.max(0, width - name.length())) + " | ";
    int colour = COLOURS.get(Math.max(0, names.indexOf(name)) % COLOURS.size());
    // One call, so that the line stays whole whoever else prints.
    out.println(colours ? "\033[" + colour + "m" + prefix + "\033[0m" + plain : prefix + plain);
    out.flush();
  }
}
