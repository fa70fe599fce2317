package io.github.rpideploy.deploy.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.TestSpec;
import io.github.rpideploy.docker.ReleaseState;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.TestImages;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseTest {

  @TempDir private Path directory;

  @Test
  void it_has_a_tag_of_its_own_beside_the_one_in_the_compose_file() {
    Release release = release(TestImages.typical("auth:blue"), "auth:blue");

    assertThat(release.live()).isEqualTo(ImageReference.parse("auth:blue"));
    assertThat(release.tag().familiar())
        .isEqualTo("auth:rpi-" + release.tarball().configDigest().shortHex());
    assertThat(release.shipped().service()).isEqualTo("auth");
    assertThat(release.shipped().tag()).isEqualTo(release.tag());
  }

  @Test
  void an_image_for_another_platform_is_refused_before_the_Pi_is_asked() {
    assertThatThrownBy(() -> release(TestImages.typical("auth").platform("linux/amd64"), "auth"))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("linux/amd64");
  }

  @Test
  void another_name_than_the_compose_file_wants_is_refused_with_the_way_to_rename_it() {
    assertThat(refused(TestImages.typical("other:1"), "auth"))
        .hasMessageContaining("The compose file wants image auth:latest for auth (there), but")
        .hasMessageEndingWith("carries other:1")
        .extracting(DeployException::hint)
        .asString()
        .contains("docker tag other:1 auth:latest && docker save -o ")
        .endsWith("auth:latest, or fix the compose file; nothing was sent");
  }

  @Test
  void one_without_a_name_gets_the_one_of_the_compose_file() {
    Release release = release(TestImages.nameless().layer("x", 10), "auth:blue");

    assertThat(release.live()).isEqualTo(ImageReference.parse("auth:blue"));
    assertThat(release.tag().familiarName()).isEqualTo("auth");
  }

  @Test
  void a_service_without_image_or_that_is_not_in_the_file_is_refused() {
    assertThat(refused(TestImages.typical("auth"), null))
        .hasMessage("The compose file names no image for auth (there), only a build")
        .extracting(DeployException::hint)
        .isEqualTo("Name the image of the tarball: image: auth:latest");
    assertThat(refused(TestImages.nameless().layer("x", 10), null).hint())
        .isEqualTo("Name the image of the tarball: image: auth");
    assertThatThrownBy(() -> Release.live("auth", file(null), "there"))
        .hasMessage("The compose file names no image for auth (there), only a build");
    assertThatThrownBy(() -> Release.live("db", file("auth"), "there"))
        .hasMessage("The compose file has no service db (there), only auth");
    assertThat(Release.live("auth", file("auth"), "there").familiar()).isEqualTo("auth:latest");
  }

  @Test
  void it_is_usable_when_the_Pi_has_exactly_its_layers() {
    Release release = release(TestImages.typical("auth"), "auth");
    List<String> layers =
        release.tarball().layers().stream().map(layer -> layer.diffId().hex()).toList();

    assertThat(release.problem(new ReleaseState.Usable("sha256:1", layers))).isEmpty();
    assertThat(release.problem(new ReleaseState.Usable("sha256:1", layers.subList(0, 2))))
        .contains("image " + release.tag() + " has other layers than the tarball");
  }

  @Test
  void otherwise_it_says_why_with_the_words_of_the_Engine_if_there_are_any() {
    Release release = release(TestImages.typical("auth"), "auth");

    assertThat(release.problem(new ReleaseState.Absent("")))
        .contains("the Engine has no image " + release.tag());
    assertThat(release.problem(new ReleaseState.Absent("no space left")))
        .contains("the Engine has no image " + release.tag() + ": no space left");
    assertThat(release.problem(new ReleaseState.Unusable("layer does not exist")))
        .contains(
            "no container can be created from image " + release.tag() + ": layer does not exist");
  }

  @Test
  void a_smoke_test_without_a_port_is_refused_where_nobody_names_one_or_the_image_several() {
    assertThat(refusedTest(null, exposing()))
        .hasMessage(
            "The smoke test of auth needs a port: the compose file names none for it, and its"
                + " image none either")
        .extracting(DeployException::hint)
        .isEqualTo(
            "Name the one that the service listens on in the module's POM:"
                + " <properties><rpi.smokePort>8080</rpi.smokePort></properties>; nothing was sent");
    assertThat(refusedTest(null, exposing("9000/tcp", "8080/tcp", "53/udp")))
        .hasMessageEndingWith("and its image several: [8080, 9000]");
    assertThat(refusedTest(null, exposing("53/udp"))).hasMessageEndingWith("none either");

    assertThat(refusedTest(null, exposing("8080/tcp", "53/udp"))).isNull();
    assertThat(refusedTest(null, exposing("8080"))).as("as the OCI has it").isNull();
    assertThat(refusedTest(8080, exposing())).isNull();
    ComposeFile exposes = ComposeFile.parse("services: {auth: {image: auth, expose: [8080]}}");
    assertThat(refusedTest(null, exposing(), exposes)).isNull();
  }

  private static TestImages exposing(String... ports) {
    return TestImages.typical("auth")
        .config(
            config -> {
              JsonObject exposed = new JsonObject();
              Stream.of(ports).forEach(port -> exposed.add(port, new JsonObject()));
              JsonObject settings = new JsonObject();
              settings.add("ExposedPorts", exposed);
              config.add("config", settings);
            });
  }

  private DeployException refusedTest(@Nullable Integer port, TestImages image) {
    return refusedTest(port, image, file("auth"));
  }

  private DeployException refusedTest(@Nullable Integer port, TestImages image, ComposeFile file) {
    SmokeSpec smoke =
        new SmokeSpec(
            List.of(new TestSpec.Http(null, "/", port, 200, false, Map.of(), List.of())),
            Duration.ZERO);
    Candidate candidate = candidate(directory, "auth", image, smoke);
    return catchThrowableOfType(
        DeployException.class, () -> Release.of(candidate, file, "there", "pi"));
  }

  private DeployException refused(TestImages image, @Nullable String wanted) {
    return catchThrowableOfType(DeployException.class, () -> release(image, wanted));
  }

  private Release release(TestImages image, @Nullable String wanted) {
    return Release.of(candidate(directory, "auth", image), file(wanted), "there", "pi");
  }

  static Candidate candidate(Path directory, String service, TestImages image) {
    return candidate(directory, service, image, SmokeSpec.NONE);
  }

  private static Candidate candidate(
      Path directory, String service, TestImages image, SmokeSpec smoke) {
    return Candidate.read(
        new ServiceSpec(
            service,
            image.writeDocker(directory.resolve(service + ".tar")),
            "linux/arm64",
            smoke,
            Duration.ofMinutes(2),
            directory.resolve("log")));
  }

  private static ComposeFile file(@Nullable String image) {
    return new ComposeFile(Map.of("auth", ComposeFile.Service.of(image)));
  }
}
