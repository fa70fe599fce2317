package io.github.rpideploy.deploy.ship;

import io.github.rpideploy.docker.Engine;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.image.LayerCache;
import io.github.rpideploy.image.Recompressor;
import io.github.rpideploy.image.delta.DeltaPlanner;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Compresses layers in the background, from the moment at which a build has read its tarballs. One
 * build has one for all its Pis.
 */
public final class LayerCompression implements AutoCloseable {

  private final Recompressor recompressor;
  private final DeltaPlanner planner = new DeltaPlanner();

  private LayerCompression(Recompressor recompressor) {
    this.recompressor = recompressor;
  }

  /** Keeps compressed layers across builds, in a directory that is created when needed. */
  public static LayerCompression in(Path directory) {
    return new LayerCompression(Recompressor.with(LayerCache.in(directory)));
  }

  /** One that compresses nothing: layers are sent as they are in their tarballs. */
  public static LayerCompression none() {
    return new LayerCompression(Recompressor.off());
  }

  /** What knows the files of layers, so that each layer is read once for all Pis. */
  DeltaPlanner planner() {
    return planner;
  }

  /** Starts to compress those layers of a service that are worth it. */
  public void start(Candidate candidate) {
    recompressor.prepare(candidate.tarball());
  }

  /** What makes layers smaller for that Engine: nothing when it cannot read zstd. */
  Recompressor on(Engine engine) {
    return engine.readsZstd() ? recompressor : Recompressor.off();
  }

  /**
   * Ends the compression of those layers of the releases that need not be sent. Other layers are
   * still compressed: another Pi of the build may need them.
   */
  void endUnless(Predicate<Layer> sent, List<Release> releases) {
    Set<Digest> own =
        releases.stream()
            .flatMap(release -> release.tarball().layers().stream())
            .map(Layer::diffId)
            .collect(Collectors.toSet());
    recompressor.retain(layer -> !own.contains(layer.diffId()) || sent.test(layer));
  }

  /** Ends the work in the background. */
  @Override
  public void close() {
    recompressor.close();
  }
}
