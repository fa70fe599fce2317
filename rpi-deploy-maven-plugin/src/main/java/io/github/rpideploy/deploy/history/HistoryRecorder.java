package io.github.rpideploy.deploy.history;

import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Outcome;
import io.github.rpideploy.report.Reporter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Folds the events of a deploy into its entry of the {@link History}, and passes them on. */
public final class HistoryRecorder implements Reporter {

  private final Reporter next;
  private final Map<String, ServiceRecord> services = new LinkedHashMap<>();
  private final Set<String> filesSent = new TreeSet<>();
  private final Set<String> filesRemoved = new TreeSet<>();
  private final Set<String> others = new LinkedHashSet<>();

  /** What is known of a service so far. */
  private static final class ServiceRecord {
    private @Nullable String release;
    private @Nullable String image;
    private @Nullable Outcome outcome;
    private @Nullable Duration elapsed;
    private @Nullable String before;
    private @Nullable String runs;
  }

  /**
   * @param next gets every event after it was recorded
   */
  public HistoryRecorder(Reporter next) {
    this.next = next;
  }

  @Override
  public void report(Event event) {
    record(event);
    next.report(event);
  }

  private synchronized void record(Event event) {
    if (event instanceof Event.Shipped shipped) {
      ServiceRecord service = service(shipped.service());
      service.release = shipped.release();
      service.outcome = Outcome.SHIPPED;
    } else if (event instanceof Event.ReleaseChosen chosen) {
      ServiceRecord service = service(chosen.service());
      service.release = chosen.release();
      service.image = chosen.imageId();
      service.before = chosen.before().isEmpty() ? null : chosen.before();
    } else if (event instanceof Event.Recreating recreating) {
      service(recreating.service()).runs = recreating.release();
    } else if (event instanceof Event.Recreated recreated) {
      ServiceRecord service = service(recreated.service());
      // A rollback recreates too. By then the outcome of the deploy is known, and stays.
      if (service.outcome == null || service.outcome == Outcome.SHIPPED) {
        service.outcome = Outcome.RECREATED;
      }
    } else if (event instanceof Event.Verified verified) {
      ServiceRecord service = service(verified.service());
      service.outcome = Outcome.VERIFIED;
      service.elapsed = verified.elapsed();
    } else if (event instanceof Event.Unchanged unchanged) {
      ServiceRecord service = service(unchanged.service());
      service.outcome = Outcome.UNCHANGED;
      service.runs = service.release;
    } else if (event instanceof Event.Failed failed) {
      service(failed.service()).outcome = Outcome.FAILED;
    } else if (event instanceof Event.RolledBack back) {
      ServiceRecord service = service(back.service());
      service.runs = back.to();
      if (service.outcome == Outcome.VERIFIED) {
        service.outcome = Outcome.ROLLED_BACK;
      }
    } else if (event instanceof Event.RollbackFailed back) {
      ServiceRecord service = service(back.service());
      service.runs = null;
      service.outcome = Outcome.FAILED;
    } else if (event instanceof Event.NotDeployed notDeployed) {
      service(notDeployed.service()).outcome = Outcome.NOT_DEPLOYED;
    } else if (event instanceof Event.FilesSent sent) {
      sent.files().forEach(file -> filesSent.add(file.path()));
    } else if (event instanceof Event.FileRemoved removed) {
      filesRemoved.add(removed.path());
    } else if (event instanceof Event.FilesRestored) {
      filesSent.clear();
      filesRemoved.clear();
    } else if (event instanceof Event.StartingOther other) {
      others.add(other.service());
    }
  }

  private ServiceRecord service(String name) {
    return services.computeIfAbsent(name, any -> new ServiceRecord());
  }

  /** Whether nothing has happened to a service since the last {@link #take}. */
  public synchronized boolean isEmpty() {
    return services.isEmpty();
  }

  /** The services whose container was replaced, and that nobody has called good or bad yet. */
  public synchronized Set<String> unverified() {
    return without(true);
  }

  /** The services whose release is on the Pi, and whose container was not replaced yet. */
  public synchronized Set<String> waiting() {
    return without(false);
  }

  /** Those without a verdict. */
  private Set<String> without(boolean replaced) {
    Set<String> found = new LinkedHashSet<>();
    services.forEach(
        (name, service) -> {
          boolean open = service.outcome == Outcome.SHIPPED || service.outcome == Outcome.RECREATED;
          if (open && replaced == (service.runs != null || service.outcome == Outcome.RECREATED)) {
            found.add(name);
          }
        });
    return found;
  }

  /** The deploy that ends now; later events belong to the next one. */
  public synchronized History.Deploy take(Instant now, Origin origin) {
    List<History.Service> ended =
        services.entrySet().stream()
            .map(one -> ended(one.getKey(), one.getValue()).with(origin))
            .toList();
    StackChanges stack = StackChanges.of(filesSent, filesRemoved, others);
    services.clear();
    filesSent.clear();
    filesRemoved.clear();
    others.clear();
    Outcome whole = Outcome.ofAll(ended.stream().map(History.Service::outcome).toList());
    return new History.Deploy(now, origin, whole, ended, stack);
  }

  private static History.Service ended(String name, ServiceRecord service) {
    return new History.Service(
        name,
        service.release,
        service.image,
        service.outcome == null ? Outcome.NOT_DEPLOYED : service.outcome,
        service.elapsed == null ? null : service.elapsed.toMillis() / 1000.0,
        service.before,
        service.runs);
  }
}
