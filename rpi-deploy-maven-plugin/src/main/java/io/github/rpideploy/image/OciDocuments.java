package io.github.rpideploy.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/**
 * The JSON documents of an OCI image layout (OCI image specification: manifest.md, image-index.md,
 * image-layout.md), and Docker's {@code manifest.json}. The same image gives the same bytes.
 */
public final class OciDocuments {

  public static final String BLOBS = "blobs/sha256/";
  public static final String LAYOUT_NAME = "oci-layout";
  public static final String INDEX_NAME = "index.json";
  public static final String DOCKER_MANIFEST_NAME = "manifest.json";

  /** containerd's name of an image; without it Docker does not find what it loaded. */
  public static final String CONTAINERD_NAME = "io.containerd.image.name";

  /** The specification's name of an image: by containerd's reading the tag alone. */
  public static final String REF_NAME = "org.opencontainers.image.ref.name";

  static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
  private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
  private static final int SCHEMA_VERSION = 2;

  private OciDocuments() {}

  /** Where the blob of that digest lies in the layout. */
  public static String blobName(Digest digest) {
    return BLOBS + digest.hex();
  }

  /** The content of {@code oci-layout}. */
  static byte[] layout() {
    JsonObject layout = new JsonObject();
    layout.addProperty("imageLayoutVersion", "1.0.0");
    return bytes(layout);
  }

  /**
   * The image's manifest: what Jib wrote is not kept, so that both of its formats give the same.
   *
   * @param blobs what each layer is on the Pi or is sent as
   */
  static byte[] manifest(ImageTarball image, Function<Layer, Blob> blobs) {
    JsonObject manifest = document(MANIFEST_TYPE);
    byte[] config = image.configBytes();
    manifest.add("config", descriptor(CONFIG_TYPE, image.configDigest(), config.length));
    JsonArray layers = new JsonArray();
    for (Layer layer : image.layers()) {
      Blob blob = blobs.apply(layer);
      layers.add(descriptor(blob.compression().mediaType(), blob.digest(), blob.size()));
    }
    manifest.add("layers", layers);
    return bytes(manifest);
  }

  /** The layout's index. */
  static byte[] index(List<PlannedImage> images, Function<Layer, Blob> blobs) {
    JsonArray manifests = new JsonArray();
    for (PlannedImage image : images) {
      byte[] manifest = manifest(image.tarball(), blobs);
      JsonObject descriptor = descriptor(MANIFEST_TYPE, Digest.of(manifest), manifest.length);
      descriptor.add("platform", platform(image.tarball().platform()));
      JsonObject annotations = new JsonObject();
      annotations.addProperty(CONTAINERD_NAME, image.tag().normalised());
      annotations.addProperty(REF_NAME, image.tag().tag());
      descriptor.add("annotations", annotations);
      manifests.add(descriptor);
    }
    JsonObject index = document(INDEX_TYPE);
    index.add("manifests", manifests);
    return bytes(index);
  }

  /** Docker's own list of images, which the classic store reads instead of the index. */
  static byte[] dockerManifest(List<PlannedImage> images, Function<Layer, Blob> blobs) {
    JsonArray entries = new JsonArray();
    for (PlannedImage image : images) {
      JsonArray repoTags = new JsonArray();
      repoTags.add(image.tag().familiar());
      JsonArray layers = new JsonArray();
      for (Layer layer : image.tarball().layers()) {
        layers.add(blobName(blobs.apply(layer).digest()));
      }
      JsonObject entry = new JsonObject();
      entry.addProperty("Config", blobName(image.tarball().configDigest()));
      entry.add("RepoTags", repoTags);
      entry.add("Layers", layers);
      entries.add(entry);
    }
    return bytes(entries);
  }

  private static JsonObject document(String mediaType) {
    JsonObject document = new JsonObject();
    document.addProperty("schemaVersion", SCHEMA_VERSION);
    document.addProperty("mediaType", mediaType);
    return document;
  }

  private static JsonObject descriptor(String mediaType, Digest digest, long size) {
    JsonObject descriptor = new JsonObject();
    descriptor.addProperty("mediaType", mediaType);
    descriptor.addProperty("digest", digest.toString());
    descriptor.addProperty("size", size);
    return descriptor;
  }

  private static JsonObject platform(Platform platform) {
    JsonObject object = new JsonObject();
    object.addProperty("architecture", platform.architecture());
    object.addProperty("os", platform.os());
    if (platform.variant() != null) {
      object.addProperty("variant", platform.variant());
    }
    return object;
  }

  private static byte[] bytes(JsonElement json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
