package io.github.rpideploy.image.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.image.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What the Pi has may be damaged, and may be meant to do harm. */
class BadFileListTest {

  private static final Digest LAYER = new Digest("1".repeat(64));
  private static final Digest CONTENT = new Digest("2".repeat(64));

  private static final String GOOD =
      "files 1 " + LAYER.hex() + "\n" + CONTENT.hex() + " 5000 /app/libs/a.jar\nend\n";

  @Test
  void a_good_one_is_read() throws IOException {
    assertThat(LayerFiles.parse(LAYER, gzip(GOOD)))
        .contains(new LayerFiles(LAYER, List.of(new LayerFile("/app/libs/a.jar", 5000, CONTENT))));
  }

  @Test
  void one_that_states_what_cannot_be_is_not_used() throws IOException {
    for (String bad :
        List.of(
            "",
            "end\n",
            GOOD.replace("end\n", ""),
            GOOD.replace("end\n", "en"),
            GOOD + "x",
            GOOD.replace("files 1", "files 2"),
            GOOD.replace("1".repeat(64), "3".repeat(64)),
            GOOD.replace("2".repeat(64), "2".repeat(63)),
            GOOD.replace("2".repeat(64), "G".repeat(64)),
            GOOD.replace("5000", "-5000"),
            GOOD.replace("5000", "4095"),
            GOOD.replace("5000", "99999999999999999999"),
            GOOD.replace("5000", "999999999999999"),
            GOOD.replace("/app/libs/a.jar", "app/libs/a.jar"),
            GOOD.replace("/app/libs/a.jar", "/a.jar"),
            GOOD.replace("/app/libs/a.jar", "/app/../etc/shadow"),
            GOOD.replace("/app/libs/a.jar", "/app/./a.jar"),
            GOOD.replace("/app/libs/a.jar", "//app/a.jar"),
            GOOD.replace("/app/libs/a.jar", "/app/libs/"),
            GOOD.replace("/app/libs/a.jar", "/app/libs /a.jar"),
            GOOD.replace("/app/libs/a.jar", "/app/a\u001b[2J.jar"),
            GOOD.replace("/app/libs/a.jar", "/app/" + "a".repeat(1000)),
            GOOD.replace("/app/libs/a.jar", ""))) {
      assertThat(LayerFiles.parse(LAYER, gzip(bad))).as(bad).isEmpty();
    }
  }

  @Test
  void one_that_is_too_long_is_not_used() throws IOException {
    String line = CONTENT.hex() + " 5000 /app/libs/a.jar\n";
    String many = GOOD.replace("end\n", line.repeat(LayerFiles.MOST_FILES) + "end\n");
    assertThat(LayerFiles.parse(LAYER, gzip(many))).isEmpty();
    String long_ = GOOD.replace("end\n", "x".repeat(5_000_000) + "\nend\n");
    assertThat(LayerFiles.parse(LAYER, gzip(long_))).isEmpty();
  }

  @Test
  void whatever_is_damaged_at_random_is_read_as_it_was_or_not_at_all() {
    LayerFiles list =
        new LayerFiles(LAYER, List.of(new LayerFile("/app/libs/a.jar", 5000, CONTENT)));
    byte[] good = FileListArchive.write(List.of(list));
    Map<Digest, LayerFiles> whole = FileListArchive.read(good, Set.of(LAYER));
    assertThat(whole).containsEntry(LAYER, list);
    assertThat(FileListArchive.read(good, Set.of(CONTENT))).isEmpty();
    Random random = new Random(Long.getLong("fuzz.seed", 1));
    for (int i = 0; i < 3000; i++) {
      byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int j = random.nextInt(4); j >= 0; j--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      // gzip's checksum finds what its header does not say.
      FileListArchive.read(bad, Set.of(LAYER))
          .values()
          .forEach(read -> assertThat(read).isEqualTo(list));
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }
}
