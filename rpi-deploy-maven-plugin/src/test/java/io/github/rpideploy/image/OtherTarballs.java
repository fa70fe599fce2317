package io.github.rpideploy.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes tarballs of images as other tools than Jib write them; read off real ones. */
public final class OtherTarballs {

  private OtherTarballs() {}

  /**
   * As {@code docker save} of Engines before 25 writes it: {@code ID/layer.tar}, and a link where a
   * layer stands again, in the same image or in another one.
   */
  public static byte[] oldDocker(TestImages... images) {
    Map<String, TestTar.Entry> entries = new LinkedHashMap<>();
    Map<Digest, String> places = new LinkedHashMap<>();
    JsonArray manifest = new JsonArray();
    for (TestImages image : images) {
      JsonArray names = new JsonArray();
      for (int i = 0; i < image.layers().size(); i++) {
        String id = Digest.of(bytes(image.configDigest() + " " + i)).hex();
        String name = id + "/layer.tar";
        String before = places.putIfAbsent(image.diffIds().get(i), name);
        entries.put(id + "/", TestTar.directory());
        entries.put(id + "/VERSION", TestTar.file(bytes("1.0")));
        entries.putIfAbsent(
            name,
            before == null ? TestTar.file(image.layers().get(i)) : TestTar.link("../" + before));
        names.add(name);
      }
      String config = image.configDigest().hex() + ".json";
      entries.put(config, TestTar.file(image.configBytes()));
      manifest.add(image(config, image.tags(), names));
    }
    entries.put("manifest.json", TestTar.file(bytes(manifest.toString())));
    entries.put("repositories", TestTar.file(bytes("{\"a\":{\"b\":\"c\"}}")));
    return TestTar.write(entries);
  }

  /**
   * As {@code podman save} and skopeo write it: {@code <diffID>.tar}, and for older readers links
   * to that. Podman puts {@code localhost/} before every name without a registry.
   */
  public static byte[] podman(TestImages image, String... names) {
    Map<String, TestTar.Entry> entries = new LinkedHashMap<>();
    JsonArray layers = new JsonArray();
    for (int i = 0; i < image.layers().size(); i++) {
      String name = image.diffIds().get(i).hex() + ".tar";
      String id = Digest.of(bytes("v1 " + i)).hex();
      entries.putIfAbsent(name, TestTar.file(image.layers().get(i)));
      entries.put(id + "/layer.tar", TestTar.link("../" + name));
      layers.add(name);
    }
    String config = image.configDigest().hex() + ".json";
    entries.put(config, TestTar.file(image.configBytes()));
    JsonArray manifest = new JsonArray();
    manifest.add(image(config, List.of(names), layers));
    entries.put("manifest.json", TestTar.file(bytes(manifest.toString())));
    return TestTar.write(entries);
  }

  private static JsonObject image(String config, List<String> tags, JsonArray layers) {
    JsonObject image = new JsonObject();
    image.addProperty("Config", config);
    JsonArray repoTags = new JsonArray();
    tags.forEach(repoTags::add);
    image.add("RepoTags", repoTags);
    image.add("Layers", layers);
    return image;
  }

  /**
   * An image that was built for several platforms, as {@code docker save} of the containerd store
   * writes it: the index lists an index, which lists an image and an attestation for each.
   *
   * @param held the platforms that are in the tarball
   * @param listed those that are not
   */
  public static Layout platforms(String name, List<TestImages> held, List<TestImages> listed) {
    Layout layout = new Layout();
    JsonArray manifests = new JsonArray();
    held.forEach(image -> manifests.add(layout.manifest(image)));
    listed.forEach(image -> manifests.add(new Layout().manifest(image)));
    held.forEach(image -> manifests.add(layout.attestation(image)));
    return layout.listed(layout.index(manifests), name);
  }

  /** An OCI layout, put together piece by piece. */
  public static final class Layout {

    private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

    private final Map<String, TestTar.Entry> entries = new LinkedHashMap<>();
    private final JsonArray top = new JsonArray();

    /** An image with its blobs; gives its descriptor, with the platform. */
    public JsonObject manifest(TestImages image) {
      JsonObject config = JsonParser.parseString(text(image.configBytes())).getAsJsonObject();
      JsonArray layers = new JsonArray();
      image.blobs().forEach(blob -> layers.add(blob(blob, Compression.sniff(blob).mediaType())));
      JsonObject manifest = new JsonObject();
      manifest.addProperty("schemaVersion", 2);
      manifest.addProperty("mediaType", MANIFEST_TYPE);
      manifest.add("config", blob(image.configBytes(), "application/vnd.oci.image.config.v1+json"));
      manifest.add("layers", layers);
      JsonObject descriptor = blob(bytes(manifest.toString()), MANIFEST_TYPE);
      JsonObject platform = new JsonObject();
      for (String key : List.of("architecture", "os", "variant")) {
        if (config.has(key)) {
          platform.add(key, config.get(key));
        }
      }
      descriptor.add("platform", platform);
      return descriptor;
    }

    /** What BuildKit adds for an image. */
    public JsonObject attestation(TestImages of) {
      JsonObject descriptor =
          manifest(
              TestImages.nameless()
                  .platform("unknown/unknown")
                  .layer(bytes("{\"of\":\"" + of.configDigest() + "\"}"), Compression.NONE));
      annotate(descriptor, "vnd.docker.reference.type", "attestation-manifest");
      annotate(descriptor, "vnd.docker.reference.digest", of.configDigest().toString());
      return descriptor;
    }

    /** An index of manifests, or of indexes; gives its descriptor. */
    public JsonObject index(JsonArray manifests) {
      JsonObject index = new JsonObject();
      index.addProperty("schemaVersion", 2);
      index.addProperty("mediaType", OciDocuments.INDEX_TYPE);
      index.add("manifests", manifests);
      return blob(bytes(index.toString()), OciDocuments.INDEX_TYPE);
    }

    /** Any other document; gives its descriptor. */
    public JsonObject blob(byte[] content) {
      return blob(content, "application/octet-stream");
    }

    private JsonObject blob(byte[] content, String mediaType) {
      Digest digest = Digest.of(content);
      entries.put(OciDocuments.blobName(digest), TestTar.file(content));
      JsonObject descriptor = new JsonObject();
      descriptor.addProperty("mediaType", mediaType);
      descriptor.addProperty("digest", digest.toString());
      descriptor.addProperty("size", content.length);
      return descriptor;
    }

    /** Lists a descriptor in {@code index.json}, as containerd names it; or without a name. */
    public Layout listed(JsonObject descriptor, String name) {
      JsonObject own = descriptor.deepCopy();
      if (!name.isEmpty()) {
        annotate(own, OciDocuments.CONTAINERD_NAME, ImageReference.parse(name).normalised());
        annotate(own, OciDocuments.REF_NAME, ImageReference.parse(name).tag());
      }
      top.add(own);
      return this;
    }

    /** Also Docker's own list, of an image whose blobs are there. */
    public Layout docker(TestImages image) {
      JsonArray layers = new JsonArray();
      image.blobs().forEach(blob -> layers.add(OciDocuments.blobName(Digest.of(blob))));
      JsonArray manifest = new JsonArray();
      manifest.add(image(OciDocuments.blobName(image.configDigest()), image.tags(), layers));
      entries.put("manifest.json", TestTar.file(bytes(manifest.toString())));
      return this;
    }

    /** The tarball. */
    public byte[] bytes() {
      JsonObject index = new JsonObject();
      index.addProperty("schemaVersion", 2);
      index.add("manifests", top);
      Map<String, TestTar.Entry> all = new LinkedHashMap<>(entries);
      all.put("index.json", TestTar.file(OtherTarballs.bytes(index.toString())));
      all.put("oci-layout", TestTar.file(OciDocuments.layout()));
      return TestTar.write(all);
    }

    private static byte[] bytes(String text) {
      return OtherTarballs.bytes(text);
    }
  }

  private static void annotate(JsonObject descriptor, String key, String value) {
    JsonElement annotations = descriptor.get("annotations");
    JsonObject own = annotations == null ? new JsonObject() : annotations.getAsJsonObject();
    own.addProperty(key, value);
    descriptor.add("annotations", own);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
