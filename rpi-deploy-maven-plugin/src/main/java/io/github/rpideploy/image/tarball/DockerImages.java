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
import java.util.OptionalLong;

/**
 * The images of a tarball in Docker's format (moby, {@code image/tarexport}): {@code manifest.json}
 * is a list of {@code Config}, {@code RepoTags} and {@code Layers}.
 *
 * <p>Jib names a layer {@code <blob digest>.tar.gz}, Podman and skopeo {@code <diffID>.tar}, Docker
 * before 25 {@code <any ID>/layer.tar}, and later ones as the OCI does.
 */
final class DockerImages {

  private static final String GZIP_ENDING = ".tar.gz";

  private final TarballFile file;
  private final TarIndex index;
  private final TarballFailures failures;

  private DockerImages(TarballFile file, TarIndex index) {
    this.file = file;
    this.index = index;
    this.failures = file.failures();
  }

  /** All of them, each once. */
  static List<StoredImage> in(TarballFile file, TarIndex index) throws IOException {
    return new DockerImages(file, index).read();
  }

  private record Image(DockerImages all, List<ImageReference> names, Json entry)
      implements StoredImage {

    @Override
    public Optional<Platform> platform() throws IOException {
      try {
        return TarballManifest.findPlatform(all.config(entry).json(all.failures));
      } catch (DeployException e) {
        // What is wrong with it is told when it is the one that is wanted.
        return Optional.empty();
      }
    }

    @Override
    public TarballManifest manifest() throws IOException {
      List<TarballManifest.LayerFile> layers = new ArrayList<>();
      for (Json layer : entry.get("Layers").list()) {
        String name = layer.string();
        layers.add(
            new TarballManifest.LayerFile(
                name, digestInName(name, GZIP_ENDING), OptionalLong.empty()));
      }
      return new TarballManifest(all.config(entry), layers, names);
    }
  }

  private List<StoredImage> read() throws IOException {
    Json manifest =
        TarballManifest.Document.read(
                file, index, OciDocuments.DOCKER_MANIFEST_NAME, Optional.empty())
            .json(failures);
    Map<String, Image> images = new LinkedHashMap<>();
    for (Json entry : manifest.list()) {
      List<ImageReference> names = new ArrayList<>();
      for (Json tag : entry.find("RepoTags").map(Json::list).orElse(List.of())) {
        names.add(failures.read(() -> ImageReference.parse(tag.string())));
      }
      String config = entry.get("Config").string();
      Image before = images.get(config);
      if (before != null) {
        names.addAll(0, before.names());
      }
      images.put(
          config,
          new Image(this, StoredImage.withShort(names), before == null ? entry : before.entry()));
    }
    return List.copyOf(images.values());
  }

  private TarballManifest.Document config(Json entry) throws IOException {
    String name = entry.get("Config").string();
    return TarballManifest.Document.read(file, index, name, digestInName(name, ".json"));
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
