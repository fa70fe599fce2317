package io.github.rpideploy.maven.console;

import io.github.rpideploy.report.Check;
import io.github.rpideploy.report.Event;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.maven.plugin.logging.Log;

/** Shows the checks of a Pi: a line for each, and below it how to fix what is wrong. */
final class CheckLines {

  private final Log log;

  CheckLines(Log log) {
    this.log = log;
  }

  void show(Event.Examined examined) {
    int width =
        examined.checks().stream()
            .filter(check -> check.level() != Check.Level.NOT_CHECKED)
            .mapToInt(check -> check.name().length())
            .max()
            .orElse(0);
    List<String> notChecked =
        examined.checks().stream()
            .filter(check -> check.level() == Check.Level.NOT_CHECKED)
            .map(Check::name)
            .toList();
    for (Check check : examined.checks()) {
      String name = String.format("%-" + width + "s  ", check.name());
      switch (check.level()) {
        // Maven puts [INFO], [WARNING], [ERROR] before it: with this the rest is aligned.
        case PASS -> log.info("   ok    " + name + lines(check, width));
        case WARN -> log.warn("warn  " + name + lines(check, width));
        case FAIL -> log.error("  fail  " + name + lines(check, width));
        case NOT_CHECKED -> {}
      }
    }
    if (!notChecked.isEmpty()) {
      log.info("   not checked: " + String.join(", ", notChecked));
    }
    log.info(sum(examined));
  }

  private static String lines(Check check, int width) {
    String text = check.fix().isEmpty() ? check.finding() : check.finding() + "\n-> " + check.fix();
    String margin = "\n" + " ".repeat("[INFO]    ok    ".length() + width + 2);
    return text.lines().map(String::stripTrailing).collect(Collectors.joining(margin));
  }

  private static String sum(Event.Examined examined) {
    long warnings = examined.count(Check.Level.WARN);
    long failures = examined.count(Check.Level.FAIL);
    return examined.host()
        + (failures > 0 ? " is not fit for a deploy: " : " is fit for a deploy: ")
        + examined.count(Check.Level.PASS)
        + " ok"
        + (warnings == 0 ? "" : ", " + warnings + (warnings == 1 ? " warning" : " warnings"))
        + (failures == 0 ? "" : ", " + failures + " failed");
  }
}
