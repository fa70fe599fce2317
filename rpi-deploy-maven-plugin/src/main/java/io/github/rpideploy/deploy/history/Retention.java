package io.github.rpideploy.deploy.history;

import io.github.rpideploy.docker.Inventory;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.ReleaseTag;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides which releases of a service are old. The history gives their order: images that Jib makes
 * are all dated 1970.
 */
final class Retention {

  private final History history;
  private final Inventory inventory;

  /** Images with a tag that is no release tag: live ones, and those that somebody tagged. */
  private final Set<String> named;

  Retention(History history, Inventory inventory) {
    this.history = history;
    this.inventory = inventory;
    this.named =
        inventory.tags().entrySet().stream()
            .filter(tag -> hasOtherName(tag.getKey()))
            .map(Map.Entry::getValue)
            .collect(Collectors.toSet());
  }

  /**
   * The release tags of a service that can be removed, newest first.
   *
   * <p>The newest {@code keep} releases that proved good stay. The newest release of all stays too,
   * good or not, for the next try. A release that failed or was only shipped is nothing to go back
   * to, so it takes no place of a good one.
   *
   * <p>A release that the history does not know counts as older than all others. It stays while
   * another compose project is being deployed, which may just have shipped it.
   *
   * <p>These always stay: releases of other repositories; images that a container uses or that have
   * any other tag; releases that the history knows only for other services; releases that another
   * compose project deployed recently. When the Engine's answer is incomplete, everything stays.
   *
   * @param live any tag of the service's repository
   * @param keep how many good releases stay, at least one
   */
  List<String> obsolete(String service, ImageReference live, int keep) {
    if (!inventory.complete()) {
      return List.of();
    }
    Set<String> newest = newest(service, live, keep);
    return ordered(service, live).stream()
        .filter(tag -> !newest.contains(tag))
        .filter(tag -> !isUsed(tag))
        .filter(tag -> !inventory.others().contains(tag))
        .filter(tag -> !inventory.busy() || !history.servicesOf(tag).isEmpty())
        .filter(tag -> isOldForOthers(tag, service, live, keep))
        .toList();
  }

  private Set<String> newest(String service, ImageReference live, int keep) {
    List<String> ordered = ordered(service, live);
    Set<String> unproved = history.unproved(service);
    return Stream.concat(
            ordered.stream().limit(1),
            ordered.stream().filter(tag -> !unproved.contains(tag)).limit(keep))
        .collect(Collectors.toSet());
  }

  /** The releases of a service that are on the Pi, newest first. */
  private List<String> ordered(String service, ImageReference live) {
    Set<String> present = new TreeSet<>();
    inventory.tags().keySet().stream().filter(tag -> isOurs(tag, live)).forEach(present::add);
    Set<String> ordered = new LinkedHashSet<>(history.releases(service));
    ordered.retainAll(present);
    present.stream().filter(tag -> history.servicesOf(tag).isEmpty()).forEach(ordered::add);
    return new ArrayList<>(ordered);
  }

  private boolean isUsed(String tag) {
    String image = inventory.tags().get(tag);
    return image == null || inventory.used().contains(image) || named.contains(image);
  }

  /** Whether no other service needs the release: two services may run images of one repository. */
  private boolean isOldForOthers(String tag, String service, ImageReference live, int keep) {
    return history.servicesOf(tag).stream()
        .filter(other -> !other.equals(service))
        .noneMatch(other -> newest(other, live, keep).contains(tag));
  }

  private static boolean hasOtherName(String tag) {
    return ImageReference.find(tag).filter(found -> !ReleaseTag.isRelease(found)).isPresent();
  }

  /** Whether a tag is one of a release. */
  static boolean isRelease(String tag) {
    return ImageReference.find(tag).filter(ReleaseTag::isRelease).isPresent();
  }

  /** Whether a tag is one of a release of that repository. */
  static boolean isOurs(String tag, ImageReference live) {
    return ImageReference.find(tag)
        .filter(found -> ReleaseTag.isReleaseOf(live, found))
        .isPresent();
  }
}
