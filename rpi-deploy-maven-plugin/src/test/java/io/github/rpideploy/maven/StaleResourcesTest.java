package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.image.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.maven.model.Build;
import org.apache.maven.model.Model;
import org.apache.maven.model.Resource;
import org.apache.maven.project.MavenProject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files make a tarball look old where the resources are the module itself. */
class StaleResourcesTest {

  private static final Instant BUILT = Instant.parse("2026-11-01T12:00:00Z");

  @TempDir private Path directory;

  private MavenProject module;
  private Candidate candidate;

  @BeforeEach
  void aModuleWhoseResourcesAreAllOfIt() throws IOException {
    Build build = new Build();
    build.setDirectory(directory.resolve("target").toString());
    build.setOutputDirectory(directory.resolve("target/classes").toString());
    Resource resource = new Resource();
    resource.setDirectory(directory.toString());
    build.addResource(resource);
    Model model = new Model();
    model.setBuild(build);
    module = new MavenProject(model);
    Path tarball = directory.resolve("target/jib-image.tar");
    Files.createDirectories(tarball.getParent());
    TestImages.typical("auth:latest").writeDocker(tarball);
    candidate =
        Candidate.read(
            new ServiceSpec(
                "auth",
                tarball,
                "linux/arm64",
                SmokeSpec.NONE,
                Duration.ofMinutes(1),
                directory.resolve("auth.log")));
    Files.setLastModifiedTime(tarball, FileTime.from(BUILT));
    put("pom.xml", -60);
    put("target/classes/App.class", -30);
  }

  @Test
  void what_the_build_has_written_after_it_does_not() throws IOException {
    put("target/jib-image.id", 1);

    assertThat(warning()).isEmpty();
  }

  @Test
  void sources_and_classes_do() throws IOException {
    put("messages.properties", 5);
    assertThat(warning().orElseThrow()).contains("is older than messages.properties");

    put("messages.properties", -5);
    put("target/classes/App.class", 5);
    assertThat(warning().orElseThrow()).contains("is older than App.class");
  }

  private Optional<String> warning() {
    return StaleTarball.warning(module, candidate);
  }

  private void put(String path, int secondsLater) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, path);
    Files.setLastModifiedTime(file, FileTime.from(BUILT.plusSeconds(secondsLater)));
  }
}
