package io.github.rpideploy.image;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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
     * unpacked as well. A diffID does not prove the bytes: an image that lacks them runs, but
     * cannot be saved.
     */
    CONTAINERD
  }

  /**
   * An image in the store.
   *
   * @param diffIds its layers, lowest first
   * @param blobs digests of the bytes that were sent for these layers; empty when that is not known
   */
  public record Held(List<Digest> diffIds, List<Digest> blobs) {

    /** Keeps copies of the lists. */
    public Held {
      diffIds = List.copyOf(diffIds);
      blobs = List.copyOf(blobs);
    }
  }

  /** Keeps a copy of the list. */
  public ImageStore {
    images = List.copyOf(images);
  }

  /** The image with every layer left out that this store has. */
  public ArchivePlan.Image thin(ImageTarball tarball, ImageReference tag) {
    Set<Digest> leftOut =
        switch (kind) {
          case CLASSIC -> inHeldChain(tarball);
          case CONTAINERD -> heldAsBlobs(tarball);
        };
    return new ArchivePlan.Image(tarball, tag, leftOut);
  }

  /** The layers that this store has not unpacked yet on top of the same layers. */
  List<Layer> notUnpacked(ImageTarball tarball) {
    return tarball.layers().subList(heldChain(tarball), tarball.layers().size());
  }

  /** A blob that stands in the image twice is left out only when both places have it. */
  private Set<Digest> inHeldChain(ImageTarball tarball) {
    Set<Digest> held = new LinkedHashSet<>();
    tarball.layers().subList(0, heldChain(tarball)).forEach(layer -> held.add(layer.blobDigest()));
    notUnpacked(tarball).forEach(layer -> held.remove(layer.blobDigest()));
    return held;
  }

  private Set<Digest> heldAsBlobs(ImageTarball tarball) {
    Set<Digest> blobs = new HashSet<>();
    images.forEach(image -> blobs.addAll(image.blobs()));
    return tarball.layers().stream()
        .map(Layer::blobDigest)
        .filter(blobs::contains)
        .collect(Collectors.toSet());
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
