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
final class TarballReader {

  /** The largest JSON document that is taken into memory, in bytes: 8 MiB. */
  private static final int DOCUMENT_LIMIT = 8 * 1024 * 1024;

  /** Far above what any Engine can stack: Docker's classic store takes 125 layers. */
  private static final int LAYER_LIMIT = 500;

  private static final int BUFFER_SIZE = 64 * 1024;

  private final TarballFile file;
  private final TarIndex index;
  private final TarballFailures unusable;

  /** Computed once, however many layers name the same entry. */
  private final Map<TarIndex.Entry, Digest> computed = new HashMap<>();

  private TarballReader(TarballFile file, TarIndex index) {
    this.file = file;
    this.index = index;
    this.unusable = file.unusable();
  }

  /** See {@link ImageTarball#read}. */
  static ImageTarball read(Path path) {
    try (TarballFile file = TarballFile.open(path)) {
      TarballReader reader = new TarballReader(file, TarIndex.of(file));
      return reader.image(path, reader.contents());
    } catch (IOException e) {
      throw new TarballFailures(path).unreadable(e);
    }
  }

  private Contents contents() throws IOException {
    if (index.find(OciDocuments.DOCKER_MANIFEST_NAME).isPresent()) {
      return Contents.ofDocker(this);
    }
    if (index.find(OciDocuments.INDEX_NAME).isPresent()
        && index.find(OciDocuments.LAYOUT_NAME).isPresent()) {
      return Contents.ofOci(this);
    }
    throw unusable.because(
        "it has neither a manifest.json (Docker format) nor an index.json and oci-layout"
            + " (OCI format)");
  }

  private ImageTarball image(Path path, Contents contents) throws IOException {
    Digest configDigest = Digest.of(contents.config().bytes());
    if (contents.config().digest().filter(stated -> !stated.equals(configDigest)).isPresent()) {
      throw unusable.because(
          "its config " + Text.shorten(contents.config().name()) + " has been altered");
    }
    String text = contents.config().text(unusable);
    Json config = Json.parse(text, contents.config().name(), unusable);
    Platform platform = platform(config);
    List<Json> diffIds = config.get("rootfs").get("diff_ids").list();
    if (diffIds.size() != contents.layers().size()) {
      throw unusable.because(
          "it lists %d layers, and its config %d diffIDs"
              .formatted(contents.layers().size(), diffIds.size()));
    }
    if (diffIds.size() > LAYER_LIMIT) {
      throw unusable.because(
          "it lists %d layers; no Engine takes that many".formatted(diffIds.size()));
    }
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      layers.add(layer(contents.layers().get(i), diffIds.get(i).digest()));
    }
    Set<ImageReference> tags = new LinkedHashSet<>(contents.tags());
    tags.addAll(JibMetadata.tagsBeside(path, configDigest));
    return new ImageTarball(path, text, configDigest, platform, layers, List.copyOf(tags));
  }

  private Platform platform(Json config) {
    String os = config.get("os").string();
    String architecture = config.get("architecture").string();
    Optional<String> variant = config.find("variant").map(Json::string);
    return unusable.read(() -> new Platform(os, architecture, variant.orElse(null)));
  }

  private Layer layer(Contents.LayerFile stated, Digest diffId) throws IOException {
    TarIndex.Entry entry = require(stated.name());
    if (stated.size().isPresent() && stated.size().getAsLong() != entry.size()) {
      throw unusable.damaged(
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
      Contents.LayerFile stated, Digest diffId, Compression compression, TarIndex.Entry entry)
      throws IOException {
    if (compression == Compression.NONE) {
      if (stated.digest().filter(digest -> !digest.equals(diffId)).isPresent()) {
        throw unusable.damaged(stated.name(), "is neither gzip nor zstd nor the plain layer");
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
        throw unusable.damaged(entry.name(), "is not whole");
      }
      computation.update(buffer.flip());
      done += count;
    }
    return Digest.finish(computation);
  }

  private TarIndex.Entry require(String name) {
    return index
        .find(name)
        .orElseThrow(() -> unusable.because(Text.shorten(name) + " is missing in it"));
  }

  TarballFailures unusable() {
    return unusable;
  }

  /** The document of that name, all of it. */
  Contents.Document document(String name, Optional<Digest> stated) throws IOException {
    TarIndex.Entry entry = require(name);
    if (entry.size() > DOCUMENT_LIMIT) {
      throw unusable.because(
          "%s in it has %d bytes; that is no document of an image"
              .formatted(Text.shorten(name), entry.size()));
    }
    return new Contents.Document(name, file.bytes(entry.offset(), (int) entry.size()), stated);
  }
}
