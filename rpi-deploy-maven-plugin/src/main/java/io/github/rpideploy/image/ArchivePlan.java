package io.github.rpideploy.image;

import io.github.rpideploy.DeployException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one archive for {@code docker load} holds: some images, each under its release tag, with the
 * layers that the Pi needs. A layer that several images share is in it once.
 *
 * <p>The archive is a hybrid: an OCI image layout that also has Docker's {@code manifest.json}. It
 * is the only form from which both the classic and the containerd store of every Engine from 20.10
 * on take an archive that leaves layers out.
 *
 * <p>A layer is known by its diffID. As which blob it is sent is decided when it is sent ({@link
 * WireArchive}); it is named by that blob in every image of the archive.
 */
public final class ArchivePlan {

  private final List<PlannedImage> images;

  /** What is sent, by diffID, as it lies in a tarball. */
  private final Map<Digest, TarballLayer> sent;

  private final Map<Digest, Blob> leftOut;

  private ArchivePlan(
      List<PlannedImage> images, Map<Digest, TarballLayer> sent, Map<Digest, Blob> leftOut) {
    this.images = images;
    this.sent = sent;
    this.leftOut = leftOut;
  }

  /**
   * Plans the archive; nothing is read. A layer is left out when every image that has it leaves it
   * out.
   *
   * @param images one or more
   * @throws DeployException when two tarballs disagree about a layer
   */
  public static ArchivePlan of(List<PlannedImage> images) {
    if (images.isEmpty()) {
      throw new IllegalArgumentException("an archive needs an image");
    }
    Map<Digest, TarballLayer> sent = new LinkedHashMap<>();
    Map<Digest, Layer> blobs = new HashMap<>();
    Map<Digest, Blob> leftOut = new HashMap<>();
    for (PlannedImage image : images) {
      leftOut.putAll(image.leftOut());
      for (Layer layer : image.tarball().layers()) {
        requireAgreement(image.tarball(), layer, blobs.putIfAbsent(layer.blobDigest(), layer));
        if (!image.leftOut().containsKey(layer.diffId())) {
          sent.putIfAbsent(layer.diffId(), image.tarball().own(layer));
        }
      }
    }
    return new ArchivePlan(List.copyOf(images), sent, leftOut);
  }

  /** The images, in the order given. */
  public List<PlannedImage> images() {
    return images;
  }

  /** Whether some layer is left out. */
  public boolean isThin() {
    return images.stream()
        .flatMap(image -> image.tarball().layers().stream())
        .anyMatch(layer -> !sends(layer));
  }

  /** Whether that layer is in the archive. */
  public boolean sends(Layer layer) {
    return sent.containsKey(layer.diffId());
  }

  /** The layers that are sent, as they lie in their tarballs; each diffID once. */
  List<TarballLayer> sent() {
    return List.copyOf(sent.values());
  }

  /**
   * By which blob each layer of the images is named.
   *
   * @param chosen the blobs that layers are sent as, by diffID; the others as they lie in their
   *     tarballs
   */
  Function<Layer, Blob> blobs(Map<Digest, StoredBlob> chosen) {
    return layer -> {
      TarballLayer own = sent.get(layer.diffId());
      if (own != null) {
        return chosen.getOrDefault(layer.diffId(), own.stored()).blob();
      }
      return leftOut.getOrDefault(layer.diffId(), layer.blob());
    };
  }

  /**
   * The exact size of the archive in bytes, headers, padding and end included.
   *
   * @param blobs by which each layer is named
   */
  long bytes(Function<Layer, Blob> blobs) {
    long bytes = ArchiveWriter.END_LENGTH;
    for (TarballLayer own : sent.values()) {
      Blob blob = blobs.apply(own.layer());
      bytes += new ArchiveEntry.LayerBlob(StoredBlob.inCache(own.tarball(), blob)).bytes();
    }
    return bytes + documents(blobs).stream().mapToLong(ArchiveEntry::bytes).sum();
  }

  /**
   * What names the images. It comes last, as in Jib's own tarballs: an archive that is cut anywhere
   * names no image.
   */
  List<ArchiveEntry> documents(Function<Layer, Blob> blobs) {
    Map<String, ArchiveEntry> entries = new LinkedHashMap<>();
    for (PlannedImage image : images) {
      byte[] config = image.tarball().configBytes();
      byte[] manifest = OciDocuments.manifest(image.tarball(), blobs);
      for (byte[] document : List.of(config, manifest)) {
        String name = OciDocuments.blobName(Digest.of(document));
        entries.putIfAbsent(name, new ArchiveEntry.Document(name, document));
      }
    }
    List<ArchiveEntry> all = new ArrayList<>(entries.values());
    all.add(new ArchiveEntry.Document(OciDocuments.LAYOUT_NAME, OciDocuments.layout()));
    all.add(new ArchiveEntry.Document(OciDocuments.INDEX_NAME, OciDocuments.index(images, blobs)));
    all.add(
        new ArchiveEntry.Document(
            OciDocuments.DOCKER_MANIFEST_NAME, OciDocuments.dockerManifest(images, blobs)));
    return all;
  }

  /** What one tarball says of a blob, every other has to say too. */
  private static void requireAgreement(ImageTarball tarball, Layer layer, @Nullable Layer before) {
    if (before != null && before.size() != layer.size()) {
      throw new TarballFailures(tarball.file())
          .damaged(
              layer.entry(),
              "has %d bytes, but is stated with %d elsewhere"
                  .formatted(layer.size(), before.size()));
    }
    if (before != null && !before.diffId().equals(layer.diffId())) {
      throw new TarballFailures(tarball.file())
          .damaged(layer.entry(), "is stated as two layers with different content");
    }
  }
}
