package io.github.rpideploy.image.tarball;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.ImageTarball;
import io.github.rpideploy.image.Json;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.image.OciDocuments;
import io.github.rpideploy.image.Platform;
import io.github.rpideploy.image.TarballFailures;
import io.github.rpideploy.image.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a tarball in either format. Docker's is tried first: many tools write both into one file,
 * and there its {@code manifest.json} is the simpler truth. But of an image for several platforms
 * that has one of them only.
 */
public final class TarballReader {

  /** Far above what any Engine can stack: Docker's classic store takes 125 layers. */
  private static final int LAYER_LIMIT = 500;

  private static final int BUFFER_SIZE = 64 * 1024;

  private final Path path;
  private final TarballFile file;
  private final TarIndex index;
  private final TarballFailures failures;
  private final Wanted wanted;

  /** Computed once, however many layers name the same entry. */
  private final Map<TarIndex.Entry, Digest> computed = new HashMap<>();

  private TarballReader(Path path, TarballFile file, TarIndex index, Wanted wanted) {
    this.path = path;
    this.file = file;
    this.index = index;
    this.failures = file.failures();
    this.wanted = wanted;
  }

  /** The same for the only image of a tarball, or its only one for {@code linux/arm64}. */
  public static ImageTarball read(Path path) {
    return read(
        path,
        new Wanted(
            new Platform("linux", "arm64", null), Optional::empty, path.resolveSibling("rpi")));
  }

  /**
   * Reads what a tarball says about an image. Layers are skipped, not read: it takes one pass over
   * the entry headers, and no more memory than the JSON documents, of at most 8 MiB each. Only a
   * tarball that is compressed as a whole is unpacked first.
   *
   * <p>In its OCI format Jib records only one of several tags. The others come from {@code
   * jib-image.json} beside the tarball, if that file describes the same image.
   *
   * @param path the tarball
   * @param wanted which image, should there be several
   * @throws DeployException when the tarball is missing or damaged, or has no image that is wanted,
   *     or several; no other exception, whatever the file holds
   */
  public static ImageTarball read(Path path, Wanted wanted) {
    TarballFailures failures = new TarballFailures(path);
    try {
      Compression compression;
      try (TarballFile file = TarballFile.open(path, failures)) {
        compression = file.compression();
        if (compression == Compression.NONE) {
          return new TarballReader(path, file, TarIndex.of(file), wanted).image(path);
        }
      }
      return unpacked(Unpacking.into(wanted.directory()).of(path, compression), path, wanted);
    } catch (IOException e) {
      throw failures.unreadable(e);
    }
  }

  private static ImageTarball unpacked(Path content, Path path, Wanted wanted) throws IOException {
    TarballFailures failures = new TarballFailures(path);
    try (TarballFile file = TarballFile.open(content, failures)) {
      if (file.compression() != Compression.NONE) {
        throw failures.unusable("it is compressed more than once");
      }
      return new TarballReader(path, file, TarIndex.of(file), wanted).image(content);
    } catch (DeployException e) {
      // It may be large, and nobody needs it.
      Files.deleteIfExists(content);
      throw e;
    }
  }

  private TarballManifest manifest() throws IOException {
    boolean oci =
        index.find(OciDocuments.INDEX_NAME).isPresent()
            && index.find(OciDocuments.LAYOUT_NAME).isPresent();
    Choice choice = new Choice(wanted, failures);
    if (index.find(OciDocuments.DOCKER_MANIFEST_NAME).isPresent()) {
      List<StoredImage> images = DockerImages.in(file, index);
      if (oci && !choice.fits(images)) {
        List<StoredImage> more = OciImages.in(file, index);
        if (choice.fits(more)) {
          return choice.of(more).manifest();
        }
      }
      return choice.of(images).manifest();
    }
    if (oci) {
      return choice.of(OciImages.in(file, index)).manifest();
    }
    throw failures.unusable(
        "it has neither a manifest.json (Docker format) nor an index.json and oci-layout"
            + " (OCI format)");
  }

  private ImageTarball image(Path content) throws IOException {
    TarballManifest manifest = manifest();
    Digest configDigest = Digest.of(manifest.config().bytes());
    if (manifest.config().digest().filter(stated -> !stated.equals(configDigest)).isPresent()) {
      throw failures.unusable(
          "its config " + Text.shorten(manifest.config().name()) + " has been altered");
    }
    String text = manifest.config().text(failures);
    Json config = Json.parse(text, manifest.config().name(), failures);
    Platform platform = TarballManifest.platform(config);
    List<Json> diffIds = config.get("rootfs").get("diff_ids").list();
    if (diffIds.size() != manifest.layers().size()) {
      throw failures.unusable(
          "it lists %d layers, and its config %d diffIDs"
              .formatted(manifest.layers().size(), diffIds.size()));
    }
    if (diffIds.size() > LAYER_LIMIT) {
      throw failures.unusable(
          "it lists %d layers; no Engine takes that many".formatted(diffIds.size()));
    }
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      layers.add(layer(manifest.layers().get(i), diffIds.get(i).digest()));
    }
    Set<ImageReference> tags = new LinkedHashSet<>(manifest.tags());
    tags.addAll(JibMetadata.tagsBeside(path, configDigest));
    return new ImageTarball(path, content, text, configDigest, platform, layers, List.copyOf(tags));
  }

  private Layer layer(TarballManifest.LayerFile stated, Digest diffId) throws IOException {
    TarIndex.Entry entry = index.require(stated.name());
    if (stated.size().isPresent() && stated.size().getAsLong() != entry.size()) {
      throw failures.damaged(
          stated.name(),
          "has %d bytes instead of %d".formatted(entry.size(), stated.size().getAsLong()));
    }
    int magic = (int) Math.min(Compression.MAGIC_LENGTH, entry.size());
    Compression compression = Compression.sniff(file.bytes(entry.offset(), magic));
    return new Layer(
        diffId,
        blobDigest(stated, diffId, compression, entry),
        entry.size(),
        compression,
        entry.name(),
        entry.offset());
  }

  private Digest blobDigest(
      TarballManifest.LayerFile stated,
      Digest diffId,
      Compression compression,
      TarIndex.Entry entry)
      throws IOException {
    if (compression == Compression.NONE) {
      if (stated.digest().filter(digest -> !digest.equals(diffId)).isPresent()) {
        throw failures.damaged(stated.name(), "is neither gzip nor zstd nor the plain layer");
      }
      return diffId;
    }
    // Some tools name a compressed layer by its diffID: no compressed blob can have that digest.
    Optional<Digest> trusted = stated.digest().filter(digest -> !digest.equals(diffId));
    if (trusted.isPresent()) {
      return trusted.get();
    }
    Digest known = computed.get(entry);
    if (known == null) {
      known = computeDigest(entry);
      computed.put(entry, known);
    }
    return known;
  }

  private Digest computeDigest(TarIndex.Entry entry) throws IOException {
    MessageDigest computation = Digest.sha256();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);
    for (long done = 0; done < entry.size(); ) {
      buffer.clear().limit((int) Math.min(BUFFER_SIZE, entry.size() - done));
      int count = file.read(buffer, entry.offset() + done);
      if (count < 0) {
        throw failures.damaged(entry.name(), "is not whole");
      }
      computation.update(buffer.flip());
      done += count;
    }
    return Digest.finish(computation);
  }
}
