package io.github.rpideploy.image;

import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.DoublePredicate;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Compresses layers with zstd in the background, one after the other, while other layers are sent:
 * from the moment at which the link turns out to be slow enough for that, or at which there is
 * nothing else to send. A layer that gains nothing by it, and a small one, is sent as it lies in
 * its tarball.
 */
public final class Recompressor implements AutoCloseable {

  /** Below it there is too little to gain: 1 MiB. */
  private static final long LEAST = 1024 * 1024;

  /** The fraction of a layer that is assumed to remain until it is known. */
  private static final double EXPECTED = 0.8;

  /**
   * The rate of a home uplink, 20 Mbit/s, in bytes per second; used until the real rate is
   * measured.
   */
  private static final double SUPPOSED_RATE = 20e6 / 8;

  private static final long SLICE_MILLIS = 20;

  private final @Nullable LayerCache cache;
  private final LongSupplier nanoTime;
  private final Map<Digest, CompressionTask> tasks = new HashMap<>();
  private final Set<CompressionTask> begun = new HashSet<>();
  private @Nullable ExecutorService thread;
  private @Nullable String problem;
  private boolean closed;

  Recompressor(@Nullable LayerCache cache, LongSupplier nanoTime) {
    this.cache = cache;
    this.nanoTime = nanoTime;
  }

  /** One that keeps what it made in {@code cache}. */
  public static Recompressor with(LayerCache cache) {
    return new Recompressor(cache, System::nanoTime);
  }

  /** One that does nothing: for an Engine that cannot read zstd. */
  public static Recompressor off() {
    return new Recompressor(null, System::nanoTime);
  }

  /** Why nothing is compressed, when the cache cannot be written; returned once. */
  public synchronized Optional<String> problem() {
    Optional<String> told = Optional.ofNullable(problem);
    problem = null;
    return told;
  }

  /** Ends what goes on. */
  @Override
  public synchronized void close() {
    closed = true;
    tasks.values().forEach(CompressionTask::cancel);
    tasks.clear();
    if (thread != null) {
      thread.shutdown();
    }
  }

  /** Whether the layer may become smaller, but is not compressed yet. */
  synchronized boolean isPending(TarballLayer own) {
    CompressionTask task = task(own);
    return task != null && !task.isDone();
  }

  /**
   * Begins to compress layers that will be sent later, as far as that is faster than to send them
   * as they are.
   *
   * @param layers those that are still to be sent, in that order
   * @param rate bytes per second of the link
   */
  void begin(List<TarballLayer> layers, double rate) {
    long pending =
        layers.stream().filter(this::isPending).mapToLong(own -> own.layer().size()).sum();
    long others = layers.stream().mapToLong(own -> own.layer().size()).sum() - pending;
    double spare = others / rate;
    for (TarballLayer own : layers) {
      CompressionTask task = task(own);
      if (task != null && !task.isDone()) {
        double seconds = task.remainingSeconds(nanoTime.getAsLong());
        if (seconds - spare < gain(own, rate)) {
          begin(task);
          spare += own.layer().size() / rate - seconds;
        }
      }
    }
  }

  /** How many seconds sooner a layer is sent when it is compressed. */
  private static double gain(TarballLayer own, double rate) {
    return own.layer().size() * (1 - EXPECTED) / rate;
  }

  /**
   * The better of both: the layer as zstd when that is ready, otherwise as it lies in its tarball.
   *
   * @throws DeployException when compressing has shown that the tarball is damaged
   */
  StoredBlob best(TarballLayer own) {
    Optional<StoredBlob> better = result(own);
    return better.filter(found -> found.blob().size() < own.layer().size()).orElseGet(own::stored);
  }

  /** Waits for the layer's compression to end and gives the better of both. */
  StoredBlob await(TarballLayer own) {
    return awaitWhile(own, remaining -> true);
  }

  /**
   * The same, but waits only as long as that is faster than sending the layer unchanged.
   *
   * @param rate bytes per second of the link; 0 when it is not known yet
   */
  StoredBlob await(TarballLayer own, DoubleSupplier rate) {
    return awaitWhile(
        own,
        remainingSeconds -> {
          double measured = rate.getAsDouble();
          return remainingSeconds < gain(own, measured > 0 ? measured : SUPPOSED_RATE);
        });
  }

  private StoredBlob awaitWhile(TarballLayer own, DoublePredicate worthIt) {
    try {
      while (isPending(own)) {
        CompressionTask task = task(own);
        if (task == null || !worthIt.test(task.remainingSeconds(nanoTime.getAsLong()))) {
          return own.stored();
        }
        begin(task);
        if (task.await(SLICE_MILLIS, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
      return best(own);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeployException(
          "Compressing layers was interrupted", "Run it again; nothing live was touched", e);
    }
  }

  private synchronized Optional<StoredBlob> result(TarballLayer own) {
    CompressionTask task = tasks.get(own.diffId());
    if (task != null) {
      try {
        return task.result();
      } catch (IOException e) {
        problem =
            "Layers are not compressed again, because the layer cache cannot be used: "
                + e
                + "; name another place with -Drpi.layerCache=DIRECTORY";
        return Optional.empty();
      }
    }
    return cache == null || !isWorthIt(own.layer()) ? Optional.empty() : cache.find(own.diffId());
  }

  /** What compresses the layer, begun or not; null when it goes as it is. */
  private synchronized @Nullable CompressionTask task(TarballLayer own) {
    Digest diffId = own.diffId();
    if (!tasks.containsKey(diffId)
        && !closed
        && cache != null
        && isWorthIt(own.layer())
        && !cache.isVain(diffId)
        && cache.find(diffId).isEmpty()) {
      tasks.put(diffId, new CompressionTask(own, cache, nanoTime));
    }
    return tasks.get(diffId);
  }

  private synchronized void begin(CompressionTask task) {
    if (closed || !begun.add(task)) {
      return;
    }
    if (thread == null) {
      thread =
          Executors.newSingleThreadExecutor(
              work -> {
                Thread made = new Thread(work, "rpi-deploy compresses layers");
                made.setDaemon(true);
                // A build that ends meanwhile unloads the classes; that failure is of no interest.
                made.setUncaughtExceptionHandler((ended, ignored) -> {});
                return made;
              });
    }
    thread.execute(task);
  }

  private static boolean isWorthIt(Layer layer) {
    return layer.size() >= LEAST && layer.compression() != Compression.ZSTD;
  }
}
