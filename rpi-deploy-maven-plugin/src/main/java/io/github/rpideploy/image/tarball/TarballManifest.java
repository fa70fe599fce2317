package io.github.rpideploy.image.tarball;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.Json;
import io.github.rpideploy.image.Platform;
import io.github.rpideploy.image.TarballFailures;
import io.github.rpideploy.image.Text;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a tarball says that an image consists of, in either format. */
record TarballManifest(Document config, List<LayerFile> layers, List<ImageReference> tags) {

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
      return new Document(name, file.document(entry.offset(), (int) entry.size()), stated);
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

  /** What a config, or a descriptor, says that the image is built for. */
  static Platform platform(Json json) {
    String os = json.get("os").string();
    String architecture = json.get("architecture").string();
    Optional<String> variant = json.find("variant").map(Json::string);
    return json.failures().read(() -> new Platform(os, architecture, variant.orElse(null)));
  }

  /** The same, and empty when it says nothing that makes sense. */
  static Optional<Platform> findPlatform(Json json) {
    try {
      return Optional.of(platform(json));
    } catch (DeployException e) {
      return Optional.empty();
    }
  }
}
