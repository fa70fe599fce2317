package io.github.rpideploy.image.tarball;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.Json;
import io.github.rpideploy.image.TarballFailures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code jib-image.json}, which Jib writes beside the tarball: {@code {"image":"auth-server",
 * "imageId":"sha256:…","imageDigest":"sha256:…","tags":["1.2","latest"],"imagePushed":false}}.
 */
final class JibMetadata {

  private static final String NAME = "jib-image.json";
  private static final long SIZE_LIMIT = 64 * 1024;

  private JibMetadata() {}

  /**
   * The names that the file gives to the image of that config digest. The tarball is the truth:
   * when the file is missing, is not understood or speaks of another image (it is older, or is of
   * another build), there are none.
   */
  static List<ImageReference> tagsBeside(Path tarball, Digest configDigest) {
    Path file = tarball.resolveSibling(NAME);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > SIZE_LIMIT) {
        return List.of();
      }
      TarballFailures failures = new TarballFailures(file);
      Json json = Json.parse(Files.readString(file), NAME, failures);
      if (!json.get("imageId").digest().equals(configDigest)) {
        return List.of();
      }
      ImageReference image = ImageReference.parse(json.get("image").string());
      return json.get("tags").list().stream()
          .map(Json::string)
          // Jib sorts them; the one everybody uses comes first.
          .sorted((a, b) -> Boolean.compare(b.equals(image.tag()), a.equals(image.tag())))
          .map(image::withTag)
          .toList();
    } catch (IOException | DeployException e) {
      return List.of();
    }
  }
}
