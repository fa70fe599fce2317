package io.github.rpideploy.deploy.ship;

import io.github.rpideploy.image.LayerCache;
import io.github.rpideploy.image.Recompressor;
import java.nio.file.Path;

/**
 * The compression of layers that a build does in the background, from the moment that it has read
 * its tarballs.
 */
public final class LayerCompression implements AutoCloseable {

  private final Recompressor recompressor;

  private LayerCompression(Recompressor recompressor) {
    this.recompressor = recompressor;
  }

  /** Keeps compressed layers in that directory, across builds; it is made when it is needed. */
  public static LayerCompression in(Path directory) {
    return new LayerCompression(Recompressor.with(LayerCache.in(directory)));
  }

  /** Layers are sent as they lie in their tarballs. */
  public static LayerCompression none() {
    return new LayerCompression(Recompressor.off());
  }

  /** Starts with the layers of a service that are worth it. */
  public void start(Candidate candidate) {
    recompressor.prepare(candidate.tarball());
  }

  Recompressor recompressor() {
    return recompressor;
  }

  /** Ends what goes on in the background. */
  @Override
  public void close() {
    recompressor.close();
  }
}
