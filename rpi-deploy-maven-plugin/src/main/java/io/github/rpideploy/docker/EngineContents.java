package io.github.rpideploy.docker;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the Pi holds, as far as planning a shipment needs it.
 *
 * @param images what the Engine holds
 * @param space what is free where the Engine writes
 */
public record EngineContents(List<Held> images, List<FreeSpace> space) {

  /**
   * An image that the Engine holds. Digests are 64 hexadecimal digits.
   *
   * @param id the image's id
   * @param tags all of its names
   * @param layers its diffIDs, lowest first
   * @param note what its layers were sent as, if it is a release that was proved
   */
  public record Held(String id, Set<String> tags, List<String> layers, Optional<SentLayers> note) {

    /** Keeps copies. A record with another number of layers is ignored. */
    public Held {
      tags = Set.copyOf(tags);
      layers = List.copyOf(layers);
      int count = layers.size();
      note = note.filter(about -> about.layers().isEmpty() || about.layers().size() == count);
    }
  }

  /**
   * Free space of a file system.
   *
   * @param directory where the Engine writes
   * @param bytes what is free there
   */
  public record FreeSpace(String directory, long bytes) {}

  /** Keeps copies. */
  public EngineContents {
    images = List.copyOf(images);
    space = List.copyOf(space);
  }

  /** The image under that name. */
  public Optional<Held> named(String tag) {
    return images.stream().filter(held -> held.tags().contains(tag)).findFirst();
  }
}
