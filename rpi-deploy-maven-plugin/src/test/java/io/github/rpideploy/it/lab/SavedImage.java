package io.github.rpideploy.it.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rpideploy.image.ImageTarball;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** What {@code docker save} gives of an image, and whether that is all of it. */
public final class SavedImage {

  private final Map<String, byte[]> files;

  private SavedImage(Map<String, byte[]> files) {
    this.files = files;
  }

  public static SavedImage of(Lab pi, String tag) throws Exception {
    return new SavedImage(files(pi.sshBytes("docker save " + tag)));
  }

  /** Every layer of the tarball is there and, unpacked, has the content that its diffID states. */
  public void assertIsWhole(ImageTarball tarball) throws Exception {
    JsonObject image = json("manifest.json").getAsJsonArray().get(0).getAsJsonObject();
    List<JsonElement> layers = image.getAsJsonArray("Layers").asList();
    List<JsonElement> diffIds =
        json(image.get("Config").getAsString())
            .getAsJsonObject()
            .getAsJsonObject("rootfs")
            .getAsJsonArray("diff_ids")
            .asList();
    assertThat(layers).hasSameSizeAs(diffIds).hasSameSizeAs(tarball.layers());
    for (int i = 0; i < layers.size(); i++) {
      byte[] layer = files.get(layers.get(i).getAsString());
      assertThat(layer).as("layer %s of the saved %s", i, tarball.file()).isNotNull();
      assertThat("sha256:" + sha256(unpacked(Objects.requireNonNull(layer))))
          .isEqualTo(diffIds.get(i).getAsString())
          .isEqualTo(tarball.layers().get(i).diffId().toString());
    }
  }

  private JsonElement json(String name) {
    return JsonParser.parseString(new String(Objects.requireNonNull(files.get(name)), UTF_8));
  }

  /** The files of an archive; what Docker saves has folders too. */
  private static Map<String, byte[]> files(byte[] archive) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        if (entry.isFile()) {
          files.put(entry.getName(), tar.readAllBytes());
        }
      }
    }
    return files;
  }

  /** As Engines save layers: plain, gzip or zstd. */
  private static byte[] unpacked(byte[] layer) throws IOException {
    InputStream plain = new ByteArrayInputStream(layer);
    boolean gzip = layer[0] == 0x1f && layer[1] == (byte) 0x8b;
    boolean zstd = layer[0] == 0x28 && layer[1] == (byte) 0xb5;
    try (InputStream in =
        gzip ? new GZIPInputStream(plain) : zstd ? new ZstdInputStream(plain) : plain) {
      return in.readAllBytes();
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
