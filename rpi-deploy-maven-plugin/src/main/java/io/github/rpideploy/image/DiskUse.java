package io.github.rpideploy.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * What an archive makes an Engine write. Measured on both kinds of store it is the archive itself
 * (the classic one unpacks it below its own tmp directory first, the containerd store keeps the
 * blobs) and then every layer that was not unpacked yet. Nothing is freed before the load has
 * ended.
 */
public final class DiskUse {

  /** Header and trailer of a gzip member (RFC 1952, 2.3). */
  private static final int GZIP_LEAST = 18;

  /** What a zstd layer is taken to unpack to, times its size: the JDK cannot unpack it to count. */
  private static final int ZSTD_RATIO = 4;

  private DiskUse() {}

  /**
   * How many bytes the Engine writes when it loads the archive, about: file systems round up.
   *
   * @param plan an archive that was planned for {@code store}
   * @param store what is there before
   * @throws io.github.rpideploy.DeployException when a tarball cannot be read
   */
  public static long of(ArchivePlan plan, ImageStore store) {
    long written = plan.bytes();
    Set<List<Digest>> chains = new HashSet<>();
    for (ArchivePlan.Image image : plan.images()) {
      List<Layer> layers = image.tarball().layers();
      List<Digest> diffIds = layers.stream().map(Layer::diffId).toList();
      int unpacked = layers.size() - store.notUnpacked(image.tarball()).size();
      for (int i = unpacked; i < layers.size(); i++) {
        // Images of one archive share what they have in common from the lowest layer on.
        if (chains.add(diffIds.subList(0, i + 1))) {
          written += unpackedSize(image.tarball(), layers.get(i));
        }
      }
    }
    return written;
  }

  static long unpackedSize(ImageTarball tarball, Layer layer) {
    return switch (layer.compression()) {
      case NONE -> layer.size();
      case ZSTD -> layer.size() * ZSTD_RATIO;
      case GZIP -> gzipUnpackedSize(tarball, layer);
    };
  }

  /**
   * The length that gzip keeps at the end (RFC 1952, 2.3.1, ISIZE) is modulo 2^32, and of the last
   * member only. It is taken when it can be the whole truth, so when it is not below the compressed
   * size; otherwise the layer is unpacked and counted.
   */
  private static long gzipUnpackedSize(ImageTarball tarball, Layer layer) {
    Unusable unusable = new Unusable(tarball.file());
    if (layer.size() < GZIP_LEAST) {
      return layer.size();
    }
    try (LayerSource source = LayerSource.open(unusable, layer)) {
      ByteBuffer trailer = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      while (trailer.hasRemaining()) {
        source.read(trailer, layer.size() - trailer.remaining());
      }
      long stated = Integer.toUnsignedLong(trailer.flip().getInt());
      return stated >= layer.size() ? stated : counted(source, layer);
    } catch (IOException e) {
      throw unusable.damaged(layer.entry(), "is not gzip: " + e.getMessage());
    }
  }

  private static long counted(LayerSource source, Layer layer) throws IOException {
    try (InputStream in = new GZIPInputStream(new LayerStream(source, layer), 64 * 1024)) {
      return in.transferTo(OutputStream.nullOutputStream());
    } catch (EOFException e) {
      throw new IOException("it ends too early", e);
    }
  }

  /** A layer's bytes from the first to the last. */
  private static final class LayerStream extends InputStream {

    private final LayerSource source;
    private final Layer layer;
    private long done;

    LayerStream(LayerSource source, Layer layer) {
      this.source = source;
      this.layer = layer;
    }

    /** Without it, GZIPInputStream would not look for a further member. */
    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, layer.size() - done);
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (done == layer.size()) {
        return -1;
      }
      int wanted = (int) Math.min(length, layer.size() - done);
      int count = source.read(ByteBuffer.wrap(buffer, offset, wanted), done);
      done += count;
      return count;
    }
  }
}
