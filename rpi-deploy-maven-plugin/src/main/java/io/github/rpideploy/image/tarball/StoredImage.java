package io.github.rpideploy.image.tarball;

import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.Platform;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One of the images that a tarball has. */
interface StoredImage {

  /** What it is called; may be empty. */
  List<ImageReference> names();

  /**
   * The names, and those of Podman without {@code localhost/}: it puts that before every name
   * without a registry.
   */
  static List<ImageReference> withShort(List<ImageReference> names) {
    Set<ImageReference> all = new LinkedHashSet<>(names);
    names.stream()
        .filter(name -> name.domain().equals("localhost"))
        .forEach(name -> all.add(new ImageReference("docker.io", name.repository(), name.tag())));
    return List.copyOf(all);
  }

  /** What it is built for; empty when it does not say so, as what is no image. */
  Optional<Platform> platform() throws IOException;

  /** What it consists of. */
  TarballManifest manifest() throws IOException;
}
