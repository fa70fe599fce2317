package io.github.rpideploy.image.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.image.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

class LayerIndexTest {

  private static final String LONG = "app/" + "long/".repeat(40) + "ü.jar";

  @Test
  void files_are_where_they_lie_whatever_names_they_have() throws IOException {
    for (int mode :
        List.of(TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX)) {
      byte[] tar = layer(mode);

      LayerIndex index = LayerIndex.read(new ByteArrayInputStream(tar));

      assertThat(index.layer()).isEqualTo(Digest.of(tar));
      assertThat(index.size()).isEqualTo(tar.length);
      assertThat(index.spans())
          .extracting(span -> span.file().path())
          .containsExactly("/app/libs/a.jar", "/" + LONG, "/app/linked", "/top");
      for (LayerIndex.Span span : index.spans()) {
        int from = (int) span.offset();
        assertThat(Digest.of(Arrays.copyOfRange(tar, from, from + (int) span.file().size())))
            .isEqualTo(span.file().digest());
      }
      // One of a link's two names may be shown as the other's link, and the root cannot be read.
      assertThat(index.list().files())
          .extracting(LayerFile::path)
          .containsExactlyInAnyOrder("/app/libs/a.jar", "/" + LONG);
    }
  }

  @Test
  void what_is_damaged_is_no_layer_or_one_whose_files_are_in_it() {
    Random random = new Random(Long.getLong("fuzz.seed", 1));
    int read = 0;
    for (int i = 0; i < Integer.getInteger("fuzz.cases", 10_000); i++) {
      byte[] bad =
          layer(
              random.nextBoolean()
                  ? TarArchiveOutputStream.LONGFILE_GNU
                  : TarArchiveOutputStream.LONGFILE_POSIX);
      for (int j = random.nextInt(3); j >= 0; j--) {
        int block = random.nextInt(bad.length / 512) * 512;
        bad[block + random.nextInt(300)] = (byte) random.nextInt(256);
        correctChecksum(bad, block);
      }
      try {
        LayerIndex index = LayerIndex.read(new ByteArrayInputStream(bad));
        read++;
        for (LayerIndex.Span span : index.spans()) {
          assertThat(span.offset() + span.file().size()).isLessThanOrEqualTo(bad.length);
        }
        index.list();
      } catch (IOException e) {
        assertThat(e).isNotNull();
      }
    }
    assertThat(read).isPositive();
  }

  private static void correctChecksum(byte[] tar, int block) {
    Arrays.fill(tar, block + 148, block + 156, (byte) ' ');
    int sum = 0;
    for (int i = block; i < block + 512; i++) {
      sum += tar[i] & 0xff;
    }
    byte[] digits = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, tar, block + 148, digits.length);
  }

  private static byte[] layer(int longNames) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, 512, "UTF-8")) {
      tar.setLongFileMode(longNames);
      add(tar, "app/", TarConstants.LF_DIR, 0);
      add(tar, "app/libs/a.jar", TarConstants.LF_NORMAL, 5_000);
      add(tar, LONG, TarConstants.LF_NORMAL, 4_096);
      add(tar, "app/small", TarConstants.LF_NORMAL, 4_095);
      add(tar, "./app/linked", TarConstants.LF_NORMAL, 5_001);
      add(tar, "app/link", TarConstants.LF_LINK, 0);
      add(tar, "app/symlink", TarConstants.LF_SYMLINK, 0);
      add(tar, "top", TarConstants.LF_NORMAL, 6_000);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static void add(TarArchiveOutputStream tar, String name, byte type, int size)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
    entry.setSize(size);
    if (type == TarConstants.LF_LINK || type == TarConstants.LF_SYMLINK) {
      entry.setLinkName("app/linked");
    }
    tar.putArchiveEntry(entry);
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
