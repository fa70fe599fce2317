package io.github.rpideploy.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.function.Function;

/**
 * An archive that is not compressed as a whole.
 *
 * @param chosen what layers are sent as, by diffID; the others as in their tarballs
 */
record PlainArchive(ArchivePlan plan, Map<Digest, StoredBlob> chosen) {

  PlainArchive(ArchivePlan plan) {
    this(plan, Map.of());
  }

  /** The digest of the manifest that it has for an image of which every layer is as it lies. */
  static Digest manifestDigest(ImageTarball image) {
    return Digest.of(OciDocuments.manifest(image, Layer::blob));
  }

  Function<Layer, Blob> blobs() {
    return plan.blobs(chosen);
  }

  long bytes() {
    return plan.bytes(blobs());
  }

  void writeTo(OutputStream out) throws IOException {
    ArchiveWriter writer = new ArchiveWriter(out);
    for (TarballLayer layer : plan.sent()) {
      writer.write(new ArchiveEntry.LayerBlob(chosen.getOrDefault(layer.diffId(), layer.stored())));
    }
    for (ArchiveEntry document : plan.documents(blobs())) {
      writer.write(document);
    }
    writer.end();
  }

  byte[] written() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writeTo(out);
    return out.toByteArray();
  }
}
