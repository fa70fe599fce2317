package io.github.rpideploy.image.delta;

import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.WireArchive;
import java.util.List;
import java.util.Map;

/**
 * The layers of a shipment that are sent as deltas.
 *
 * @param directories that their programs copy from, in the order of their numbers
 * @param layers by diffID
 * @param from the release that most of each layer comes from, by diffID
 */
public record Deltas(
    List<OldDirectory> directories,
    Map<Digest, WireArchive.Delta> layers,
    Map<Digest, String> from) {

  /** There are none. */
  public static final Deltas NONE = new Deltas(List.of(), Map.of(), Map.of());

  /**
   * A directory of a release on the Pi.
   *
   * @param release its tag
   * @param path absolute; not the root
   */
  public record OldDirectory(String release, String path) {}

  /** Keeps copies. */
  public Deltas {
    directories = List.copyOf(directories);
    layers = Map.copyOf(layers);
    from = Map.copyOf(from);
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return layers.isEmpty();
  }
}
