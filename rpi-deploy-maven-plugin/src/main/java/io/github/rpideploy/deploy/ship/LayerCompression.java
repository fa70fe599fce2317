package io.github.rpideploy.deploy.ship;

import io.github.rpideploy.docker.Engine;
import io.github.rpideploy.image.LayerCache;
import io.github.rpideploy.image.Recompressor;
import io.github.rpideploy.image.delta.DeltaPlanner;
import java.nio.file.Path;

/** Compresses layers in the background, and knows their files: one for all Pis of a build. */
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

  /** What makes layers smaller for that Engine: nothing when it cannot read zstd. */
  Recompressor on(Engine engine) {
    return engine.readsZstd() ? recompressor : Recompressor.off();
  }

  /** Ends the work in the background. */
  @Override
  public void close() {
    recompressor.close();
  }
}
