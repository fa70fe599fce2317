package io.github.rpideploy.image;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the image store of an Engine is known to hold, and what need not be sent to it again.
 *
 * <p>The planning is pure: the same store and the same tarball always give the same answer, and
 * nothing is read.
 *
 * @param kind how it keeps layers
 * @param images the images it holds
 */
public record ImageStore(Kind kind, List<Held> images) {

  /** How a store keeps layers, and so by what it knows that it has one. */
  public enum Kind {
    /**
     * Docker's own store ({@code overlay2} and its like): layers are kept unpacked, by chain. It
     * does not look at a layer's bytes when it has that layer on top of the same layers (moby,
     * {@code image/tarexport/load.go}).
     */
    CLASSIC,

    /**
     * The containerd store: layers are kept as they were sent, by the digest of those bytes, and
     * unpacked as well. A diffID does not prove the bytes: an image whose manifest names others
     * than are there runs, but cannot be saved.
     */
    CONTAINERD
  }

  /**
   * An image in the store.
   *
   * @param diffIds its layers, lowest first
   * @param blobs what was sent for these layers; empty when that is not known
   */
  public record Held(List<Digest> diffIds, List<Blob> blobs) {

    /** Keeps copies of the lists. */
    public Held {
      diffIds = List.copyOf(diffIds);
      blobs = List.copyOf(blobs);
      if (!blobs.isEmpty() && blobs.size() != diffIds.size()) {
        throw new IllegalArgumentException("a blob for each layer, or none at all");
      }
    }
  }

  /** Keeps a copy of the list. */
  public ImageStore {
    images = List.copyOf(images);
  }

  /** The image with every layer left out that this store has. */
  public PlannedImage thin(ImageTarball tarball, ImageReference tag) {
    return new PlannedImage(
        tarball,
        tag,
        switch (kind) {
          case CLASSIC -> inHeldChain(tarball);
          case CONTAINERD -> heldAsBlobs(tarball);
        });
  }

  /** The layers that this store has not unpacked yet on top of the same layers. */
  List<Layer> notUnpacked(ImageTarball tarball) {
    return tarball.layers().subList(heldChain(tarball), tarball.layers().size());
  }

  /**
   * A layer that stands in the image twice is left out only when both places have it. What such a
   * layer was sent as does not matter to this store.
   */
  private Map<Digest, Blob> inHeldChain(ImageTarball tarball) {
    Map<Digest, Blob> held = new HashMap<>();
    tarball
        .layers()
        .subList(0, heldChain(tarball))
        .forEach(layer -> held.put(layer.diffId(), layer.blob()));
    notUnpacked(tarball).forEach(layer -> held.remove(layer.diffId()));
    return held;
  }

  private Map<Digest, Blob> heldAsBlobs(ImageTarball tarball) {
    Map<Digest, Blob> known = new HashMap<>();
    for (Held image : images) {
      for (int i = 0; i < image.blobs().size(); i++) {
        known.putIfAbsent(image.diffIds().get(i), image.blobs().get(i));
      }
    }
    known.keySet().retainAll(tarball.layers().stream().map(Layer::diffId).toList());
    return known;
  }

  /** How many of the lowest layers are also the lowest of some image here, in the same order. */
  private int heldChain(ImageTarball tarball) {
    List<Digest> wanted = tarball.layers().stream().map(Layer::diffId).toList();
    int longest = 0;
    for (Held image : images) {
      int common = 0;
      while (common < wanted.size()
          && common < image.diffIds().size()
          && wanted.get(common).equals(image.diffIds().get(common))) {
        common++;
      }
      longest = Math.max(longest, common);
    }
    return longest;
  }
}
