package io.github.rpideploy.image.tarball;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.Platform;
import io.github.rpideploy.image.TarballFailures;
import io.github.rpideploy.image.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes the wanted one of the images that a tarball has: first by name, then by platform. The only
 * one is taken whatever it is; whoever asked for it says what is wrong with it.
 */
record Choice(Wanted wanted, TarballFailures failures) {

  /** So many names fit into a message. */
  private static final int MOST_NAMES = 10;

  /**
   * The wanted one.
   *
   * @throws DeployException when there is none, or several and nothing tells them apart
   */
  StoredImage of(List<StoredImage> images) throws IOException {
    if (images.isEmpty()) {
      throw failures.unusable("it holds 0 images; one image is expected");
    }
    List<StoredImage> left = byName(images);
    return left.size() == 1 ? left.get(0) : forPlatform(left);
  }

  /** Whether one of those that are meant is for the platform. */
  boolean fits(List<StoredImage> images) throws IOException {
    for (StoredImage image : byName(images)) {
      if (image.platform().filter(wanted.platform()::accepts).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** An image for several platforms has the same names for each. */
  private static boolean differ(List<StoredImage> images) {
    return images.stream().map(image -> Set.copyOf(image.names())).distinct().count() > 1;
  }

  private List<StoredImage> byName(List<StoredImage> all) throws IOException {
    List<StoredImage> images = withoutOthers(all);
    return differ(images) ? named(images) : images;
  }

  /** Signatures, for example, have neither a name nor a platform. */
  private static List<StoredImage> withoutOthers(List<StoredImage> all) throws IOException {
    List<StoredImage> images = new ArrayList<>();
    for (StoredImage each : all) {
      if (!each.names().isEmpty() || each.platform().isPresent()) {
        images.add(each);
      }
    }
    return images.isEmpty() ? all : images;
  }

  private List<StoredImage> named(List<StoredImage> images) {
    Optional<ImageName> name = wanted.image().get().map(ImageName::new);
    if (name.isEmpty()) {
      throw several(images, "no local compose file says which one is meant");
    }
    List<StoredImage> named =
        images.stream().filter(image -> image.names().stream().anyMatch(name.get()::fits)).toList();
    String said = "image: " + Text.shorten(name.get().text());
    if (named.isEmpty()) {
      throw several(images, "none of them is what the compose file names, " + said);
    }
    if (name.get().hasVariables() && differ(named)) {
      throw several(images, "several of them may be what the compose file names, " + said);
    }
    return named;
  }

  private DeployException several(List<StoredImage> images, String why) {
    Set<String> names = new LinkedHashSet<>();
    for (StoredImage image : images) {
      image.names().forEach(name -> names.add(Text.shorten(name.familiar())));
    }
    if (images.stream().anyMatch(image -> image.names().isEmpty())) {
      names.add("one without a name");
    }
    String example =
        images.stream()
            .flatMap(image -> image.names().stream())
            .map(ImageReference::familiar)
            .findFirst()
            .orElse("auth-server:latest");
    return failures.unusable(
        "it holds %d images, %s, and %s".formatted(images.size(), listed(names), why),
        """
        Name the image of the service in the compose file, for example image: %s
        or save only that one, for example: docker save -o %s %s\
        """
            .formatted(example, TarballFailures.quoted(failures.tarball()), example));
  }

  private static String listed(Set<String> names) {
    String most = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
    return names.size() > MOST_NAMES
        ? most + " and " + (names.size() - MOST_NAMES) + " more"
        : most;
  }

  /** Of several that fit the best, and of the same the first, as the OCI specification says. */
  private StoredImage forPlatform(List<StoredImage> images) throws IOException {
    Map<StoredImage, Platform> platforms = new LinkedHashMap<>();
    for (StoredImage image : images) {
      image.platform().ifPresent(platform -> platforms.put(image, platform));
    }
    List<StoredImage> fit = new ArrayList<>(platforms.keySet());
    fit.removeIf(image -> !wanted.platform().accepts(of(platforms, image)));
    if (fit.isEmpty()) {
      throw noneFits(platforms);
    }
    Set<Platform> distinct = new HashSet<>();
    boolean alike = fit.stream().anyMatch(image -> !distinct.add(of(platforms, image)));
    if (alike && fit.get(0).names().isEmpty()) {
      throw several(fit, "all of them are for " + wanted.platform());
    }
    // A stable sort: the first stays the first.
    fit.sort(Comparator.comparingInt(image -> -closeness(of(platforms, image))));
    return fit.get(0);
  }

  private static Platform of(Map<StoredImage, Platform> platforms, StoredImage image) {
    return Objects.requireNonNull(platforms.get(image));
  }

  /** Of variants that fit, the newest, but no variant is not the oldest. */
  private int closeness(Platform platform) {
    if (platform.equals(wanted.platform())) {
      return Integer.MAX_VALUE;
    }
    String variant = platform.variant();
    return variant == null || variant.length() < 2 ? 0 : variant.charAt(1);
  }

  private DeployException noneFits(Map<StoredImage, Platform> platforms) {
    String there =
        platforms.values().stream()
            .map(Platform::toString)
            .distinct()
            .limit(MOST_NAMES)
            .collect(Collectors.joining(", "));
    String name =
        platforms.keySet().stream()
            .flatMap(image -> image.names().stream())
            .map(ImageReference::familiar)
            .findFirst()
            .orElse("auth-server:latest");
    return failures.unusable(
        "it has no image for %s, only for %s"
            .formatted(
                wanted.platform(), there.isEmpty() ? "platforms that it does not state" : there),
        """
        Let its tool build for that platform too, or save an image that is: for example
        docker pull --platform %s %s && docker save -o %s %s
        If the Pi is another one: -Drpi.platform=linux/arm/v7\
        """
            .formatted(wanted.platform(), name, TarballFailures.quoted(failures.tarball()), name));
  }
}
