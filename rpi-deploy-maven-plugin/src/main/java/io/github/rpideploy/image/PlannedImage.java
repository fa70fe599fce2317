package io.github.rpideploy.image;

import java.util.Map;

/**
 * An image of an {@link ArchivePlan}.
 *
 * @param tarball where its layers come from
 * @param tag the only name under which the Pi loads it
 * @param leftOut the layers that are not sent because the Pi has them: their diffIDs, and the blobs
 *     that the Pi has them as
 */
public record PlannedImage(ImageTarball tarball, ImageReference tag, Map<Digest, Blob> leftOut) {

  /** Keeps a copy of the map. */
  public PlannedImage {
    leftOut = Map.copyOf(leftOut);
  }

  /** An image that is sent whole. */
  public static PlannedImage whole(ImageTarball tarball, ImageReference tag) {
    return new PlannedImage(tarball, tag, Map.of());
  }
}
