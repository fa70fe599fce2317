package io.github.rpideploy.docker;

import java.util.List;
import java.util.Map;

/**
 * What a ship has to know of the Pi before it plans.
 *
 * @param images what the Engine holds
 * @param releases the state of each release that was asked for, by its tag
 * @param space what is free where the Engine writes
 */
public record Survey(List<Held> images, Map<String, ReleaseState> releases, List<FreeSpace> space) {

  /**
   * An image that the Engine holds. Digests are 64 hexadecimal digits.
   *
   * @param layers its diffIDs, lowest first
   * @param blobs what these layers were sent as, if it is a release of which that was recorded
   */
  public record Held(List<String> layers, List<String> blobs) {

    /** Keeps copies of the lists. */
    public Held {
      layers = List.copyOf(layers);
      blobs = List.copyOf(blobs);
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
  public Survey {
    images = List.copyOf(images);
    releases = Map.copyOf(releases);
    space = List.copyOf(space);
  }
}
