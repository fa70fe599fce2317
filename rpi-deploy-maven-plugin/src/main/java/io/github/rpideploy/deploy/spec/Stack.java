package io.github.rpideploy.deploy.spec;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The compose project that is deployed to.
 *
 * @param directory where it lives on the Pi: absolute, or relative to the user's home
 * @param composeFile the local file that is to be its {@code compose.yaml}, or null to leave the
 *     one on the Pi alone
 * @param sudo whether docker and compose are called by {@code sudo -n}
 */
public record Stack(String directory, @Nullable Path composeFile, boolean sudo) {

  /** One whose Docker the user may use. */
  public Stack(String directory, @Nullable Path composeFile) {
    this(directory, composeFile, false);
  }

  /** The same, whose compose file on the Pi stays as it is. */
  public Stack asItIs() {
    return new Stack(directory, null, sudo);
  }
}
