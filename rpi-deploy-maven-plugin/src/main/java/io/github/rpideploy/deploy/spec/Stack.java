package io.github.rpideploy.deploy.spec;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The compose project that is deployed to.
 *
 * @param directory where it lives on the Pi: absolute, or relative to the user's home
 * @param composeFile the local file to upload as its {@code compose.yaml}, or null to keep the one
 *     on the Pi
 * @param sudo whether docker and compose are called with {@code sudo -n}
 * @param files what goes along with the compose file
 * @param swarm whether a swarm replaces the services, and not compose
 */
public record Stack(
    String directory, @Nullable Path composeFile, boolean sudo, FilesSpec files, boolean swarm) {

  /** One that compose replaces the services of. */
  public Stack(String directory, @Nullable Path composeFile, boolean sudo, FilesSpec files) {
    this(directory, composeFile, sudo, files, false);
  }

  /** One to which nothing goes along but what the compose file names. */
  public Stack(String directory, @Nullable Path composeFile, boolean sudo) {
    this(directory, composeFile, sudo, FilesSpec.DEFAULT);
  }

  /** One where the user may use Docker without sudo. */
  public Stack(String directory, @Nullable Path composeFile) {
    this(directory, composeFile, false);
  }

  /** The same, but the compose file on the Pi stays unchanged, and so do its files. */
  public Stack asItIs() {
    return new Stack(directory, null, sudo, FilesSpec.DEFAULT, swarm);
  }
}
