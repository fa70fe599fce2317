package io.github.rpideploy.image;

import com.github.luben.zstd.Zstd;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/**
 * Makes small image tarballs as Jib writes them, in either format, whole or with a defect. They are
 * made by another library than the one that reads them, and always the same.
 *
 * <pre>{@code
 * Path tarball = TestImages.named("auth-server:latest")
 *     .layer("libs", 20_000).layer("classes", 800)
 *     .writeDocker(directory.resolve("jib-image.tar"));
 * }</pre>
 */
public final class TestImages {

  private final List<String> tags = new ArrayList<>();
  private final List<byte[]> layers = new ArrayList<>();
  private final List<Compression> compressions = new ArrayList<>();
  private String os = "linux";
  private String architecture = "arm64";
  private String variant = "";
  private Consumer<JsonObject> configEdit = config -> {};
  private Consumer<JsonElement> manifestEdit = manifest -> {};
  private Consumer<Map<String, TestTar.Entry>> entryEdit = entries -> {};
  private boolean jibMetadata;

  private TestImages() {}

  /** An image of that name (the first tag) without layers, for {@code linux/arm64}. */
  public static TestImages named(String tag) {
    return new TestImages().tag(tag);
  }

  /** An image that no one named. */
  public static TestImages nameless() {
    return new TestImages();
  }

  /** The image that most tests need: three layers, of which the topmost is small. */
  public static TestImages typical(String tag) {
    return named(tag).layer("base", 30_000).layer("libs", 9_000).layer("classes", 700);
  }

  /** One more name. */
  public TestImages tag(String tag) {
    tags.add(ImageReference.parse(tag).familiar());
    return this;
  }

  /** A layer with one file of {@code size} bytes; name and size decide its content. */
  public TestImages layer(String name, int size) {
    byte[] content = new byte[size];
    new Random(name.hashCode()).nextBytes(content);
    // Half of it compresses well, as jars and classes do.
    Arrays.fill(content, size / 2, size, (byte) 'x');
    return layer(TestTar.write(Map.of("app/" + name, TestTar.file(content))), Compression.GZIP);
  }

  /** A layer of these bytes, uncompressed here. */
  public TestImages layer(byte[] tar, Compression compression) {
    layers.add(tar);
    compressions.add(compression);
    return this;
  }

  /** What the config states. */
  public TestImages platform(String stated) {
    String[] parts = (stated + "/").split("/", -1);
    os = parts[0];
    architecture = parts[1];
    variant = parts[2];
    return this;
  }

  /** Changes the config before anything is computed from it. */
  public TestImages config(Consumer<JsonObject> edit) {
    configEdit = configEdit.andThen(edit);
    return this;
  }

  /** Changes {@code manifest.json} (Docker) or {@code index.json} (OCI). */
  public TestImages manifest(Consumer<JsonElement> edit) {
    manifestEdit = manifestEdit.andThen(edit);
    return this;
  }

  /** Leaves an entry of the finished tarball out; {@code layer:0} is the lowest layer's. */
  public TestImages without(String name) {
    return edit(
        entries -> {
          if (entries.remove(resolve(entries, name)) == null) {
            throw new IllegalArgumentException("nothing to leave out: " + name);
          }
        });
  }

  /** Puts other content under the name of an entry, or adds it. */
  public TestImages with(String name, byte[] content) {
    return edit(entries -> entries.put(resolve(entries, name), TestTar.file(content)));
  }

  /** Puts other text under the name of an entry, or adds it. */
  public TestImages with(String name, String content) {
    return with(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts a symbolic link in the place of an entry, or adds it. */
  public TestImages withLink(String name, String target) {
    return edit(entries -> entries.put(resolve(entries, name), TestTar.link(target)));
  }

  /** Also writes {@code jib-image.json} beside the tarball. */
  public TestImages withJibMetadata() {
    jibMetadata = true;
    return this;
  }

  /** Writes it in Docker's format, as Jib does by default. */
  public Path writeDocker(Path file) {
    return write(file, dockerBytes());
  }

  /** Writes it in the OCI format, as Jib does: with the first tag only. */
  public Path writeOci(Path file) {
    return write(file, ociBytes());
  }

  /** The bytes of {@link #writeDocker}. */
  public byte[] dockerBytes() {
    Map<String, TestTar.Entry> entries = new LinkedHashMap<>();
    JsonArray names = new JsonArray();
    for (byte[] blob : blobs()) {
      String name = Digest.of(blob).hex() + ".tar.gz";
      entries.put(name, TestTar.file(blob));
      names.add(name);
    }
    entries.put("config.json", TestTar.file(configBytes()));
    JsonObject image = new JsonObject();
    image.addProperty("Config", "config.json");
    JsonArray repoTags = new JsonArray();
    tags.forEach(repoTags::add);
    image.add("RepoTags", repoTags);
    image.add("Layers", names);
    JsonArray manifest = new JsonArray();
    manifest.add(image);
    manifestEdit.accept(manifest);
    entries.put("manifest.json", TestTar.file(bytes(manifest)));
    entryEdit.accept(entries);
    return TestTar.write(entries);
  }

  /** The bytes of {@link #writeOci}. */
  public byte[] ociBytes() {
    Map<String, TestTar.Entry> entries = new LinkedHashMap<>();
    JsonArray layerDescriptors = new JsonArray();
    for (byte[] blob : blobs()) {
      // Jib says gzip whatever it is.
      layerDescriptors.add(blob(entries, blob, Compression.GZIP.mediaType()));
    }
    JsonObject manifest = new JsonObject();
    manifest.addProperty("schemaVersion", 2);
    manifest.add(
        "config", blob(entries, configBytes(), "application/vnd.oci.image.config.v1+json"));
    manifest.add("layers", layerDescriptors);
    JsonObject descriptor =
        blob(entries, bytes(manifest), "application/vnd.oci.image.manifest.v1+json");
    if (!tags.isEmpty()) {
      JsonObject annotations = new JsonObject();
      annotations.addProperty("org.opencontainers.image.ref.name", tags.get(0));
      descriptor.add("annotations", annotations);
    }
    JsonArray manifests = new JsonArray();
    manifests.add(descriptor);
    JsonObject index = new JsonObject();
    index.addProperty("schemaVersion", 2);
    index.add("manifests", manifests);
    manifestEdit.accept(index);
    entries.put(
        "oci-layout",
        TestTar.file("{\"imageLayoutVersion\": \"1.0.0\"}".getBytes(StandardCharsets.UTF_8)));
    entries.put("index.json", TestTar.file(bytes(index)));
    entryEdit.accept(entries);
    return TestTar.write(entries);
  }

  /** The config, as it stands in either tarball. */
  public byte[] configBytes() {
    JsonObject config = new JsonObject();
    config.addProperty("created", "1970-01-01T00:00:00Z");
    config.addProperty("architecture", architecture);
    config.addProperty("os", os);
    if (!variant.isEmpty()) {
      config.addProperty("variant", variant);
    }
    config.add("config", JsonParser.parseString("{\"Entrypoint\":[\"java\",\"p.Main\"]}"));
    JsonArray diffIds = new JsonArray();
    layers.forEach(layer -> diffIds.add(Digest.of(layer).toString()));
    JsonObject rootfs = new JsonObject();
    rootfs.addProperty("type", "layers");
    rootfs.add("diff_ids", diffIds);
    config.add("rootfs", rootfs);
    configEdit.accept(config);
    return bytes(config);
  }

  /** {@code sha256:…} of the config: what Jib calls the image ID. */
  public Digest configDigest() {
    return Digest.of(configBytes());
  }

  /** Its names, the first one first. */
  public List<String> tags() {
    return List.copyOf(tags);
  }

  /** The diffIDs, from the lowest layer. */
  public List<Digest> diffIds() {
    return layers.stream().map(Digest::of).toList();
  }

  /** The uncompressed layers, from the lowest. */
  public List<byte[]> layers() {
    return List.copyOf(layers);
  }

  /** What lies in the tarball for each layer, from the lowest. */
  public List<byte[]> blobs() {
    List<byte[]> blobs = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      blobs.add(compress(layers.get(i), compressions.get(i)));
    }
    return blobs;
  }

  /** An uncompressed layer with one file. */
  public static byte[] layerTar(String name, String content) {
    return TestTar.write(Map.of(name, TestTar.file(content.getBytes(StandardCharsets.UTF_8))));
  }

  private TestImages edit(Consumer<Map<String, TestTar.Entry>> edit) {
    entryEdit = entryEdit.andThen(edit);
    return this;
  }

  private String resolve(Map<String, TestTar.Entry> entries, String name) {
    if (!name.startsWith("layer:")) {
      return name;
    }
    String hex = Digest.of(blobs().get(Integer.parseInt(name.substring("layer:".length())))).hex();
    return entries.keySet().stream().filter(entry -> entry.contains(hex)).findFirst().orElse(name);
  }

  private Path write(Path file, byte[] content) {
    try {
      Files.write(file, content);
      if (jibMetadata) {
        Files.write(file.resolveSibling("jib-image.json"), bytes(jibImageJson()));
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonObject jibImageJson() {
    JsonObject json = new JsonObject();
    json.addProperty("image", tags.get(0));
    json.addProperty("imageId", configDigest().toString());
    json.addProperty("imageDigest", configDigest().toString());
    JsonArray names = new JsonArray();
    tags.stream().map(tag -> ImageReference.parse(tag).tag()).sorted().forEach(names::add);
    json.add("tags", names);
    json.addProperty("imagePushed", false);
    return json;
  }

  private static JsonObject blob(
      Map<String, TestTar.Entry> entries, byte[] content, String mediaType) {
    Digest digest = Digest.of(content);
    entries.put("blobs/sha256/" + digest.hex(), TestTar.file(content));
    JsonObject descriptor = new JsonObject();
    descriptor.addProperty("mediaType", mediaType);
    descriptor.addProperty("digest", digest.toString());
    descriptor.addProperty("size", content.length);
    return descriptor;
  }

  private static byte[] compress(byte[] layer, Compression compression) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      switch (compression) {
        case NONE -> out.write(layer);
        case ZSTD -> out.write(Zstd.compress(layer));
        case GZIP -> {
          try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(layer);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] bytes(JsonElement json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
