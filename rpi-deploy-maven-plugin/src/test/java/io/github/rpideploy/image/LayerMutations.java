package io.github.rpideploy.image;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Ways to break a compressed layer, or to make it lie. Each gets a copy that it may change. */
final class LayerMutations {

  /** RFC 8878, 3.1.2: a frame of which only the length counts. */
  private static final byte[] SKIPPABLE = {0x50, 0x2a, 0x4d, 0x18};

  /** RFC 8878, 3.1.1.2.2: one byte that stands for 128 KiB of them. */
  private static final int RLE_SIZE = 128 * 1024;

  private LayerMutations() {}

  /** Flips some bits, most of them where the headers are. */
  static byte[] flipBits(byte[] blob, Random random) {
    int reach = random.nextBoolean() ? Math.min(24, blob.length) : blob.length;
    for (int i = random.nextInt(4); i >= 0; i--) {
      // The magic number stays: without it the layer would count as not compressed.
      blob[4 + random.nextInt(reach - 4)] ^= (byte) (1 << random.nextInt(8));
    }
    return blob;
  }

  static byte[] truncate(byte[] blob, Random random) {
    return Arrays.copyOf(blob, 4 + random.nextInt(blob.length - 4));
  }

  /** Puts another length or checksum at the end. */
  static byte[] spoilTrailer(byte[] blob, Random random) {
    int length = 1 + random.nextInt(8);
    for (int i = blob.length - length; i < blob.length; i++) {
      blob[i] = (byte) (random.nextInt(3) * 0x7f);
    }
    return blob;
  }

  /** Goes on after the end: with members, frames or bytes that say little, or nothing at all. */
  static byte[] append(byte[] blob, Random random) {
    byte[] noise = new byte[random.nextInt(100)];
    random.nextBytes(noise);
    List<byte[]> tails =
        List.of(
            noise,
            new byte[1 + random.nextInt(1_000)],
            gzip(new byte[0]),
            Zstd.compress(new byte[0]),
            skippable(random.nextInt(9)),
            skippable(-1),
            skippable(Integer.MAX_VALUE),
            blob);
    byte[] tail = tails.get(random.nextInt(tails.size()));
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.writeBytes(blob);
    int most = tail.length < 100 ? 3_000 : 5;
    for (int i = random.nextInt(4) == 0 ? random.nextInt(most) : 1; i > 0; i--) {
      joined.writeBytes(tail);
    }
    return joined.toByteArray();
  }

  /** Puts the beginning of one and the end of another together. */
  static byte[] splice(byte[] blob, byte[] other, Random random) {
    int end = 4 + random.nextInt(blob.length - 4);
    int start = random.nextInt(other.length);
    byte[] spliced = Arrays.copyOf(blob, end + other.length - start);
    System.arraycopy(other, start, spliced, end, other.length - start);
    return spliced;
  }

  /** Little that unpacks to much: gzip a thousand, zstd thirty thousand times its size. */
  static byte[] bomb(Random random) {
    return random.nextBoolean() ? gzip(new byte[2_000_000]) : zstdBomb(random.nextInt(100));
  }

  /** One frame of so many times 128 KiB. */
  static byte[] zstdBomb(int blocks) {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    // No content size, no checksum, a window of 128 KiB (RFC 8878, 3.1.1.1).
    bomb.writeBytes(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 7 << 3});
    for (int i = 0; i <= blocks; i++) {
      int header = (RLE_SIZE << 3) | (1 << 1) | (i == blocks ? 1 : 0);
      bomb.writeBytes(new byte[] {(byte) header, (byte) (header >> 8), (byte) (header >> 16), 0});
    }
    return bomb.toByteArray();
  }

  /** A gzip member. */
  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  private static byte[] skippable(int stated) {
    byte[] frame = Arrays.copyOf(SKIPPABLE, 16);
    for (int i = 0; i < Integer.BYTES; i++) {
      frame[4 + i] = (byte) (stated >> (8 * i));
    }
    return frame;
  }
}
