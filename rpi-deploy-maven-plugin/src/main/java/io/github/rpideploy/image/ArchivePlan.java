package io.github.rpideploy.image;

import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one archive for {@code docker load} holds: some images, each under its release tag, with the
 * layers that the Pi needs. A layer that several images share is in it once.
 *
 * <p>The archive is a hybrid: an OCI image layout that also has Docker's {@code manifest.json}. It
 * is the only form from which both the classic and the containerd store of every Engine from 20.10
 * on take an archive that leaves layers out. The same plan always gives the same bytes.
 */
public final class ArchivePlan {

  /**
   * An image to load.
   *
   * @param tarball where it is
   * @param tag the only name under which it is loaded
   * @param leftOut blob digests of layers that the Pi has and that this image does not need sent
   */
  public record Image(ImageTarball tarball, ImageReference tag, Set<Digest> leftOut) {

    /** Keeps a copy of the set. */
    public Image {
      leftOut = Set.copyOf(leftOut);
    }

    /** An image that is sent whole. */
    public static Image whole(ImageTarball tarball, ImageReference tag) {
      return new Image(tarball, tag, Set.of());
    }
  }

  private final List<Image> images;
  private final Set<Digest> sent;
  private final List<ArchiveEntry> entries;

  private ArchivePlan(List<Image> images, Set<Digest> sent, List<ArchiveEntry> entries) {
    this.images = images;
    this.sent = sent;
    this.entries = entries;
  }

  /**
   * Plans the archive; nothing is read. A layer is left out when every image that has it leaves it
   * out.
   *
   * @param images one or more
   * @throws DeployException when two tarballs disagree about a layer
   */
  public static ArchivePlan of(List<Image> images) {
    if (images.isEmpty()) {
      throw new IllegalArgumentException("an archive needs an image");
    }
    Map<Digest, ArchiveEntry.Blob> layers = new LinkedHashMap<>();
    for (Image image : images) {
      for (Layer layer : image.tarball().layers()) {
        if (!image.leftOut().contains(layer.blobDigest())) {
          ArchiveEntry.Blob blob = new ArchiveEntry.Blob(image.tarball().file(), layer);
          requireSameSize(layers.putIfAbsent(layer.blobDigest(), blob), blob);
        }
      }
    }
    return new ArchivePlan(
        List.copyOf(images), Set.copyOf(layers.keySet()), entries(images, layers));
  }

  /** The images, in the order given. */
  public List<Image> images() {
    return images;
  }

  /** The exact size of the archive in bytes, headers, padding and end included. */
  public long bytes() {
    return entries.stream().mapToLong(ArchiveEntry::bytes).sum() + ArchiveWriter.END_LENGTH;
  }

  /** Whether some layer is left out. */
  public boolean isThin() {
    return images.stream()
        .flatMap(image -> image.tarball().layers().stream())
        .anyMatch(layer -> !sends(layer));
  }

  /** Whether the blob of that layer is in the archive. */
  public boolean sends(Layer layer) {
    return sent.contains(layer.blobDigest());
  }

  /**
   * Writes the archive and flushes; the stream is not closed. Every layer's digest is checked while
   * it passes, before its last bytes go out: of a damaged tarball the archive is never completed,
   * and {@code docker load} creates nothing.
   *
   * @param out receives exactly {@link #bytes()} bytes
   * @throws DeployException when a tarball is damaged, has changed or cannot be read
   * @throws IOException of {@code out} as it comes
   */
  public void writeTo(OutputStream out) throws IOException {
    ArchiveWriter.write(entries, out);
  }

  /**
   * Layers come first and the documents that name the images last, as in Jib's own tarballs: an
   * archive that is cut anywhere names no image.
   */
  private static List<ArchiveEntry> entries(
      List<Image> images, Map<Digest, ArchiveEntry.Blob> layers) {
    Map<String, ArchiveEntry> entries = new LinkedHashMap<>();
    layers.values().forEach(blob -> entries.put(blob.name(), blob));
    for (Image image : images) {
      byte[] config = image.tarball().configBytes();
      byte[] manifest = OciDocuments.manifest(image.tarball());
      for (byte[] document : List.of(config, manifest)) {
        String name = OciDocuments.blobName(Digest.of(document));
        entries.putIfAbsent(name, new ArchiveEntry.Document(name, document));
      }
    }
    List<ArchiveEntry> all = new ArrayList<>(entries.values());
    all.add(new ArchiveEntry.Document(OciDocuments.LAYOUT_NAME, OciDocuments.layout()));
    all.add(new ArchiveEntry.Document(OciDocuments.INDEX_NAME, OciDocuments.index(images)));
    all.add(
        new ArchiveEntry.Document(
            OciDocuments.DOCKER_MANIFEST_NAME, OciDocuments.dockerManifest(images)));
    return List.copyOf(all);
  }

  private static void requireSameSize(ArchiveEntry.@Nullable Blob first, ArchiveEntry.Blob second) {
    if (first != null && first.layer().size() != second.layer().size()) {
      throw new Unusable(second.tarball())
          .damaged(
              second.layer().entry(),
              "has %d bytes, but %d in %s"
                  .formatted(second.layer().size(), first.layer().size(), first.tarball()));
    }
  }
}
