package io.github.rpideploy.image;

import com.github.luben.zstd.ZstdOutputStream;
import io.github.rpideploy.DeployException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Compresses one layer into the layer cache. Meanwhile it checks the layer against its diffID, so a
 * damaged tarball is found before any of it is sent.
 */
final class CompressionTask implements Runnable {

  /**
   * Measured on the layer of a Java base image, 66.5 MB as gzip: level 3 gives 58.9 MB in 0.7 s, 9
   * gives 52.3 MB in 2.9 s, 12 gives 51.7 MB in 6.2 s; 6 with a long window gives 52.5 MB in 2.0 s.
   * That takes less time than a home uplink needs for the other layers.
   */
  private static final int LEVEL = 6;

  /** The window for repetitions is 16 MiB; unpacking needs as much memory. */
  private static final int WINDOW_LOG = 24;

  /** A layer that does not shrink by a twentieth is sent unchanged. */
  private static final double WORTH_IT = 0.95;

  /** How much of the layer is compressed before it is judged not worth it. */
  private static final long SAMPLE = 4L * 1024 * 1024;

  /** The speed that is assumed until some has been measured, in bytes per second of the tarball. */
  private static final double SUPPOSED_SPEED = 20e6;

  private static final int BUFFER_SIZE = 256 * 1024;

  private final TarballLayer own;
  private final LayerCache cache;
  private final LongSupplier nanoTime;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean cancelled;
  private volatile long startedAt;
  private volatile long consumed;
  private @Nullable StoredBlob compressed;
  private @Nullable IOException failure;
  private @Nullable DeployException damage;

  CompressionTask(TarballLayer own, LayerCache cache, LongSupplier nanoTime) {
    this.own = own;
    this.cache = cache;
    this.nanoTime = nanoTime;
  }

  void cancel() {
    cancelled = true;
  }

  boolean isDone() {
    return done.getCount() == 0;
  }

  /** Waits for its end, at most so long; returns whether it has ended. */
  boolean await(long time, TimeUnit unit) throws InterruptedException {
    return done.await(time, unit);
  }

  /**
   * When it is done: the layer as zstd, or empty when that gains nothing.
   *
   * @throws IOException when the cache cannot be used
   * @throws DeployException when the tarball is damaged
   */
  Optional<StoredBlob> result() throws IOException {
    if (!isDone()) {
      return Optional.empty();
    }
    if (damage != null) {
      throw damage;
    }
    if (failure != null) {
      throw failure;
    }
    return Optional.ofNullable(compressed);
  }

  /** How long it will still take at the speed that it had so far. */
  double remainingSeconds(long now) {
    long size = own.layer().size();
    if (consumed == 0) {
      return size / SUPPOSED_SPEED;
    }
    return (now - startedAt) / 1e9 * (size - consumed) / consumed;
  }

  @Override
  public void run() {
    try {
      if (!cancelled) {
        startedAt = nanoTime.getAsLong();
        compress(own.layer());
      }
    } catch (DeployException e) {
      damage = e;
    } catch (IOException e) {
      failure = e;
    } finally {
      done.countDown();
    }
  }

  private void compress(Layer layer) throws IOException {
    Path file = cache.newFile();
    try (LayerSource source = LayerSource.open(own.stored())) {
      MessageDigest whole = Digest.sha256();
      if (copy(source.stream(), layer, file, whole)) {
        if (Files.size(file) < layer.size() * WORTH_IT) {
          compressed = cache.keep(layer.diffId(), file, Digest.finish(whole));
        } else {
          cache.setVain(layer.diffId());
        }
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * @return whether all of it was compressed
   */
  private boolean copy(LayerSource.Bytes in, Layer layer, Path file, MessageDigest whole)
      throws IOException {
    MessageDigest unpacked = Digest.sha256();
    try (OutputStream kept = Files.newOutputStream(file);
        ZstdOutputStream zstd = zstd(new DigestOutputStream(kept, whole))) {
      InputStream tar = unpacked(in, layer);
      byte[] buffer = new byte[BUFFER_SIZE];
      for (int n = read(tar, buffer); n >= 0; n = read(tar, buffer)) {
        unpacked.update(buffer, 0, n);
        zstd.write(buffer, 0, n);
        consumed = in.done();
        if (cancelled) {
          return false;
        }
        if (consumed > SAMPLE && Files.size(file) > consumed * WORTH_IT) {
          cache.setVain(layer.diffId());
          return false;
        }
      }
    }
    if (!Digest.finish(unpacked).equals(layer.diffId())) {
      throw own.stored().damaged("does not have the content that its diffID promises");
    }
    return true;
  }

  private static ZstdOutputStream zstd(OutputStream out) throws IOException {
    ZstdOutputStream zstd = new ZstdOutputStream(new BufferedOutputStream(out, BUFFER_SIZE), LEVEL);
    zstd.setLong(WINDOW_LOG);
    // One is left for what is sent meanwhile.
    zstd.setWorkers(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
    return zstd;
  }

  private InputStream unpacked(LayerSource.Bytes in, Layer layer) throws IOException {
    if (layer.compression() == Compression.NONE) {
      return in;
    }
    try {
      return Gunzip.of(in, BUFFER_SIZE);
    } catch (IOException e) {
      throw own.stored().damaged("is not gzip: " + e.getMessage());
    }
  }

  private int read(InputStream tar, byte[] buffer) {
    try {
      return tar.read(buffer);
    } catch (IOException e) {
      throw own.stored().damaged("is not gzip: " + e.getMessage());
    }
  }
}
