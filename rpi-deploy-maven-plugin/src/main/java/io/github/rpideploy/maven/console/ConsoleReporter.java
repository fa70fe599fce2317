package io.github.rpideploy.maven.console;

import io.github.rpideploy.PlainText;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.report.Units;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.maven.plugin.logging.Log;

/** Shows in Maven's log what happens: a line for each step. */
public final class ConsoleReporter implements Reporter {

  /** So many names of files fit on a line. */
  private static final int MOST_PATHS = 5;

  private final Log log;
  private final Progress progress;
  private final Set<Event.Skipped> skipped = new HashSet<>();
  private final Set<String> deferred = new HashSet<>();

  public ConsoleReporter(Log log, Progress progress) {
    this.log = PlainLog.of(log);
    this.progress = progress;
  }

  @Override
  public synchronized void report(Event event) {
    if (event instanceof Event.SendProgress sent) {
      progress.update(sent.sent(), sent.total());
      return;
    }
    if (event instanceof Event.Detail detail) {
      log.debug(detail.text());
      return;
    }
    progress.clear();
    if (event instanceof Event.Warning warning) {
      log.warn(warning.text());
    } else if (event instanceof Event.LogCollected collected) {
      if (collected.lastLines().isEmpty()) {
        // Of a service that the failed one needs: it may be good.
        log.info(collected.service() + "  its log: " + collected.file());
      } else {
        log.error(
            collected.service() + "  the end of its log (all of it: " + collected.file() + ")");
      }
      collected.lastLines().forEach(line -> log.error("  | " + line));
    } else if (event instanceof Event.Planned planned) {
      PlanLines.of(planned).forEach(log::info);
    } else if (event instanceof Event.FilesPlanned files) {
      PlanLines.of(files).forEach(line -> log.info(PlainText.line(line)));
    } else if (event instanceof Event.Examined examined) {
      new CheckLines(log).show(examined);
    } else if (event instanceof Event.RollbackFailed back) {
      log.error(back.service() + "  could not go back to " + back.to() + ": " + back.reason());
    } else if (event instanceof Event.NotDeployed notDeployed) {
      log.warn(notDeployed.service() + "  not deployed: " + notDeployed.reason());
    } else {
      String line = line(event);
      if (!line.isEmpty()) {
        log.info(PlainText.line(line));
      }
    }
  }

  private String line(Event event) {
    if (event instanceof Event.Connected connected) {
      return "Connected to "
          + connected.host()
          + " in "
          + Units.seconds(connected.elapsed())
          + (connected.early() ? " beside the build" : "")
          + " ("
          + connected.authentication()
          + ")";
    }
    if (event instanceof Event.EngineFound found) {
      return "Docker Engine "
          + found.version()
          + " ("
          + found.store()
          + ", "
          + found.architecture()
          + "), Compose "
          + found.compose()
          + ", directory "
          + found.directory();
    }
    if (event instanceof Event.LockAwaited awaited) {
      return "Another deploy is running, waiting at most "
          + Units.seconds(awaited.patience())
          + " for it: "
          + awaited.holder();
    }
    if (event instanceof Event.Skipped module) {
      // Each of three goals reports it; one line is enough.
      return skipped.add(module) ? module.module() + "  skipped: " + module.reason() : "";
    }
    if (event instanceof Event.SendStarted started) {
      progress.start(started.total());
      return String.join(", ", started.services()) + "  sending " + Units.bytes(started.total());
    }
    if (event instanceof Event.Shipped shipped) {
      return shipped(shipped);
    }
    if (event instanceof Event.ComposeFileUploaded uploaded) {
      return "Compose file on the Pi replaced: " + uploaded.path();
    }
    if (event instanceof Event.ComposeFileRestored restored) {
      return "Compose file on the Pi restored: " + restored.path();
    }
    if (event instanceof Event.FilesSent files) {
      int more = files.files().size() - MOST_PATHS;
      return "Files on the Pi replaced: "
          + files.files().stream()
              .limit(MOST_PATHS)
              .map(Event.SentFile::path)
              .collect(Collectors.joining(", "))
          + (more > 0 ? " and " + more + " more" : "")
          + " ("
          + Units.bytes(files.bytes())
          + ")";
    }
    if (event instanceof Event.FileRemoved file) {
      return "File on the Pi removed, nothing names it any more: " + file.path();
    }
    if (event instanceof Event.FilesRestored files) {
      return "Files on the Pi restored in " + files.directory();
    }
    if (event instanceof Event.FilesChanged changed) {
      return changed.service() + "  is recreated " + changed.reason();
    }
    if (event instanceof Event.Unchanged unchanged) {
      return unchanged.service() + "  unchanged: " + unchanged.evidence();
    }
    if (event instanceof Event.Deferred later) {
      // Recreate and verify both report it; one line is enough.
      return deferred.add(later.service())
          ? later.service()
              + "  deferred until this is verified: "
              + String.join(", ", later.awaited())
          : "";
    }
    if (event instanceof Event.ReleasesRemoved removed) {
      return removed.service()
          + "  old releases removed from the Pi: "
          + String.join(", ", removed.releases());
    }
    if (event instanceof Event.RollingBack back) {
      return back.service() + "  going back to " + back.to();
    }
    if (event instanceof Event.RolledBack back) {
      return back.service()
          + "  back on "
          + back.to()
          + " in "
          + Units.seconds(back.elapsed())
          + ": "
          + back.evidence();
    }
    if (event instanceof Event.PlannedOther other) {
      return PlanLines.of(other);
    }
    if (event instanceof Event.PlanTotal total) {
      return PlanLines.of(total);
    }
    if (event instanceof Event.Idle idle) {
      return "Nothing starts "
          + String.join(", ", idle.services())
          + ", which no deployed service needs: "
          + idle.command();
    }
    if (event instanceof Event.Pulled pulled) {
      return pulled.service()
          + "  the Pi has pulled "
          + pulled.image()
          + " in "
          + Units.seconds(pulled.elapsed());
    }
    if (event instanceof Event.StartingOther other) {
      return other.service()
          + (other.anew() ? "  recreating: " : "  starting: ")
          + other.reason()
          + " (needed by "
          + other.neededBy()
          + ")";
    }
    if (event instanceof Event.OtherReady other) {
      return other.service()
          + "  ready in "
          + Units.seconds(other.elapsed())
          + ": "
          + other.evidence();
    }
    if (event instanceof Event.Recreated recreated) {
      return recreated.service() + "  recreated in " + Units.seconds(recreated.elapsed());
    }
    if (event instanceof Event.Verifying verifying) {
      return verifying.service()
          + "  verifying: "
          + verifying.check()
          + " (at most "
          + Units.seconds(verifying.timeout())
          + ")";
    }
    if (event instanceof Event.Waiting waiting) {
      return waiting.service() + "  " + Units.seconds(waiting.elapsed()) + ": " + waiting.state();
    }
    if (event instanceof Event.Verified verified) {
      return verified.service()
          + "  verified in "
          + Units.seconds(verified.elapsed())
          + ": "
          + verified.evidence();
    }
    return "";
  }

  private static String shipped(Event.Shipped shipped) {
    if (shipped.bytesSent() == 0) {
      return shipped.service() + "  already there as " + shipped.release();
    }
    return shipped.service()
        + "  sent "
        + Units.bytes(shipped.bytesSent())
        + (shipped.machines() > 1
            ? " to "
                + shipped.machines()
                + " nodes, of "
                + Units.bytes(shipped.imageBytes())
                + " each"
            : " of " + Units.bytes(shipped.imageBytes()))
        + " ("
        + shipped.layersSent()
        + " of "
        + shipped.layersTotal()
        + " layers) in "
        + Units.seconds(shipped.elapsed());
  }
}
