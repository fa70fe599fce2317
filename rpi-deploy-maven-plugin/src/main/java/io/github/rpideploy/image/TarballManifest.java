package io.github.rpideploy.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a tarball's manifest lists, in either format. */
record TarballManifest(Document config, List<LayerFile> layers, List<ImageReference> tags) {

  private static final String GZIP_ENDING = ".tar.gz";

  /** A JSON document of the tarball, with the digest that it must have, if it is stated. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Document(String name, byte[] bytes, Optional<Digest> digest) {

    /** The largest JSON document that is read into memory, in bytes: 8 MiB. */
    private static final int LIMIT = 8 * 1024 * 1024;

    /** All of the document. */
    static Document read(TarballFile file, TarIndex index, String name, Optional<Digest> stated)
        throws IOException {
      TarIndex.Entry entry = index.require(name);
      if (entry.size() > LIMIT) {
        throw file.failures()
            .unusable(
                "%s in it has %d bytes, too many for a document of an image"
                    .formatted(Text.shorten(name), entry.size()));
      }
      return new Document(name, file.bytes(entry.offset(), (int) entry.size()), stated);
    }

    String text(TarballFailures failures) {
      return Json.text(bytes, name, failures);
    }

    Json json(TarballFailures failures) {
      if (digest.isPresent() && !digest.get().equals(Digest.of(bytes))) {
        throw failures.unusable(Text.shorten(name) + " in it has been altered");
      }
      return Json.parse(text(failures), name, failures);
    }
  }

  /** A layer's entry, with the digest and the size that the tarball states, if it does. */
  record LayerFile(String name, Optional<Digest> digest, OptionalLong size) {}

  /**
   * Docker's format (moby, {@code image/tarexport}): {@code manifest.json} is a list of {@code
   * Config}, {@code RepoTags} and {@code Layers}. Jib names a layer {@code <blob digest>.tar.gz}.
   */
  static TarballManifest ofDocker(TarballFile file, TarIndex index) throws IOException {
    TarballFailures failures = file.failures();
    Json manifest =
        Document.read(file, index, OciDocuments.DOCKER_MANIFEST_NAME, Optional.empty())
            .json(failures);
    Json image = onlyOne(manifest.list(), failures);
    String configName = image.get("Config").string();
    List<LayerFile> layers = new ArrayList<>();
    for (Json layer : image.get("Layers").list()) {
      String name = layer.string();
      layers.add(new LayerFile(name, digestInName(name, GZIP_ENDING), OptionalLong.empty()));
    }
    List<ImageReference> tags = new ArrayList<>();
    for (Json tag : image.find("RepoTags").map(Json::list).orElse(List.of())) {
      tags.add(failures.read(() -> ImageReference.parse(tag.string())));
    }
    Document config = Document.read(file, index, configName, digestInName(configName, ".json"));
    return new TarballManifest(config, layers, tags);
  }

  /** An OCI image layout (OCI image specification, image-layout.md) of exactly one image. */
  static TarballManifest ofOci(TarballFile file, TarIndex index) throws IOException {
    TarballFailures failures = file.failures();
    Json ociIndex =
        Document.read(file, index, OciDocuments.INDEX_NAME, Optional.empty()).json(failures);
    List<ImageReference> tags = new ArrayList<>();
    // An image with several tags is listed once for each.
    Map<Digest, Json> images = new LinkedHashMap<>();
    for (Json descriptor : ociIndex.get("manifests").list()) {
      images.put(descriptor.get("digest").digest(), descriptor);
      name(descriptor)
          .map(name -> failures.read(() -> ImageReference.parse(name)))
          .ifPresent(tags::add);
    }
    Json descriptor = onlyOne(List.copyOf(images.values()), failures);
    Json manifest = blob(file, index, descriptor).json(failures);
    if (manifest.find("manifests").isPresent()) {
      throw failures.unusable("it holds images for several platforms; one image is expected");
    }
    List<LayerFile> layers = new ArrayList<>();
    for (Json layer : manifest.get("layers").list()) {
      Digest digest = layer.get("digest").digest();
      layers.add(
          new LayerFile(
              OciDocuments.blobName(digest), Optional.of(digest), layer.get("size").size()));
    }
    return new TarballManifest(blob(file, index, manifest.get("config")), layers, tags);
  }

  private static Document blob(TarballFile file, TarIndex index, Json descriptor)
      throws IOException {
    Digest digest = descriptor.get("digest").digest();
    return Document.read(file, index, OciDocuments.blobName(digest), Optional.of(digest));
  }

  private static Json onlyOne(List<Json> images, TarballFailures failures) {
    if (images.size() != 1) {
      throw failures.unusable("it holds " + images.size() + " images; one image is expected");
    }
    return images.get(0);
  }

  /**
   * Jib writes the whole name into {@code ref.name}; others write the tag alone, which says little.
   */
  private static Optional<String> name(Json descriptor) {
    Optional<Json> annotations = descriptor.find("annotations");
    Optional<String> full =
        annotations.flatMap(all -> all.find(OciDocuments.CONTAINERD_NAME)).map(Json::string);
    return full.or(
        () ->
            annotations
                .flatMap(all -> all.find(OciDocuments.REF_NAME))
                .map(Json::string)
                .filter(name -> name.indexOf(':') >= 0));
  }

  private static Optional<Digest> digestInName(String name, String ending) {
    if (name.startsWith(OciDocuments.BLOBS)) {
      return Digest.ofHex(name.substring(OciDocuments.BLOBS.length()));
    }
    return name.endsWith(ending)
        ? Digest.ofHex(name.substring(0, name.length() - ending.length()))
        : Optional.empty();
  }
}
