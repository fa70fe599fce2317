package io.github.rpideploy.image.tarball;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.ImageTarball;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.image.OtherTarballs;
import io.github.rpideploy.image.OtherTarballs.Layout;
import io.github.rpideploy.image.Platform;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.image.TestTar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tarballs of Docker and Podman, with links in them and with several images. */
class OtherToolsTest {

  private static final TestImages AUTH =
      TestImages.named("auth:1").layer("base", 900).layer("auth", 90).layer("base", 900);
  private static final TestImages EXTENSION =
      TestImages.named("extension:2").tag("extension").layer("base", 900).layer("extension", 90);

  @TempDir private Path directory;

  @Test
  void a_layer_that_stands_twice_is_a_link_in_an_old_tarball_of_Docker() throws IOException {
    ImageTarball read = read(OtherTarballs.oldDocker(AUTH), null);

    assertThat(read.configDigest()).isEqualTo(AUTH.configDigest());
    assertThat(read.tags()).containsExactly(ImageReference.parse("auth:1"));
    assertThat(read.layers()).map(Layer::diffId).isEqualTo(AUTH.diffIds());
    assertThat(read.layers()).map(Layer::compression).containsOnly(Compression.NONE);
    assertThat(read.layers().get(2)).isEqualTo(read.layers().get(0));
    for (Layer layer : read.layers()) {
      assertThat(Digest.of(read.unpacked(layer).readAllBytes())).isEqualTo(layer.diffId());
    }
  }

  @Test
  void podman_puts_localhost_before_a_name_which_need_not_be_in_the_compose_file()
      throws IOException {
    byte[] saved = OtherTarballs.podman(AUTH, "localhost/team/auth:1", "localhost:5000/auth:1");

    ImageTarball read = read(saved, null);

    assertThat(read.layers()).map(Layer::diffId).isEqualTo(AUTH.diffIds());
    assertThat(read.tags())
        .map(ImageReference::familiar)
        .containsExactly("localhost/team/auth:1", "localhost:5000/auth:1", "team/auth:1");
  }

  @ParameterizedTest
  @CsvSource({
    "S, a/b/layer.tar, ../x.tar, ''",
    "S, a/b/layer.tar, ../../real.tar, ok",
    "S, layer.tar, real.tar, ok",
    "S, layer.tar, ./././/real.tar, ok",
    "S, layer.tar, x/../real.tar, ok",
    "H, a/layer.tar, real.tar, ok",
    "H, a/layer.tar, ./real.tar, ok",
    "S, layer.tar, /real.tar, ''",
    "S, layer.tar, ../real.tar, ''",
    "S, a/layer.tar, ../../real.tar, ''",
    "H, a/layer.tar, ../real.tar, ''",
    "S, layer.tar, layer.tar, ''",
    "S, layer.tar, '', ''",
    "S, layer.tar, dir, ''",
    "S, layer.tar, /etc/passwd, ''"
  })
  void a_link_leads_to_a_file_of_the_tarball_or_nowhere(
      String kind, String name, String target, String outcome) throws IOException {
    TestImages one = TestImages.named("x").layer("a", 90);
    Map<String, TestTar.Entry> entries = new LinkedHashMap<>();
    entries.put("real.tar", TestTar.file(one.layers().get(0)));
    entries.put("dir/", TestTar.directory());
    entries.put(name, kind.equals("S") ? TestTar.link(target) : TestTar.hardLink(target));
    byte[] tarball = linked(entries, one, name);

    if (outcome.equals("ok")) {
      assertThat(read(tarball, null).layers()).map(Layer::diffId).isEqualTo(one.diffIds());
    } else {
      assertThat(refused(tarball, null))
          .hasMessageContaining(
              name + " in it is a link to " + target + ", which is no file in it");
    }
  }

  @Test
  void a_chain_of_links_has_an_end() throws IOException {
    TestImages one = TestImages.named("x").layer("a", 90);
    Map<String, TestTar.Entry> entries = new LinkedHashMap<>();
    entries.put("0", TestTar.file(one.layers().get(0)));
    for (int i = 1; i <= 9; i++) {
      entries.put(String.valueOf(i), TestTar.link(String.valueOf(i - 1)));
    }

    assertThat(read(linked(entries, one, "8"), null).layers()).hasSize(1);
    assertThat(refused(linked(entries, one, "9"), null))
        .hasMessageContaining("9 in it is a link to 8, which is no file in it");
  }

  @Test
  void a_link_with_a_long_target_leads_where_its_extension_header_says() throws IOException {
    TestImages one = TestImages.named("x").layer("a", 90);
    String name = "d/".repeat(80) + "real.tar";
    Map<String, TestTar.Entry> entries = new LinkedHashMap<>();
    entries.put(name, TestTar.file(one.layers().get(0)));
    entries.put("layer.tar", TestTar.link(name));
    assertThat(read(linked(entries, one, "layer.tar"), null).layers()).hasSize(1);

    entries.put("layer.tar", TestTar.link("d/".repeat(1_000) + "real.tar"));
    assertThat(refused(linked(entries, one, "layer.tar"), null).getMessage().length())
        .isLessThan(1000);
  }

  private static byte[] linked(Map<String, TestTar.Entry> entries, TestImages image, String layer) {
    Map<String, TestTar.Entry> all = new LinkedHashMap<>(entries);
    all.put("config.json", TestTar.file(image.configBytes()));
    String manifest =
        "[{\"Config\":\"config.json\",\"RepoTags\":[\"x:1\"],\"Layers\":[\"" + layer + "\"]}]";
    all.put("manifest.json", TestTar.file(manifest.getBytes(StandardCharsets.UTF_8)));
    return TestTar.write(all);
  }

  @ParameterizedTest
  @CsvSource({
    "auth:1, auth:1",
    "docker.io/library/auth:1, auth:1",
    "extension, extension:2",
    "extension:latest, extension:2",
    "extension:2, extension:2",
    "'auth:${TAG}', auth:1",
    "'auth:$TAG', auth:1",
    "'extension:${TAG:-7}', extension:2",
    "'${REGISTRY}auth:${TAG:-x}', auth:1",
    "'${REGISTRY:-docker.io/library}/extension', extension:2",
    "'au${A}${B}:1', auth:1"
  })
  void of_several_images_the_one_is_read_that_the_compose_file_names(String image, String read)
      throws IOException {
    for (byte[] tarball : List.of(OtherTarballs.oldDocker(AUTH, EXTENSION), layout())) {
      assertThat(read(tarball, image).tags()).contains(ImageReference.parse(read));
    }
  }

  private static byte[] layout() {
    Layout layout = new Layout();
    return layout
        .listed(layout.manifest(AUTH), "auth:1")
        .listed(layout.manifest(EXTENSION), "extension:2")
        .listed(layout.manifest(EXTENSION), "extension")
        .bytes();
  }

  @ParameterizedTest
  @CsvSource({
    "auth:2, 'none of them is what the compose file names, image: auth:2'",
    "auth, 'none of them is what the compose file names, image: auth'",
    "'auth:${TAG}-x', 'none of them is what the compose file names, image: auth:${TAG}-x'",
    "'a b', 'none of them is what the compose file names, image: a b'",
    "'${IMAGE}', 'several of them may be what the compose file names, image: ${IMAGE}'",
    "'$$auth:1', 'none of them is what the compose file names, image: $$auth:1'",
    ", no local compose file says which one is meant"
  })
  void otherwise_the_names_in_it_are_listed(@Nullable String image, String why) {
    for (byte[] tarball : List.of(OtherTarballs.oldDocker(AUTH, EXTENSION), layout())) {
      DeployException failure = refused(tarball, image);

      assertThat(failure)
          .hasMessage(
              "The image tarball %s cannot be used: it holds 2 images, auth:1, extension:2,"
                  + " extension:latest, and %s",
              directory.resolve("saved.tar"), why);
      assertThat(failure.hint())
          .isEqualTo(
              "Name the image of the service in the compose file, for example image: auth:1\n"
                  + "or save only that one, for example: docker save -o "
                  + directory.resolve("saved.tar")
                  + " auth:1");
    }
  }

  @Test
  void the_only_image_is_read_whatever_the_compose_file_names() throws IOException {
    assertThat(read(OtherTarballs.oldDocker(AUTH), "other").tags())
        .containsExactly(ImageReference.parse("auth:1"));
    assertThat(read(OtherTarballs.oldDocker(AUTH, AUTH), "other").tags())
        .as("an image that is listed twice")
        .containsExactly(ImageReference.parse("auth:1"));
  }

  @Test
  void a_name_of_many_variables_takes_no_time() {
    String image = "${A}a".repeat(200);
    long start = System.nanoTime();

    assertThat(new ImageName(image).fits(ImageReference.parse("a".repeat(120) + ":b"))).isFalse();

    assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
  }

  private ImageTarball read(byte[] tarball, @Nullable String image) throws IOException {
    return TarballReader.read(
        Files.write(directory.resolve("saved.tar"), tarball),
        new Wanted(Platform.parse("linux/arm64"), () -> Optional.ofNullable(image), directory));
  }

  private DeployException refused(byte[] tarball, @Nullable String image) {
    return catchThrowableOfType(DeployException.class, () -> read(tarball, image));
  }
}
