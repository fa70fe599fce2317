package io.github.rpideploy.image.tarball;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.Json;
import io.github.rpideploy.image.OciDocuments;
import io.github.rpideploy.image.Platform;
import io.github.rpideploy.image.TarballFailures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The images of an OCI image layout (OCI image specification: image-layout.md, image-index.md). An
 * index can list indexes: Docker with the containerd store, and buildx, write one for each image,
 * with an image for each platform and what attests to each.
 *
 * <p>What is listed need not be there: Docker saves the platforms that it has.
 */
final class OciImages {

  /** The specification knows no limit; nobody goes deeper than two. */
  private static final int DEEPEST = 4;

  /** More than any tool writes. */
  private static final int MOST = 1000;

  private static final String REFERENCE_TYPE = "vnd.docker.reference.type";

  private final TarballFile file;
  private final TarIndex index;
  private final TarballFailures failures;
  private final Map<Digest, Image> images = new LinkedHashMap<>();
  private final List<String> missing = new ArrayList<>();
  private int listed;

  private OciImages(TarballFile file, TarIndex index) {
    this.file = file;
    this.index = index;
    this.failures = file.failures();
  }

  /** All that are there, each once. */
  static List<StoredImage> in(TarballFile file, TarIndex index) throws IOException {
    OciImages images = new OciImages(file, index);
    Json top =
        TarballManifest.Document.read(file, index, OciDocuments.INDEX_NAME, Optional.empty())
            .json(file.failures());
    images.collect(top.get("manifests"), List.of(), 1);
    if (images.images.isEmpty() && !images.missing.isEmpty()) {
      index.require(images.missing.get(0));
    }
    return List.copyOf(images.images.values());
  }

  private record Image(
      OciImages all, List<ImageReference> names, Json descriptor, Optional<Platform> stated)
      implements StoredImage {

    @Override
    public Optional<Platform> platform() throws IOException {
      if (stated.isPresent()) {
        return stated;
      }
      try {
        Json config =
            all.blob(all.blob(descriptor).json(all.failures).get("config")).json(all.failures);
        return TarballManifest.findPlatform(config);
      } catch (DeployException e) {
        // A signature, for example, or another thing that is no image.
        return Optional.empty();
      }
    }

    @Override
    public TarballManifest manifest() throws IOException {
      Json manifest = all.blob(descriptor).json(all.failures);
      List<TarballManifest.LayerFile> layers = new ArrayList<>();
      for (Json layer : manifest.get("layers").list()) {
        Digest digest = layer.get("digest").digest();
        layers.add(
            new TarballManifest.LayerFile(
                OciDocuments.blobName(digest), Optional.of(digest), layer.get("size").size()));
      }
      return new TarballManifest(all.blob(manifest.get("config")), layers, names);
    }
  }

  private void collect(Json descriptors, List<ImageReference> outer, int depth) throws IOException {
    for (Json descriptor : descriptors.list()) {
      if (++listed > MOST) {
        throw failures.unusable("it lists more than " + MOST + " images");
      }
      if (isNoImage(descriptor)) {
        continue;
      }
      Digest digest = descriptor.get("digest").digest();
      List<ImageReference> names = new ArrayList<>(outer);
      name(descriptor)
          .map(name -> failures.read(() -> ImageReference.parse(name)))
          .ifPresent(names::add);
      if (index.find(OciDocuments.blobName(digest)).isEmpty()) {
        missing.add(OciDocuments.blobName(digest));
      } else {
        add(digest, descriptor, names, depth);
      }
    }
  }

  private void add(Digest digest, Json descriptor, List<ImageReference> names, int depth)
      throws IOException {
    Optional<Json> inner = blob(descriptor).json(failures).find("manifests");
    if (inner.isEmpty()) {
      Image before = images.get(digest);
      if (before != null) {
        // An image with several tags is listed once for each.
        names.addAll(0, before.names());
      }
      Optional<Platform> stated =
          descriptor.find("platform").flatMap(TarballManifest::findPlatform);
      images.put(digest, new Image(this, StoredImage.withShort(names), descriptor, stated));
    } else if (depth == DEEPEST) {
      throw failures.unusable("its indexes are nested too deeply");
    } else {
      collect(inner.get(), names, depth + 1);
    }
  }

  /** What says how an image was built, in the form of an image that no machine runs. */
  private static boolean isNoImage(Json descriptor) {
    boolean attests =
        descriptor
            .find("annotations")
            .flatMap(all -> all.find(REFERENCE_TYPE))
            .map(Json::string)
            .filter("attestation-manifest"::equals)
            .isPresent();
    return attests
        || descriptor
            .find("platform")
            .flatMap(TarballManifest::findPlatform)
            .filter(platform -> platform.os().equals("unknown"))
            .isPresent();
  }

  private TarballManifest.Document blob(Json descriptor) throws IOException {
    Digest digest = descriptor.get("digest").digest();
    return TarballManifest.Document.read(
        file, index, OciDocuments.blobName(digest), Optional.of(digest));
  }

  /**
   * Jib and Podman write the whole name into {@code ref.name}; others write the tag alone, which
   * says little. An image that was chosen by its digest has no name that could be moved.
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
                    .filter(name -> name.indexOf(':') >= 0))
        .filter(name -> name.indexOf('@') < 0);
  }
}
