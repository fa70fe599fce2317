package io.github.rpideploy.deploy.history;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.Inventory;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.ReleaseTag;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which releases of a service are old. The order is that of the history: images that Jib makes are
 * all of 1970.
 */
final class Retention {

  private final History history;
  private final Inventory inventory;

  /** Images that have a tag that is no release tag: live ones, and what others have tagged. */
  private final Set<String> named;

  Retention(History history, Inventory inventory) {
    this.history = history;
    this.inventory = inventory;
    this.named =
        inventory.tags().entrySet().stream()
            .filter(tag -> isOtherwise(tag.getKey()))
            .map(Map.Entry::getValue)
            .collect(Collectors.toSet());
  }

  /**
   * The release tags that can go, newest first. One that has failed or was only shipped is nothing
   * to go back to, so it takes no other's place, and of these only the newest release stays, for
   * the next try. Never one of another repository, one that names an image that a container is made
   * of or that has another tag than release tags, or one that the history knows of other services
   * and not of this one, or that another compose project has deployed of late; none at all when the
   * Engine has not told everything. One of which the history knows nothing counts as older than all
   * others, and stays while another project is being deployed: it may be what that has shipped.
   *
   * @param live any tag of the service's repository
   * @param keep how many of the newest stay that were good, at least one
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

  /** What the Pi has of a service, newest first. */
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

  /** Two services may run images of one repository. */
  private boolean isOldForOthers(String tag, String service, ImageReference live, int keep) {
    return history.servicesOf(tag).stream()
        .filter(other -> !other.equals(service))
        .noneMatch(other -> newest(other, live, keep).contains(tag));
  }

  private static boolean isOtherwise(String tag) {
    return reference(tag).filter(found -> !ReleaseTag.isRelease(found)).isPresent();
  }

  private static boolean isOurs(String tag, ImageReference live) {
    return reference(tag).filter(found -> ReleaseTag.isReleaseOf(live, found)).isPresent();
  }

  private static Optional<ImageReference> reference(String tag) {
    try {
      return Optional.of(ImageReference.parse(tag));
    } catch (DeployException e) {
      // As <none>:<none>.
      return Optional.empty();
    }
  }
}
