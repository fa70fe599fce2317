package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.ship.Candidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * The warning when the tarball is older than the module's classes or its sources, empty when it
   * is not.
   */
  static Optional<String> warning(MavenProject module, Candidate candidate) {
    Path tarball = candidate.spec().imageTar();
    Path build = Path.of(module.getBuild().getDirectory());
    List<String> directories = new ArrayList<>();
    directories.add(module.getBuild().getOutputDirectory());
    directories.addAll(module.getCompileSourceRoots());
    module.getBuild().getResources().forEach(each -> directories.add(each.getDirectory()));
    try {
      FileTime made = Files.getLastModifiedTime(tarball);
      for (String directory : directories) {
        Optional<Path> newer = newer(Path.of(directory), made, build);
        if (newer.isPresent()) {
          return newer.map(
              file ->
                  tarball
                      + " is older than "
                      + file
                      + ": the image may lack the newest changes. Build it again: mvn package");
        }
      }
    } catch (IOException e) {
      // Then there is nothing to compare.
    }
    return Optional.empty();
  }

  /**
   * A file below the directory that is newer, relative to it; what the build has made counts only
   * where the directory is made by it, too.
   */
  private static Optional<Path> newer(Path directory, FileTime than, Path build)
      throws IOException {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> directory.startsWith(build) || !file.startsWith(build))
          .filter(Files::isRegularFile)
          .filter(file -> isNewer(file, than))
          .findFirst()
          .map(directory::relativize);
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
