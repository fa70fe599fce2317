package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.ship.Candidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.classworlds.realm.ClassRealm;

/** Notices that an image tarball may not be of the sources that are there. */
final class StaleTarball {

  private static final String CACHE_EXTENSION =
      "org.apache.maven.extensions:maven-build-cache-extension";

  private static final String SKIP_CACHE = "maven.build.cache.skipCache";

  private StaleTarball() {}

  /** The warning when the tarball is older than the module's classes, empty when it is not. */
  static Optional<String> warning(MavenProject module, Candidate candidate) {
    Path classes = Path.of(module.getBuild().getOutputDirectory());
    if (!Files.isDirectory(classes)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(classes)) {
      FileTime tarball = Files.getLastModifiedTime(candidate.spec().imageTar());
      return files
          .filter(Files::isRegularFile)
          .filter(file -> isNewer(file, tarball))
          .findFirst()
          .map(
              file ->
                  candidate.spec().imageTar()
                      + " is older than "
                      + classes.relativize(file)
                      + ": the image may lack the newest changes. Build it again: mvn package");
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The warning when Maven's build cache is active, which restores modules without their images.
   *
   * @param goal that runs; its realm's world has the realms of all extensions
   */
  static Optional<String> cacheWarning(MavenSession session, MojoExecution goal) {
    ClassRealm realm = goal.getMojoDescriptor().getPluginDescriptor().getClassRealm();
    boolean active =
        realm.getWorld().getRealms().stream()
            .anyMatch(other -> other.getId().contains(CACHE_EXTENSION));
    Properties given = session.getUserProperties();
    boolean isRead =
        Boolean.parseBoolean(given.getProperty("maven.build.cache.enabled", "true"))
            && !Boolean.parseBoolean(given.getProperty(SKIP_CACHE));
    return active && isRead
        ? Optional.of(
            "The maven-build-cache-extension is active: where it restores a module, Jib makes no"
                + " image, so the tarball there may be of other sources, and goals that are bound"
                + " to a phase do not run. Deploy without it: -D"
                + SKIP_CACHE
                + "=true")
        : Optional.empty();
  }

  private static boolean isNewer(Path file, FileTime than) {
    try {
      return Files.getLastModifiedTime(file).compareTo(than) > 0;
    } catch (IOException e) {
      return false;
    }
  }
}
