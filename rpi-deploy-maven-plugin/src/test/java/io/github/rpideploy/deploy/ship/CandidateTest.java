package io.github.rpideploy.deploy.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.OtherTarballs;
import io.github.rpideploy.image.TestImages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CandidateTest {

  private static final TestImages AUTH = TestImages.typical("auth:1");
  private static final TestImages OTHER = TestImages.typical("other:1").layer("more", 9);

  @TempDir private Path directory;

  @Test
  void of_several_images_the_one_is_read_that_the_local_compose_file_names() throws IOException {
    byte[] both = OtherTarballs.oldDocker(AUTH, OTHER);

    assertThat(read(both, "services: {auth: {image: 'auth:${TAG}'}}").tarball().tags())
        .containsExactly(ImageReference.parse("auth:1"));
    assertThat(read(both, "services: {auth: {image: 'other:1'}}").tarball().tags())
        .containsExactly(ImageReference.parse("other:1"));
    assertThat(
            catchThrowableOfType(
                DeployException.class, () -> read(both, "services: {db: {image: 'auth:1'}}")))
        .hasMessageEndingWith("and no local compose file says which one is meant");
  }

  @Test
  void of_several_platforms_the_configured_one_is_read() throws IOException {
    TestImages amd64 = TestImages.typical("auth:1").platform("linux/amd64");
    byte[] both = OtherTarballs.platforms("auth:1", List.of(amd64, AUTH), List.of()).bytes();

    assertThat(read(both, "").tarball().platform()).hasToString("linux/arm64");
  }

  @Test
  void one_that_is_compressed_is_unpacked_into_the_directory_that_is_named() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(AUTH.dockerBytes());
    }

    Candidate read = read(bytes.toByteArray(), "");

    assertThat(read.tarball().file()).isEqualTo(directory.resolve("image.tar"));
    assertThat(read.tarball().content()).hasParent(directory.resolve("unpacked")).exists();
  }

  @Test
  void of_one_image_the_compose_file_is_not_asked() throws IOException {
    Files.write(directory.resolve("image.tar"), AUTH.dockerBytes());

    Candidate read =
        Candidate.read(
            spec(),
            () -> {
              throw new AssertionError("nobody needs it");
            },
            directory);

    assertThat(read.tarball().configDigest()).isEqualTo(AUTH.configDigest());
  }

  private Candidate read(byte[] tarball, String compose) throws IOException {
    Files.write(directory.resolve("image.tar"), tarball);
    Path file = Files.writeString(directory.resolve("compose.yaml"), compose);
    return Candidate.read(spec(), () -> new Stack("x", file), directory.resolve("unpacked"));
  }

  private ServiceSpec spec() {
    return new ServiceSpec(
        "auth",
        directory.resolve("image.tar"),
        "linux/arm64",
        SmokeSpec.NONE,
        Duration.ofMinutes(2),
        directory.resolve("log"));
  }
}
