package io.github.rpideploy.deploy;

import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Scanner;

/** Brings the log of a service that is not good to this machine. */
final class LogCollector {

  /** What of it stands in the build's output. */
  private static final int LAST_LINES = 40;

  private final Docker docker;
  private final Reporter reporter;

  LogCollector(Docker docker, Reporter reporter) {
    this.docker = docker;
    this.reporter = reporter;
  }

  /**
   * Writes the whole log of the containers to the spec's file, without the secrets of their
   * environment. Never fails: it is about a failure.
   */
  void collect(ServiceSpec spec, List<String> containerIds) {
    Path file = spec.logFile();
    try {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
        for (String id : containerIds) {
          // When the environment cannot be had, no more can the log: it may be full of secrets.
          Redaction.Redacted redacted = Redaction.of(docker.environment(id)).before(out);
          docker.logs(id, redacted);
          redacted.finish();
        }
      }
      reporter.report(new Event.LogCollected(spec.service(), lastLines(file), file.toString()));
    } catch (IOException | RuntimeException e) {
      reporter.report(
          new Event.Warning(
              "The log of " + spec.service() + " could not be collected: " + e.getMessage()));
    }
  }

  private static List<String> lastLines(Path file) throws IOException {
    Deque<String> last = new ArrayDeque<>();
    // A Scanner replaces what is not UTF-8 instead of failing on it.
    try (Scanner lines = new Scanner(file, StandardCharsets.UTF_8)) {
      while (lines.hasNextLine()) {
        last.addLast(lines.nextLine());
        if (last.size() > LAST_LINES) {
          last.removeFirst();
        }
      }
    }
    return List.copyOf(last);
  }
}
