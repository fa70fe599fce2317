package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.PlainText;
import io.github.rpideploy.deploy.stack.Orchestrator;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies the logs of a service that is not good, and of those that it needs, to this machine. */
final class LogCollector {

  /** How many lines of a log appear in the build's output. */
  private static final int LAST_LINES = 40;

  /** How many characters of each. */
  private static final int SHOWN = 2000;

  /** All logs of a service, in bytes; one of a container is at most half of it. */
  private static final int LIMIT = 4 << 20;

  private final Orchestrator orchestrator;
  private final Reporter reporter;

  LogCollector(Orchestrator orchestrator, Reporter reporter) {
    this.orchestrator = orchestrator;
    this.reporter = reporter;
  }

  /**
   * Writes the log of a service that is not good to a file, at most the last 2 MiB of each of its
   * containers and about 4 MiB in all, and shows the end of it.
   *
   * @param redaction removes the secrets
   * @return what was written
   */
  String collect(String service, List<String> containers, Redaction redaction, Path file)
      throws IOException {
    String log = logs(containers, null, redaction);
    write(file, log);
    List<String> lines = log.lines().toList();
    List<String> last =
        lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()).stream()
            .map(line -> line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…")
            .toList();
    reporter.report(new Event.LogCollected(service, last, file.toString()));
    return log;
  }

  /**
   * Writes to a file what the containers of a needed service have logged recently. There is no file
   * when they have logged nothing.
   *
   * @param within how far to go back
   */
  void collectNeeded(
      String service, List<String> containers, Redaction redaction, Duration within, Path file)
      throws IOException {
    String log = logs(containers, within, redaction);
    if (!log.isBlank()) {
      write(file, log);
      reporter.report(new Event.LogCollected(service, List.of(), file.toString()));
    }
  }

  private String logs(List<String> containers, @Nullable Duration within, Redaction redaction)
      throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String id : containers) {
      if (all.size() >= LIMIT) {
        break;
      }
      Redaction.Redacted redacted = redaction.before(all);
      redacted.write(orchestrator.nodeOf(id).docker().containers().logs(id, within));
      redacted.finish();
    }
    return PlainText.uncoloured(all.toString(StandardCharsets.UTF_8));
  }

  private static void write(Path file, String log) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.writeString(file, log, StandardCharsets.UTF_8);
  }
}
