package io.github.rpideploy.deploy.history;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.EngineContents;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Adds deploys to the history on the Pi, and removes the releases that are old by it. */
public final class HistoryWriter {

  private final Docker docker;
  private final String directory;
  private final Reporter reporter;
  private final Function<String, List<Images>> elsewhere;

  /** The services of this deploy. */
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** The releases that the Pi is known to have; null when others may have changed that since. */
  private @Nullable Set<String> known;

  private record Entry(ImageReference live, int keep) {}

  /**
   * @param contents what the Engine held at the beginning
   * @param elsewhere the images of the other machines on which a service may run
   */
  public HistoryWriter(
      Docker docker,
      EngineContents contents,
      String directory,
      Reporter reporter,
      Function<String, List<Images>> elsewhere) {
    this.docker = docker;
    this.elsewhere = elsewhere;
    this.directory = directory;
    this.reporter = reporter;
    this.known =
        contents.images().stream()
            .flatMap(image -> image.tags().stream())
            .filter(Retention::isRelease)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Adds a service to this deploy; its old releases are removed by {@link #write}.
   *
   * @param release that the Pi has by then
   */
  public void enter(String service, ImageReference live, ImageReference release, Policy policy) {
    entries.put(service, new Entry(live, policy.keep()));
    if (known != null) {
      known.add(release.familiar());
    }
  }

  /** Another deploy has changed the Pi. */
  public void outdate() {
    known = null;
  }

  /** How long a service takes to start, by the history; empty when that is not known. */
  public Optional<Duration> longestStart(String service) {
    try {
      return History.parse(docker.history(directory, "").history()).longestStart(service);
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
      String line = History.line(deploy);
      boolean asked = isOneTooMany();
      Inventory inventory =
          asked ? docker.inventory(directory, line) : docker.history(directory, line);
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
      if (asked) {
        removeObsolete(inventory);
      } else if (hasObsolete(inventory.history())) {
        removeObsolete(docker.inventory(directory, ""));
      }
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

  /** Whether a service has more releases than are to stay, so that most likely one must go. */
  private boolean isOneTooMany() {
    Set<String> there = known;
    return there == null
        || entries.values().stream()
            .anyMatch(
                entry ->
                    there.stream().filter(tag -> Retention.isOurs(tag, entry.live())).count()
                        > entry.keep());
  }

  /**
   * Whether a release would be obsolete if nothing used any. Whoever uses one is only asked then:
   * that takes a Pi longer than all the rest, and what goes is decided by the answer.
   */
  private boolean hasObsolete(List<String> history) {
    Map<String, String> tags =
        Objects.requireNonNull(known).stream()
            .collect(Collectors.toMap(Function.identity(), Function.identity()));
    Inventory unused = new Inventory(true, history, tags, Set.of(), Set.of(), false, true);
    return obsolete(unused).values().stream().anyMatch(gone -> !gone.isEmpty());
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
          (service, tags) -> {
            if (!tags.isEmpty()) {
              elsewhere.apply(service).forEach(images -> images.tidy(tags));
            }
          });
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
