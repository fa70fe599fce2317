package io.github.rpideploy.maven.console;

import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.util.HashMap;
import java.util.Map;
import org.apache.maven.plugin.logging.Log;

/** Where a build deploys to several Pis, each line begins with the name of its Pi. */
public final class TargetReporter implements Reporter {

  private final Log log;
  private final Progress progress;
  private final Reporter unnamed;
  private final Map<String, Reporter> targets = new HashMap<>();

  public TargetReporter(Log log, Progress progress) {
    this.log = log;
    this.progress = progress;
    this.unnamed = new ConsoleReporter(log, progress);
  }

  @Override
  public synchronized void report(Event event) {
    if (event instanceof Event.OnTarget on) {
      targets.computeIfAbsent(on.target(), this::of).report(on.event());
    } else {
      unnamed.report(event);
    }
  }

  private Reporter of(String target) {
    Log named = PlainLog.prefixed(log, target + ": ");
    return new ConsoleReporter(named, progress.of(target, named));
  }
}
