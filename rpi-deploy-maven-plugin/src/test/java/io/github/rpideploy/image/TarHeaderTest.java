package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checked against another implementation of tar, commons-compress. */
class TarHeaderTest {

  private static final long GIB = 1L << 30;

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 511, 512, 3 * GIB, 8 * GIB - 1, 8 * GIB, 12 * GIB, 1L << 50})
  void whatItWritesIsReadByOthers(long size) throws IOException {
    byte[] header = TarHeader.ofFile("blobs/sha256/" + "ab".repeat(32), size);

    assertThat(header).hasSize(size < 8 * GIB ? 512 : 3 * 512);
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(header))) {
      TarArchiveEntry entry = Objects.requireNonNull(tar.getNextEntry());
      assertThat(entry.getName()).isEqualTo("blobs/sha256/" + "ab".repeat(32));
      assertThat(entry.getSize()).isEqualTo(size);
      assertThat(entry.isFile()).isTrue();
      assertThat(entry.getMode()).isEqualTo(0644);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 7, 512, 8 * GIB - 1, 8 * GIB, 1L << 60})
  void whatOthersWriteIsRead(long size) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    TarArchiveEntry entry = new TarArchiveEntry("config.json");
    entry.setSize(size);
    tar.putArchiveEntry(entry);

    TarHeader read = TarHeader.parse(Arrays.copyOf(out.toByteArray(), TarHeader.BLOCK));

    assertThat(read).isEqualTo(new TarHeader("config.json", TarHeader.FILE, size));
  }

  @Test
  void theNameOfAUstarHeaderMayBeInTwoParts() throws Exception {
    byte[] block = TarHeader.ofFile("file", 3);
    System.arraycopy(new byte[] {'d', 'i', 'r'}, 0, block, 345, 3);
    fixChecksum(block);

    assertThat(TarHeader.parse(block).name()).isEqualTo("dir/file");
  }

  @Test
  void theLengthOfAPaxRecordCountsItself() {
    assertThat(TarHeader.paxRecord("size", "1")).asString().isEqualTo("9 size=1\n");
    assertThat(TarHeader.paxRecord("size", "9663676416"))
        .asString()
        .isEqualTo("19 size=9663676416\n");
    for (int length = 0; length < 1200; length++) {
      byte[] record = TarHeader.paxRecord("path", "x".repeat(length));
      assertThat(new String(record, StandardCharsets.UTF_8)).startsWith(record.length + " path=");
    }
  }

  @Test
  void negativeAndEndlessSizesAreNoNumbers() {
    for (int first : new int[] {0xff, 0xc0, 0x81}) {
      byte[] block = TarHeader.ofFile("x", 1);
      Arrays.fill(block, 124, 136, (byte) 0xff);
      block[124] = (byte) first;
      fixChecksum(block);
      assertThatThrownBy(() -> TarHeader.parse(block)).hasMessageContaining("size");
    }
    byte[] block = TarHeader.ofFile("x", 1);
    block[130] = '-';
    fixChecksum(block);
    assertThatThrownBy(() -> TarHeader.parse(block)).hasMessageContaining("size");
  }

  @Test
  void anyChangedBitIsNoticed() {
    for (int bit = 0; bit < TarHeader.BLOCK * 8; bit++) {
      byte[] block = TarHeader.ofFile("x", 1);
      block[bit / 8] ^= (byte) (1 << bit % 8);
      // Within the checksum itself a zero may become a space.
      if (bit / 8 < 148 || bit / 8 > 155) {
        assertThatThrownBy(() -> TarHeader.parse(block)).isInstanceOf(TarHeader.Malformed.class);
      }
    }
  }

  /** Makes the checksum right again after a change. */
  static void fixChecksum(byte[] block) {
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < TarHeader.BLOCK; i++) {
      sum += block[i] & 0xff;
    }
    byte[] digits = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, block, 148, digits.length);
  }
}
