package io.github.rpideploy.image;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What an archive makes an Engine write. Measured on both kinds of store it is the archive itself
 * (the classic one unpacks it below its own tmp directory first, the containerd store keeps the
 * blobs) and then every layer that was not unpacked yet. Nothing is freed before the load has
 * ended.
 */
public final class DiskUse {

  /** Header and trailer of a gzip member (RFC 1952, 2.3). */
  private static final int GZIP_LEAST = 18;

  /**
   * Counting stops at 64 GiB, more than an SD card can take at once; a layer of one megabyte can
   * unpack to thousands of megabytes.
   */
  private static final long ENOUGH = 64L << 30;

  private static final int BUFFER_SIZE = 64 * 1024;

  private DiskUse() {}

  /**
   * How many bytes the Engine writes when it loads the archive, approximately: file systems round
   * up. From 64 GiB on it may be more.
   *
   * @param plan an archive that was planned for {@code store}
   * @param archiveBytes what the archive takes, not compressed as a whole
   * @param store what is there before
   * @throws io.github.rpideploy.DeployException when a tarball cannot be read
   */
  public static long of(ArchivePlan plan, long archiveBytes, ImageStore store) {
    return of(plan, archiveBytes, store, ENOUGH);
  }

  static long of(ArchivePlan plan, long archiveBytes, ImageStore store, long enough) {
    long written = archiveBytes;
    Set<List<Digest>> chains = new HashSet<>();
    for (PlannedImage image : plan.images()) {
      List<Layer> layers = image.tarball().layers();
      List<Digest> diffIds = layers.stream().map(Layer::diffId).toList();
      int unpacked = layers.size() - store.notUnpacked(image.tarball()).size();
      for (int i = unpacked; i < layers.size() && written < enough; i++) {
        // Images of one archive share what they have in common from the lowest layer on.
        if (chains.add(diffIds.subList(0, i + 1))) {
          written += unpackedSize(image.tarball(), layers.get(i), enough - written);
        }
      }
    }
    return written;
  }

  static long unpackedSize(ImageTarball tarball, Layer layer) {
    return unpackedSize(tarball, layer, ENOUGH);
  }

  private static long unpackedSize(ImageTarball tarball, Layer layer, long enough) {
    return switch (layer.compression()) {
      case NONE -> layer.size();
      case ZSTD -> zstdUnpackedSize(tarball, layer, enough);
      case GZIP -> gzipUnpackedSize(tarball, layer, enough);
    };
  }

  /**
   * Counted: a frame need not state it (RFC 8878, 3.1.1.1.4), and a layer may be several frames.
   */
  private static long zstdUnpackedSize(ImageTarball tarball, Layer layer, long enough) {
    StoredBlob stored = tarball.own(layer).stored();
    try (LayerSource source = LayerSource.open(stored);
        InputStream in = new ZstdInputStream(source.stream())) {
      return counted(in, enough);
    } catch (IOException e) {
      throw stored.damaged("is not zstd: " + e.getMessage());
    }
  }

  /**
   * The length that gzip keeps at the end (RFC 1952, 2.3.1, ISIZE) is modulo 2^32, and of the last
   * member only. It is taken when it can be the whole truth, so when it is not below the compressed
   * size; otherwise the layer is unpacked and counted.
   */
  private static long gzipUnpackedSize(ImageTarball tarball, Layer layer, long enough) {
    StoredBlob stored = tarball.own(layer).stored();
    if (layer.size() < GZIP_LEAST) {
      return layer.size();
    }
    try (LayerSource source = LayerSource.open(stored)) {
      ByteBuffer trailer = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      while (trailer.hasRemaining()) {
        source.read(trailer, layer.size() - trailer.remaining());
      }
      long stated = Integer.toUnsignedLong(trailer.flip().getInt());
      if (stated >= layer.size()) {
        return stated;
      }
      try (InputStream in = Gunzip.of(source.stream(), BUFFER_SIZE)) {
        return counted(in, enough);
      }
    } catch (IOException e) {
      throw stored.damaged("is not gzip: " + e.getMessage());
    }
  }

  private static long counted(InputStream in, long enough) throws IOException {
    byte[] buffer = new byte[BUFFER_SIZE];
    long count = 0;
    for (int n = 0; n >= 0 && count < enough; n = in.read(buffer)) {
      count += n;
    }
    return count;
  }
}
