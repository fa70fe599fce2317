package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Stack;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** The parameters of the compose project on the Pi; their Javadoc is the manual. */
abstract class StackParameters extends SshParameters {

  /**
   * The directory on the Pi that holds the compose file: absolute, or relative to the user's home.
   * By default {@code rpi/} and the artifactId of the reactor's root. Its name is the name of the
   * compose project.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.directory")
  @Nullable String directory;

  /**
   * The local compose file that is to be the Pi's; it is sent when the Pi has another one. By
   * default {@code compose.yaml} beside the reactor's root POM, if there is one; otherwise the file
   * on the Pi stays as it is.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.composeFile")
  @Nullable String composeFile;

  /**
   * Calls docker and compose on the Pi by {@code sudo -n}, for a user who is not in the group
   * {@code docker}. Sudo must not ask for a password for docker; nothing else is called by it.
   * Compose then sees root's environment: {@code ~} and {@code ${HOME}} in the compose file are
   * {@code /root}.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.sudo", defaultValue = "false")
  boolean sudo;

  /**
   * How long to wait while another deploy to the same directory of the Pi is going on: {@code 5m},
   * or a number of seconds. By default the build fails at once and says who deploys, since when.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.lockTimeout", defaultValue = "0")
  String lockTimeout;

  /**
   * Where layers are kept that were compressed with zstd before they were sent, across builds and
   * projects: a layer of a base image is compressed once. It may be deleted at any time and takes
   * at most 2 GiB. By default {@code rpi-deploy/layers} in the user's cache directory ({@code
   * ~/.cache} on Linux); a CI workflow may keep it from run to run. A relative path starts at the
   * reactor's root.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.layerCache")
  @Nullable String layerCache;

  /** The compose project on the Pi. */
  Stack stack(MavenProject root) {
    String remote = directory == null ? "rpi/" + root.getArtifactId() : directory;
    if (remote.equals("~")
        || remote.isBlank()
        || remote.chars().anyMatch(Character::isISOControl)) {
      throw new DeployException(
          "The directory on the Pi makes no sense: \""
              + remote.strip().replaceAll("\\p{Cntrl}", "?")
              + "\"",
          "Name one of its own for the compose project: -Drpi.directory=rpi/my-services");
    }
    return new Stack(
        remote.startsWith("~/") ? remote.substring(2) : remote, localComposeFile(root), sudo);
  }

  /** Where compressed layers are kept. */
  Path layerCache(MavenProject root) {
    return layerCache == null
        ? CacheDirectory.of(
                System.getProperty("os.name"),
                Path.of(System.getProperty("user.home")),
                System.getenv())
            .resolve("layers")
        : path(layerCache, root);
  }

  private @Nullable Path localComposeFile(MavenProject root) {
    if (composeFile == null) {
      Path beside = Reactor.directory(root).resolve("compose.yaml");
      return Files.isRegularFile(beside) ? beside : null;
    }
    Path named = path(composeFile, root);
    if (!Files.isRegularFile(named)) {
      throw new DeployException(
          "There is no compose file " + named,
          "Name the right one with -Drpi.composeFile=path/to/compose.yaml; relative paths start at "
              + Reactor.directory(root));
    }
    return named;
  }

  /** What a build has only once for each compose project. */
  DeploySettings deploySettings(MavenProject root) {
    return new DeploySettings(
        project.getArtifactId(),
        DurationParameter.parseOrZero("lockTimeout", lockTimeout),
        layerCache(root));
  }
}
