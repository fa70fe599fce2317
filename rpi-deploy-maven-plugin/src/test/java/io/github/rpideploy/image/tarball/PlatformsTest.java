package io.github.rpideploy.image.tarball;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.ImageTarball;
import io.github.rpideploy.image.OtherTarballs;
import io.github.rpideploy.image.OtherTarballs.Layout;
import io.github.rpideploy.image.Platform;
import io.github.rpideploy.image.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images for several platforms, as Docker's containerd store and buildx write them. */
class PlatformsTest {

  private static final TestImages ARM64 = image("linux/arm64");
  private static final TestImages AMD64 = image("linux/amd64");

  @TempDir private Path directory;

  private static TestImages image(String platform) {
    return TestImages.named("auth:1").platform(platform).layer("base", 900).layer(platform, 90);
  }

  @Test
  void of_an_index_in_the_index_the_image_for_the_Pi_is_read_and_the_others_need_not_be_there()
      throws IOException {
    Layout layout =
        OtherTarballs.platforms("auth:1", List.of(ARM64, AMD64), List.of(image("linux/s390x")));

    ImageTarball read = read(layout.bytes(), "linux/arm64");

    assertThat(read.configDigest()).isEqualTo(ARM64.configDigest());
    assertThat(read.tags()).containsExactly(ImageReference.parse("auth:1"));
    assertThat(read.layers()).map(layer -> layer.diffId()).isEqualTo(ARM64.diffIds());
    assertThat(read(layout.bytes(), "linux/amd64").configDigest()).isEqualTo(AMD64.configDigest());
  }

  @Test
  void where_none_is_for_the_Pi_the_platforms_that_there_are_are_listed() throws IOException {
    Layout layout =
        OtherTarballs.platforms(
            "auth:1", List.of(AMD64, image("linux/arm/v7")), List.of(image("linux/arm64")));

    DeployException failure = refused(layout.bytes(), "linux/arm64");

    assertThat(failure)
        .hasMessage(
            "The image tarball %s cannot be used: it has no image for linux/arm64, only for"
                + " linux/amd64, linux/arm/v7",
            directory.resolve("saved.tar"));
    assertThat(failure.hint())
        .contains("docker pull --platform linux/arm64 auth:1 && docker save -o ");
  }

  @Test
  void the_only_one_is_read_and_told_to_be_wrong_by_whoever_wants_another() throws IOException {
    Layout layout = OtherTarballs.platforms("auth:1", List.of(AMD64), List.of(ARM64));

    assertThat(read(layout.bytes(), "linux/arm64").platform()).hasToString("linux/amd64");
  }

  @Test
  void where_no_image_is_there_the_missing_one_is_named() throws IOException {
    Layout layout = OtherTarballs.platforms("auth:1", List.of(), List.of(ARM64));

    assertThat(refused(layout.bytes(), "linux/arm64")).hasMessageEndingWith(" is missing in it");
  }

  @Test
  void an_attestation_without_its_annotation_is_known_by_its_platform() throws IOException {
    Layout layout = new Layout();
    JsonObject attestation = layout.attestation(ARM64);
    attestation.remove("annotations");
    layout.listed(attestation, "").listed(layout.manifest(ARM64), "");

    assertThat(read(layout.bytes(), "linux/arm64").configDigest()).isEqualTo(ARM64.configDigest());
    assertThat(read(layout.bytes(), "linux/arm64").tags()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "linux/arm/v7, linux/arm/v7",
    "linux/arm/v6, linux/arm/v6",
    "linux/arm/v8, linux/arm/v7",
    "linux/arm, linux/arm/v7",
    "linux/arm64, linux/arm64"
  })
  void of_variants_that_fit_the_newest_is_read(String wanted, String read) throws IOException {
    Layout layout = new Layout();
    for (String platform :
        List.of("linux/arm/v5", "linux/arm/v7", "linux/arm/v6", "linux/amd64", "linux/arm64/v8")) {
      layout.listed(layout.manifest(image(platform)), "auth:1");
    }

    assertThat(read(layout.bytes(), wanted).platform()).hasToString(read);
  }

  @Test
  void where_the_index_states_no_platform_the_config_does() throws IOException {
    Layout layout = new Layout();
    for (TestImages image : List.of(AMD64, ARM64)) {
      JsonObject descriptor = layout.manifest(image);
      descriptor.remove("platform");
      layout.listed(descriptor, "auth:1");
    }

    assertThat(read(layout.bytes(), "linux/arm64").configDigest()).isEqualTo(ARM64.configDigest());
  }

  @Test
  void what_is_no_image_is_skipped() throws IOException {
    Layout layout = new Layout();
    JsonObject signature = new JsonObject();
    signature.add("config", layout.blob("{}".getBytes(StandardCharsets.UTF_8)));
    signature.add("layers", new JsonArray());
    JsonObject descriptor = layout.blob(signature.toString().getBytes(StandardCharsets.UTF_8));
    layout.listed(descriptor, "").listed(layout.manifest(ARM64), "auth:1");

    assertThat(read(layout.bytes(), "linux/arm64").tags())
        .containsExactly(ImageReference.parse("auth:1"));

    layout.listed(descriptor, "auth:1");

    assertThat(read(layout.bytes(), "linux/arm64").configDigest()).isEqualTo(ARM64.configDigest());
  }

  @Test
  void where_Docker_lists_one_platform_and_the_index_more_the_right_one_is_read()
      throws IOException {
    byte[] both =
        OtherTarballs.platforms("auth:1", List.of(ARM64, AMD64), List.of()).docker(AMD64).bytes();

    assertThat(read(both, "linux/amd64").configDigest()).isEqualTo(AMD64.configDigest());
    assertThat(read(both, "linux/arm64").configDigest()).isEqualTo(ARM64.configDigest());
    assertThat(read(both, "linux/s390x").platform()).as("told later").hasToString("linux/amd64");
  }

  @Test
  void two_without_a_name_for_the_same_platform_are_refused() throws IOException {
    Layout layout = new Layout();
    layout.listed(layout.manifest(ARM64), "");
    layout.listed(layout.manifest(image("linux/arm64").layer("more", 9)), "");

    assertThat(refused(layout.bytes(), "linux/arm64"))
        .hasMessageEndingWith(
            "it holds 2 images, one without a name, and all of them are for linux/arm64");
  }

  @Test
  void an_index_that_is_nested_too_deeply_or_lists_too_much_is_refused() throws IOException {
    Layout deep = new Layout();
    JsonObject descriptor = deep.manifest(ARM64);
    for (int i = 0; i < 4; i++) {
      descriptor = deep.index(list(descriptor));
    }
    assertThat(refused(deep.listed(descriptor, "").bytes(), "linux/arm64"))
        .hasMessageEndingWith("its indexes are nested too deeply");

    Layout wide = new Layout();
    JsonObject image = wide.manifest(ARM64);
    IntStream.range(0, 1001).forEach(i -> wide.listed(image, ""));
    assertThat(refused(wide.bytes(), "linux/arm64"))
        .hasMessageEndingWith("it lists more than 1000 images");

    Layout large = new Layout();
    JsonObject comment = new JsonObject();
    comment.addProperty("comment", "x".repeat(4 << 20));
    comment.add("manifests", list(large.manifest(ARM64)));
    JsonObject index = large.blob(comment.toString().getBytes(StandardCharsets.UTF_8));
    IntStream.range(0, 17).forEach(i -> large.listed(index, ""));
    assertThat(refused(large.bytes(), "linux/arm64"))
        .hasMessageEndingWith("its documents have more than 67108864 bytes together");
  }

  private static JsonArray list(JsonObject descriptor) {
    JsonArray list = new JsonArray();
    list.add(descriptor);
    return list;
  }

  private ImageTarball read(byte[] tarball, String platform) throws IOException {
    return TarballReader.read(
        Files.write(directory.resolve("saved.tar"), tarball),
        new Wanted(Platform.parse(platform), Optional::empty, directory));
  }

  private DeployException refused(byte[] tarball, String platform) {
    return catchThrowableOfType(DeployException.class, () -> read(tarball, platform));
  }
}
