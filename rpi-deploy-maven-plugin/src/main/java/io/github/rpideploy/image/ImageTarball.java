package io.github.rpideploy.image;

import com.github.luben.zstd.ZstdInputStream;
import io.github.rpideploy.DeployException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One image in a tarball on disk: of Jib, or of any other tool that writes Docker's or the OCI's
 * format.
 *
 * @param file the tarball as the user knows it
 * @param content the file that the layers lie in: the tarball itself, or what it was unpacked to
 *     where all of it is compressed
 * @param config the image's config, the JSON text exactly as it stands in the tarball: its UTF-8
 *     bytes have the digest {@code configDigest}
 * @param configDigest the image's identity; Jib calls it {@code imageId}, and Docker's classic
 *     store shows it as {@code .Id}
 * @param platform what the image is built for
 * @param layers from the lowest to the topmost; the same blob can stand there several times
 * @param tags the names that its tool was told to give it, the first of the tarball first; may be
 *     empty
 */
public record ImageTarball(
    Path file,
    Path content,
    String config,
    Digest configDigest,
    Platform platform,
    List<Layer> layers,
    List<ImageReference> tags) {

  private static final int BUFFER_SIZE = 64 * 1024;

  private static final Pattern EXPOSED = Pattern.compile("([1-9]\\d{0,4})(?:/tcp)?");

  /** Keeps copies of the lists. */
  public ImageTarball {
    layers = List.copyOf(layers);
    tags = List.copyOf(tags);
  }

  /**
   * The name that its tool was told to give the image: the live tag, unless another is configured.
   *
   * @throws DeployException when the tarball carries no name
   */
  public ImageReference tag() {
    if (tags.isEmpty()) {
      throw new DeployException(
          "The image tarball " + file + " does not say what its image is called",
          "Name the image in the Jib configuration, as the compose file does:\n"
              + "<to><image>auth-server</image></to>");
    }
    return tags.get(0);
  }

  /** The tag of this image's release, in the repository of {@code live}. */
  public ImageReference releaseTag(ImageReference live) {
    return ReleaseTag.of(live, configDigest);
  }

  /** What the layers take in the tarball, in bytes; a blob that stands there twice counts once. */
  public long layerBytes() {
    return layers.stream()
        .collect(Collectors.toMap(Layer::blobDigest, Layer::size, Math::max))
        .values()
        .stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  /**
   * The TCP ports that its containers listen on, as far as it says so: {@code EXPOSE} of a
   * Dockerfile, {@code <container><ports>} of Jib.
   *
   * @throws DeployException when its config is not one
   */
  public Set<Integer> exposedPorts() {
    return Json.parse(config, "the config", new TarballFailures(file))
        .find("config")
        .flatMap(settings -> settings.find("ExposedPorts"))
        .map(Json::names)
        .orElse(Set.of())
        .stream()
        .map(EXPOSED::matcher)
        .filter(Matcher::matches)
        .map(port -> Integer.valueOf(port.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Refuses an image that was built for something else.
   *
   * @throws DeployException when a machine of the platform {@code wanted} cannot run this image
   */
  public void requirePlatform(Platform wanted) {
    if (wanted.accepts(platform)) {
      return;
    }
    throw new DeployException(
        "The image in " + file + " is built for " + platform + ", but the Pi needs " + wanted,
        tool().builds(wanted, tags.isEmpty() ? "auth-server" : tags.get(0).familiar(), file));
  }

  /** What to do so that the tarball carries that name. */
  public String howToName(ImageReference wanted) {
    String now = tags.isEmpty() ? configDigest.toString() : tags.get(0).familiar();
    return tool().names(wanted, now, file);
  }

  /** What wrote it. */
  ImageTool tool() {
    return ImageTool.of(config, file);
  }

  /** One of its layers, and where it lies. */
  TarballLayer own(Layer layer) {
    return new TarballLayer(file, content, layer);
  }

  /**
   * The uncompressed content of one of its layers; neither digest is checked.
   *
   * @throws DeployException when the tarball cannot be read, here or while it is read
   * @throws IOException when the layer is not compressed as it seems
   */
  public InputStream unpacked(Layer layer) throws IOException {
    LayerSource source = LayerSource.open(own(layer).stored());
    InputStream bytes =
        new FilterInputStream(source.stream()) {
          @Override
          public void close() {
            source.close();
          }
        };
    try {
      return switch (layer.compression()) {
        case NONE -> bytes;
        case GZIP -> Gunzip.of(bytes, BUFFER_SIZE);
        case ZSTD -> new ZstdInputStream(bytes);
      };
    } catch (IOException e) {
      source.close();
      throw e;
    }
  }

  /** The config's bytes as they stand in the tarball. */
  byte[] configBytes() {
    return config.getBytes(StandardCharsets.UTF_8);
  }
}
