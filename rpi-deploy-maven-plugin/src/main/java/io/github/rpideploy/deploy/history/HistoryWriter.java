package io.github.rpideploy.deploy.history;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.Images;
import io.github.rpideploy.docker.Inventory;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Adds deploys to the history on the Pi, and removes the releases that are old by it. */
public final class HistoryWriter {

  private final Docker docker;
  private final String directory;
  private final Reporter reporter;
  private final Function<String, List<Images>> elsewhere;

  /** The services of this deploy. */
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private record Entry(ImageReference live, int keep) {}

  /**
   * @param elsewhere the images of the other machines on which a service may run
   */
  public HistoryWriter(
      Docker docker,
      String directory,
      Reporter reporter,
      Function<String, List<Images>> elsewhere) {
    this.docker = docker;
    this.elsewhere = elsewhere;
    this.directory = directory;
    this.reporter = reporter;
  }

  /** Adds a service to this deploy; its old releases are removed by {@link #write}. */
  public void enter(String service, ImageReference live, Policy policy) {
    entries.put(service, new Entry(live, policy.keep()));
  }

  /** How long a service takes to start, by the history; empty when that is not known. */
  public Optional<Duration> longestStart(String service) {
    try {
      return History.parse(docker.inventory(directory, "").history()).longestStart(service);
    } catch (DeployException e) {
      reporter.report(new Event.Warning("The history on the Pi cannot be read: " + e.getMessage()));
      return Optional.empty();
    }
  }

  /**
   * Adds the deploy to the history and removes old releases. Never throws, because the deploy
   * itself has ended: what goes wrong here is a warning.
   */
  public void write(History.Deploy deploy) {
    try {
      Inventory inventory = docker.inventory(directory, History.line(deploy));
      if (!inventory.written()) {
        reporter.report(
            new Event.Warning(
                "This deploy could not be added to "
                    + directory
                    + "/"
                    + Inventory.FILE
                    + " on the Pi. Old releases stay until the next deploy"));
        return;
      }
      removeObsolete(inventory);
    } catch (RuntimeException e) {
      reporter.report(
          new Event.Warning(
              "This deploy ended, but its history on the Pi could not be updated: "
                  + e.getMessage()
                  + ". Old releases stay until the next deploy"));
    } finally {
      entries.clear();
    }
  }

  private void removeObsolete(Inventory inventory) {
    Map<String, List<String>> obsolete = obsolete(inventory);
    List<String> all = obsolete.values().stream().flatMap(List::stream).distinct().toList();
    if (all.isEmpty()) {
      return;
    }
    try {
      List<String> removed = docker.images().removeTags(all);
      obsolete.forEach((service, tags) -> report(service, tags, removed));
      obsolete.forEach(
          (service, tags) -> elsewhere.apply(service).forEach(images -> images.removeTags(tags)));
    } catch (DeployException e) {
      reporter.report(
          new Event.Warning(
              "This deploy ended and is in the history, but old releases stay until the next one: "
                  + e.getMessage()));
    }
  }

  private Map<String, List<String>> obsolete(Inventory inventory) {
    Retention retention = new Retention(History.parse(inventory.history()), inventory);
    Map<String, List<String>> obsolete = new LinkedHashMap<>();
    entries.forEach(
        (service, entry) ->
            obsolete.put(service, retention.obsolete(service, entry.live(), entry.keep())));
    return obsolete;
  }

  private void report(String service, List<String> tags, List<String> removed) {
    List<String> gone = new ArrayList<>(tags);
    gone.retainAll(removed);
    if (!gone.isEmpty()) {
      reporter.report(new Event.ReleasesRemoved(service, gone));
    }
  }
}
