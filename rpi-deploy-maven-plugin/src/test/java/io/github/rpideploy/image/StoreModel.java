package io.github.rpideploy.image;

import com.github.luben.zstd.ZstdInputStream;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * The image store of an Engine in memory: what {@code docker load} makes of an archive, as it was
 * measured on Engine 26.1 and 28.5 with both stores. Made without the code that it judges.
 */
public final class StoreModel {

  /**
   * An image under a tag.
   *
   * @param id as the store shows it
   * @param diffIds lowest first
   * @param blobs what its manifest says that the layers were sent as; empty on the classic store
   * @param usable whether containers can be made of it
   */
  public record Image(String id, List<String> diffIds, List<String> blobs, boolean usable) {}

  /**
   * How a load ended.
   *
   * @param ok whether it exited 0
   * @param said what it printed
   */
  public record Loaded(boolean ok, String said) {}

  private final ImageStore.Kind kind;
  private final Map<String, Image> tags = new LinkedHashMap<>();

  /** Of the containerd store: blobs by digest, as they were sent. */
  private final Map<String, byte[]> content = new HashMap<>();

  /** An empty store. */
  public StoreModel(ImageStore.Kind kind) {
    this.kind = kind;
  }

  ImageStore.Kind kind() {
    return kind;
  }

  /** The images by tag, in the order in which they came. */
  public Map<String, Image> tags() {
    return tags;
  }

  /** What {@code docker load} does. */
  public Loaded load(byte[] archive) {
    Map<String, byte[]> entries = TestTar.read(isGzip(archive) ? gunzip(archive) : archive);
    return kind == ImageStore.Kind.CLASSIC ? loadClassic(entries) : loadContainerd(entries);
  }

  /** {@code docker image rm}: what no other image needs goes too. */
  public void remove(String tag) {
    tags.remove(tag);
    Set<String> needed = new HashSet<>();
    tags.values().forEach(image -> needed.addAll(image.blobs()));
    content.keySet().retainAll(needed);
  }

  /**
   * Whether an image of the containerd store can be saved: all that its manifest names is there.
   */
  public boolean isComplete(String tag) {
    return Objects.requireNonNull(tags.get(tag)).blobs().stream().allMatch(content::containsKey);
  }

  /** Every chain that is unpacked, on either store. */
  public Set<List<String>> chains() {
    Set<List<String>> chains = new HashSet<>();
    for (Image image : tags.values()) {
      for (int i = 1; image.usable() && i <= image.diffIds().size(); i++) {
        chains.add(image.diffIds().subList(0, i));
      }
    }
    return chains;
  }

  private Loaded loadClassic(Map<String, byte[]> entries) {
    for (JsonElement manifest : json(entries, "manifest.json").getAsJsonArray()) {
      String config = manifest.getAsJsonObject().get("Config").getAsString();
      List<String> diffIds = diffIds(json(entries, config));
      JsonArray files = manifest.getAsJsonObject().getAsJsonArray("Layers");
      for (int i = 0; i < diffIds.size(); i++) {
        if (chains().contains(diffIds.subList(0, i + 1))) {
          continue;
        }
        String file = files.get(i).getAsString();
        byte[] blob = entries.get(file);
        if (blob == null) {
          return new Loaded(
              false, "open /var/lib/docker/tmp/" + file + ": no such file or directory");
        }
        if (!unpacked(blob).equals(diffIds.get(i))) {
          return new Loaded(false, "invalid diffID for layer " + i);
        }
      }
      String id = "sha256:" + config.substring(OciDocuments.BLOBS.length());
      String tag = manifest.getAsJsonObject().getAsJsonArray("RepoTags").get(0).getAsString();
      tags.put(tag, new Image(id, diffIds, List.of(), true));
    }
    return new Loaded(true, "");
  }

  /** As Engine 28.5: the tag is made whatever happens, and the exit status is 0. */
  private Loaded loadContainerd(Map<String, byte[]> entries) {
    entries.forEach(
        (name, bytes) -> {
          if (name.startsWith(OciDocuments.BLOBS)) {
            content.put(Digest.of(bytes).hex(), bytes);
          }
        });
    StringBuilder said = new StringBuilder();
    JsonArray manifests = json(entries, "index.json").getAsJsonObject().getAsJsonArray("manifests");
    for (JsonElement each : manifests) {
      JsonObject descriptor = each.getAsJsonObject();
      String name =
          descriptor.getAsJsonObject("annotations").get("io.containerd.image.name").getAsString();
      String hex = hex(descriptor.get("digest").getAsString());
      JsonObject manifest = json(entries, OciDocuments.BLOBS + hex).getAsJsonObject();
      String config = hex(manifest.getAsJsonObject("config").get("digest").getAsString());
      List<String> diffIds = diffIds(json(entries, OciDocuments.BLOBS + config));
      List<String> blobs = new ArrayList<>();
      manifest
          .getAsJsonArray("layers")
          .forEach(layer -> blobs.add(hex(layer.getAsJsonObject().get("digest").getAsString())));
      Optional<String> error = unpack(diffIds, blobs);
      String tag = ImageReference.parse(name).familiar();
      tags.put(tag, new Image("sha256:" + hex, diffIds, blobs, error.isEmpty()));
      said.append("Loaded image: ").append(tag).append('\n');
      error.ifPresent(
          e -> said.append("Error unpacking image ").append(tag).append(": ").append(e));
    }
    return new Loaded(true, said.toString());
  }

  private Optional<String> unpack(List<String> diffIds, List<String> blobs) {
    for (int i = 0; i < diffIds.size(); i++) {
      // A chain that is unpacked already is not checked again: only saving the image would fail.
      if (!chains().contains(diffIds.subList(0, i + 1))) {
        byte[] blob = content.get(blobs.get(i));
        if (blob == null) {
          return Optional.of("NotFound: content digest sha256:" + blobs.get(i) + ": not found");
        }
        if (!unpacked(blob).equals(diffIds.get(i))) {
          return Optional.of("mismatched diffID");
        }
      }
    }
    return Optional.empty();
  }

  private static List<String> diffIds(JsonElement config) {
    return config
        .getAsJsonObject()
        .getAsJsonObject("rootfs")
        .getAsJsonArray("diff_ids")
        .asList()
        .stream()
        .map(diffId -> hex(diffId.getAsString()))
        .toList();
  }

  private static String hex(String digest) {
    return digest.substring("sha256:".length());
  }

  private static JsonElement json(Map<String, byte[]> entries, String name) {
    return JsonParser.parseString(new String(entries.get(name), StandardCharsets.UTF_8));
  }

  private static String unpacked(byte[] blob) {
    if (isZstd(blob)) {
      return Digest.of(unzstd(blob)).hex();
    }
    return Digest.of(isGzip(blob) ? gunzip(blob) : blob).hex();
  }

  private static boolean isGzip(byte[] bytes) {
    return bytes.length > 1 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
  }

  private static boolean isZstd(byte[] bytes) {
    return bytes.length > 3 && bytes[0] == 0x28 && bytes[1] == (byte) 0xb5;
  }

  private static byte[] unzstd(byte[] bytes) {
    try (InputStream in = new ZstdInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gunzip(byte[] bytes) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
