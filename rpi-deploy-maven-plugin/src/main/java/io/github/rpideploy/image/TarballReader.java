package io.github.rpideploy.image;

import java.io.IOException;
import java.nio.ByteBuffer;
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
 * Reads a tarball in either format. Docker's is tried first: {@code docker save} writes both into
 * one file, and there its {@code manifest.json} is the simpler truth.
 */
public final class TarballReader {

  /** Far above what any Engine can stack: Docker's classic store takes 125 layers. */
  private static final int LAYER_LIMIT = 500;

  private static final int BUFFER_SIZE = 64 * 1024;

  private final TarballFile file;
  private final TarIndex index;
  private final TarballFailures failures;

  /** Computed once, however many layers name the same entry. */
  private final Map<TarIndex.Entry, Digest> computed = new HashMap<>();

  private TarballReader(TarballFile file, TarIndex index) {
    this.file = file;
    this.index = index;
    this.failures = file.failures();
  }

  /**
   * Reads what a tarball says about its image. Layers are skipped, not read: it takes one pass over
   * the entry headers, and no more memory than the JSON documents, of at most 8 MiB each.
   *
   * <p>In its OCI format Jib records only one of several tags. The others come from {@code
   * jib-image.json} beside the tarball, if that file describes the same image.
   *
   * @throws io.github.rpideploy.DeployException when the tarball is missing, damaged, or not
   *     exactly one image; no other exception, whatever the file holds
   */
  public static ImageTarball read(Path path) {
    try (TarballFile file = TarballFile.open(path)) {
      TarballReader reader = new TarballReader(file, TarIndex.of(file));
      return reader.image(path, reader.manifest());
    } catch (IOException e) {
      throw new TarballFailures(path).unreadable(e);
    }
  }

  private TarballManifest manifest() throws IOException {
    if (index.find(OciDocuments.DOCKER_MANIFEST_NAME).isPresent()) {
      return TarballManifest.ofDocker(file, index);
    }
    if (index.find(OciDocuments.INDEX_NAME).isPresent()
        && index.find(OciDocuments.LAYOUT_NAME).isPresent()) {
      return TarballManifest.ofOci(file, index);
    }
    throw failures.unusable(
        "it has neither a manifest.json (Docker format) nor an index.json and oci-layout"
            + " (OCI format)");
  }

  private ImageTarball image(Path path, TarballManifest manifest) throws IOException {
    Digest configDigest = Digest.of(manifest.config().bytes());
    if (manifest.config().digest().filter(stated -> !stated.equals(configDigest)).isPresent()) {
      throw failures.unusable(
          "its config " + Text.shorten(manifest.config().name()) + " has been altered");
    }
    String text = manifest.config().text(failures);
    Json config = Json.parse(text, manifest.config().name(), failures);
    Platform platform = platform(config);
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
    return new ImageTarball(path, text, configDigest, platform, layers, List.copyOf(tags));
  }

  private Platform platform(Json config) {
    String os = config.get("os").string();
    String architecture = config.get("architecture").string();
    Optional<String> variant = config.find("variant").map(Json::string);
    return failures.read(() -> new Platform(os, architecture, variant.orElse(null)));
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
