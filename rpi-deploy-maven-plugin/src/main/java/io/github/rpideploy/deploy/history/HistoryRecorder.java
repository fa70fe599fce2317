package io.github.rpideploy.deploy.history;

import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Folds what happens in a deploy into its entry of the {@link History}, and lets it go on. */
public final class HistoryRecorder implements Reporter {

  private static final String SHIPPED = "shipped";
  private static final String RECREATED = "recreated";
  private static final String NOT_DEPLOYED = "not-deployed";
  private static final String VERIFIED = "verified";
  private static final String FAILED = "failed";

  private final Reporter onwards;
  private final Map<String, Page> pages = new LinkedHashMap<>();

  /** What is known of a service. */
  private static final class Page {
    private @Nullable String release;
    private @Nullable String image;
    private @Nullable String outcome;
    private @Nullable Duration elapsed;
    private @Nullable String before;
    private @Nullable String runs;
  }

  public HistoryRecorder(Reporter onwards) {
    this.onwards = onwards;
  }

  @Override
  public void report(Event event) {
    note(event);
    onwards.report(event);
  }

  private synchronized void note(Event event) {
    if (event instanceof Event.Shipped shipped) {
      Page page = page(shipped.service());
      page.release = shipped.release();
      page.outcome = SHIPPED;
    } else if (event instanceof Event.ReleaseChosen chosen) {
      Page page = page(chosen.service());
      page.release = chosen.release();
      page.image = chosen.imageId();
      page.before = chosen.before().isEmpty() ? null : chosen.before();
    } else if (event instanceof Event.Recreating recreating) {
      page(recreating.service()).runs = recreating.release();
    } else if (event instanceof Event.Recreated recreated) {
      Page page = page(recreated.service());
      // The way back recreates too; what was to be deployed has failed then.
      page.outcome =
          page.outcome == null || page.outcome.equals(SHIPPED) ? RECREATED : page.outcome;
    } else if (event instanceof Event.Verified verified) {
      Page page = page(verified.service());
      page.outcome = VERIFIED;
      page.elapsed = verified.elapsed();
    } else if (event instanceof Event.Unchanged unchanged) {
      Page page = page(unchanged.service());
      page.outcome = "unchanged";
      page.runs = page.release;
    } else if (event instanceof Event.Failed failed) {
      page(failed.service()).outcome = FAILED;
    } else if (event instanceof Event.RolledBack back) {
      Page page = page(back.service());
      page.runs = back.to();
      page.outcome = VERIFIED.equals(page.outcome) ? "rolled-back" : page.outcome;
    } else if (event instanceof Event.RollbackFailed back) {
      Page page = page(back.service());
      page.runs = null;
      page.outcome = FAILED;
    } else if (event instanceof Event.NotDeployed not) {
      page(not.service()).outcome = NOT_DEPLOYED;
    }
  }

  private Page page(String service) {
    return pages.computeIfAbsent(service, name -> new Page());
  }

  /** Whether nothing has happened yet. */
  public synchronized boolean isEmpty() {
    return pages.isEmpty();
  }

  /** The deploy that has ended now; what comes is another one. */
  public synchronized History.Deploy take(Instant now, Origin origin) {
    List<History.Service> services =
        pages.entrySet().stream().map(page -> service(page.getKey(), page.getValue())).toList();
    pages.clear();
    List<String> outcomes = services.stream().map(History.Service::outcome).toList();
    String whole =
        List.of(FAILED, NOT_DEPLOYED, SHIPPED, RECREATED).stream()
            .filter(outcomes::contains)
            .findFirst()
            .orElse(VERIFIED);
    return new History.Deploy(now, origin, whole, services);
  }

  private static History.Service service(String name, Page page) {
    return new History.Service(
        name,
        page.release,
        page.image,
        page.outcome == null ? NOT_DEPLOYED : page.outcome,
        page.elapsed == null ? null : page.elapsed.toMillis() / 1000.0,
        page.before,
        page.runs);
  }
}
