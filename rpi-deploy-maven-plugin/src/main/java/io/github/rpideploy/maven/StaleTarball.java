package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.ship.Candidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.maven.project.MavenProject;

/** Notices that a module was compiled again after its image tarball was made. */
final class StaleTarball {

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

  private static boolean isNewer(Path file, FileTime than) {
    try {
      return Files.getLastModifiedTime(file).compareTo(than) > 0;
    } catch (IOException e) {
      return false;
    }
  }
}
