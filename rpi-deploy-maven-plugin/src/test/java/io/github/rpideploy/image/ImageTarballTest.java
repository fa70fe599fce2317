package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.tarball.TarballReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageTarballTest {

  @TempDir private Path directory;

  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("jib-image.tar");
  }

  @Test
  void readsDockersFormat() {
    TestImages made = TestImages.typical("auth-server:latest").tag("auth-server:1.2");

    ImageTarball read = TarballReader.read(made.writeDocker(file));

    assertIsTheImage(read, made);
    assertThat(read.tags())
        .map(ImageReference::familiar)
        .containsExactly("auth-server:latest", "auth-server:1.2");
    assertThat(read.layers().get(0).entry()).endsWith(".tar.gz");
  }

  @Test
  void readsTheOciFormat() {
    TestImages made = TestImages.typical("localhost:5000/auth-server:1.2");

    ImageTarball read = TarballReader.read(made.writeOci(file));

    assertIsTheImage(read, made);
    assertThat(read.tag().familiar()).isEqualTo("localhost:5000/auth-server:1.2");
    assertThat(read.layers().get(0).entry()).startsWith("blobs/sha256/");
  }

  @Test
  void bothFormatsAreTheSameImage() {
    TestImages made = TestImages.typical("auth-server");

    ImageTarball docker = TarballReader.read(made.writeDocker(file));
    ImageTarball oci = TarballReader.read(made.writeOci(directory.resolve("oci.tar")));

    assertThat(docker.configDigest()).isEqualTo(oci.configDigest());
    assertThat(PlainArchive.manifestDigest(docker)).isEqualTo(PlainArchive.manifestDigest(oci));
    assertThat(docker.config()).isEqualTo(oci.config());
  }

  @Test
  void theSameLayerCanStandSeveralTimes() {
    TestImages made =
        TestImages.named("x").layer("a", 900).layer("b", 10).layer("a", 900).layer("c", 20);

    for (Path tarball :
        List.of(made.writeDocker(file), made.writeOci(directory.resolve("oci.tar")))) {
      ImageTarball read = TarballReader.read(tarball);

      assertIsTheImage(read, made);
      assertThat(read.layers().get(0)).isEqualTo(read.layers().get(2));
      assertThat(read.layerBytes())
          .isEqualTo(
              made.blobs().get(0).length + made.blobs().get(1).length + made.blobs().get(3).length);
    }
  }

  @Test
  void anImageWithoutLayersIsAnImage() {
    ImageTarball read = TarballReader.read(TestImages.named("x").writeDocker(file));

    assertThat(read.layers()).isEmpty();
    assertThat(read.layerBytes()).isZero();
  }

  @Test
  void layersAreRecognisedByTheirFirstBytesNotByTheirMediaType() {
    byte[] tar = TestImages.layerTar("a", "A");
    TestImages made =
        TestImages.named("x")
            .layer(tar, Compression.NONE)
            .layer(TestImages.layerTar("b", "B"), Compression.GZIP)
            .layer(TestImages.layerTar("c", "C"), Compression.ZSTD);

    ImageTarball read = TarballReader.read(made.writeOci(file));

    assertThat(read.layers())
        .map(Layer::compression)
        .containsExactly(Compression.NONE, Compression.GZIP, Compression.ZSTD);
    assertThat(read.layers().get(0).blobDigest()).isEqualTo(read.layers().get(0).diffId());
  }

  @Test
  void layersWithoutADigestInTheirNameAreMeasured() {
    // As docker save of Engine 24 and before names them, but compressed.
    TestImages made = TestImages.named("x").layer("a", 200_000);
    made.manifest(manifest -> layersOf(manifest.getAsJsonArray()).set(0, json("0123/layer.tar")))
        .with("0123/layer.tar", made.blobs().get(0));

    assertIsTheImage(TarballReader.read(made.writeDocker(file)), made);
  }

  @Test
  void uncompressedLayersHaveTheirDiffIdAsDigest() {
    byte[] tar = TestImages.layerTar("a", "A");
    TestImages made = TestImages.named("x").layer(tar, Compression.NONE);
    made.manifest(manifest -> layersOf(manifest.getAsJsonArray()).set(0, json("./0123/layer.tar")))
        .with("0123/layer.tar", tar);

    assertIsTheImage(TarballReader.read(made.writeDocker(file)), made);
  }

  @Test
  void aCompressedLayerNamedByItsDiffIdIsMeasured() {
    TestImages made = TestImages.named("x").layer("a", 500);
    String name = made.diffIds().get(0).hex() + ".tar.gz";
    made.manifest(manifest -> layersOf(manifest.getAsJsonArray()).set(0, json(name)))
        .with(name, made.blobs().get(0));

    assertIsTheImage(TarballReader.read(made.writeDocker(file)), made);
  }

  @Test
  void theConfigIsKeptToTheByte() {
    TestImages made =
        TestImages.typical("x")
            .config(config -> config.addProperty("author", "Ünïcode ☕ \ud83e\udd67"));

    ImageTarball read = TarballReader.read(made.writeDocker(file));

    assertThat(read.config().getBytes(StandardCharsets.UTF_8)).isEqualTo(made.configBytes());
  }

  @Test
  void anImageWithoutANameSaysHowToNameIt() {
    for (Path tarball :
        List.of(
            TestImages.nameless().layer("a", 9).writeDocker(file),
            TestImages.nameless().layer("a", 9).writeOci(directory.resolve("oci.tar")))) {
      ImageTarball read = TarballReader.read(tarball);

      assertThat(read.tags()).isEmpty();
      assertThatThrownBy(read::tag)
          .isInstanceOf(DeployException.class)
          .hasMessageContaining(tarball.toString())
          .extracting(e -> ((DeployException) e).hint())
          .asString()
          .contains("<to><image>auth-server</image></to>");
    }
  }

  @Test
  void aTagAloneInTheIndexIsNoName() {
    TestImages made = TestImages.nameless().layer("a", 9);
    made.manifest(index -> annotate(index.getAsJsonObject().getAsJsonArray("manifests"), "latest"));

    assertThat(TarballReader.read(made.writeOci(file)).tags()).isEmpty();
  }

  @Test
  void theOtherTagsOfAnOciTarballComeFromJibImageJson() {
    TestImages made =
        TestImages.typical("auth-server:latest").tag("auth-server:1.2").tag("auth-server:blue");
    made.withJibMetadata();

    assertThat(TarballReader.read(made.writeOci(file)).tags())
        .map(ImageReference::familiar)
        .containsExactly("auth-server:latest", "auth-server:1.2", "auth-server:blue");
  }

  @Test
  void jibImageJsonNamesATarballThatHasNoName() throws IOException {
    TestImages made = TestImages.nameless().layer("a", 9);
    Files.writeString(
        directory.resolve("jib-image.json"),
        """
        {"image":"team/x:2","imageId":"%s","tags":["1","2"]}\
        """
            .formatted(made.configDigest()));

    assertThat(TarballReader.read(made.writeOci(file)).tags())
        .map(ImageReference::familiar)
        .containsExactly("team/x:2", "team/x:1");
  }

  @Test
  void jibImageJsonOfAnotherImageOrWithoutSenseIsIgnored() throws IOException {
    TestImages made = TestImages.typical("x:1");
    made.writeOci(file);

    for (String stale :
        List.of(
            "{\"image\":\"y\",\"imageId\":\"%s\",\"tags\":[\"2\"]}"
                .formatted(Digest.of(new byte[0])),
            "{\"image\":[],\"imageId\":\"%s\",\"tags\":7}".formatted(made.configDigest()),
            "{\"image\":\"y\",\"imageId\":\"%s\",\"tags\":[\"a b\"]}"
                .formatted(made.configDigest()),
            "{\"image\"",
            "\0",
            "",
            "[]")) {
      Files.writeString(directory.resolve("jib-image.json"), stale);
      assertThat(TarballReader.read(file).tags())
          .map(ImageReference::familiar)
          .containsExactly("x:1");
    }
  }

  @Test
  void theReleaseTagHoldsTwelveDigitsOfTheConfigDigest() {
    ImageTarball read = TarballReader.read(TestImages.typical("auth-server").writeDocker(file));

    assertThat(read.releaseTag(read.tag()).familiar())
        .isEqualTo("auth-server:rpi-" + read.configDigest().hex().substring(0, 12));
  }

  @Test
  void anImageOfTheRightPlatformPasses() {
    ImageTarball read =
        TarballReader.read(TestImages.typical("x").platform("linux/arm64/v8").writeDocker(file));

    assertThatCode(() -> read.requirePlatform(Platform.parse("linux/arm64")))
        .doesNotThrowAnyException();
  }

  @Test
  void anImageOfAnotherPlatformIsRefusedWithTheXmlToPaste() {
    ImageTarball read =
        TarballReader.read(TestImages.typical("x").platform("linux/amd64").writeDocker(file));

    assertThatThrownBy(() -> read.requirePlatform(Platform.parse("linux/arm64")))
        .isInstanceOf(DeployException.class)
        .hasMessage("The image in %s is built for linux/amd64, but the Pi needs linux/arm64", file)
        .extracting(e -> ((DeployException) e).hint())
        .asString()
        .contains(
            "amd64 unless told otherwise",
            "<from><platforms><platform><architecture>arm64</architecture><os>linux</os>"
                + "</platform></platforms></from>");
  }

  @Test
  void ofAnImageThatIsNotOfJibNoXmlOfJibIsShown() {
    Path saved = directory.resolve("saved.tar");
    ImageTarball read =
        TarballReader.read(TestImages.typical("x:1").platform("linux/amd64").writeDocker(saved));

    assertThatThrownBy(() -> read.requirePlatform(Platform.parse("linux/arm64")))
        .isInstanceOf(DeployException.class)
        .extracting(e -> ((DeployException) e).hint())
        .isEqualTo(
            "Build it for that platform and save it again, for example:\n"
                + "docker buildx build --platform linux/arm64 --load -t x:1 . && docker save -o "
                + saved
                + " x:1");
  }

  @Test
  void whoMadeAnImageIsToldByItsHistoryAndElseByTheNameOfTheFile() {
    assertThat(tool("docker.tar", createdBy("jib-maven-plugin:3.4.4")))
        .isEqualTo(ImageTool.JIB_PLUGIN);
    assertThat(tool("docker.tar", createdBy("jib-gradle-plugin:3.4.4"))).isEqualTo(ImageTool.JIB);
    assertThat(tool("docker.tar", createdBy("jib-cli:0.13.0"))).isEqualTo(ImageTool.JIB);
    assertThat(tool("docker.tar", createdBy("Quarkus:3.15.1"))).isEqualTo(ImageTool.QUARKUS);
    assertThat(tool("jib-image.tar", createdBy("/bin/sh -c #(nop) COPY")))
        .isEqualTo(ImageTool.DOCKER);
    assertThat(tool("jib-image.tar", null)).isEqualTo(ImageTool.JIB_PLUGIN);
    assertThat(tool("docker.tar", null)).isEqualTo(ImageTool.DOCKER);
  }

  @Test
  void podmanAndBuildpacksAreToldByTheirLabels() {
    assertThat(labelled("io.buildah.version")).isEqualTo(ImageTool.PODMAN);
    assertThat(labelled("io.buildpacks.lifecycle.metadata")).isEqualTo(ImageTool.BUILDPACKS);
    assertThat(labelled("maintainer")).isEqualTo(ImageTool.DOCKER);
  }

  private ImageTool labelled(String label) {
    return TarballReader.read(
            TestImages.typical("x")
                .config(
                    config ->
                        config.add(
                            "config",
                            JsonParser.parseString("{\"Labels\":{\"%s\":\"1\"}}".formatted(label))))
                .writeDocker(directory.resolve("labelled.tar")))
        .tool();
  }

  @Test
  void eachToolIsToldInItsOwnWordsWhatToBuildFor() {
    assertThat(builds(ImageTool.JIB))
        .contains("platforms { platform { architecture = 'arm'; os = 'linux' } }");
    assertThat(builds(ImageTool.QUARKUS))
        .contains("-Dquarkus.jib.platforms=linux/arm/v7 && docker save -o 'a b.tar' x:1");
    assertThat(builds(ImageTool.BUILDPACKS))
        .contains("imagePlatform=linux/arm/v7 && docker save -o 'a b.tar' x:1");
    assertThat(builds(ImageTool.PODMAN))
        .contains("podman build --platform linux/arm/v7 -t x:1 . && podman save -o 'a b.tar' x:1");
  }

  private static String builds(ImageTool tool) {
    return tool.builds(Platform.parse("linux/arm/v7"), "x:1", Path.of("a b.tar"));
  }

  @Test
  void eachToolIsToldInItsOwnWordsHowToNameIt() {
    ImageReference wanted = ImageReference.parse("y:2");
    assertThat(ImageTool.JIB.names(wanted, "x:1", Path.of("a.tar")))
        .isEqualTo("Let Jib build that name: y:2");
    assertThat(ImageTool.PODMAN.names(wanted, "x:1", Path.of("a.tar")))
        .isEqualTo("Save it under that name: podman tag x:1 y:2 && podman save -o a.tar y:2");
    assertThat(ImageTool.QUARKUS.names(wanted, "x:1", Path.of("a.tar")))
        .isEqualTo("Save it under that name: docker tag x:1 y:2 && docker save -o a.tar y:2");
  }

  private static String createdBy(String tool) {
    return "[{\"created_by\":\"" + tool + "\"}]";
  }

  private ImageTool tool(String name, @Nullable String history) {
    TestImages image = TestImages.typical("x");
    if (history != null) {
      image.config(config -> config.add("history", JsonParser.parseString(history)));
    }
    return TarballReader.read(image.writeDocker(directory.resolve(name))).tool();
  }

  private static void assertIsTheImage(ImageTarball read, TestImages made) {
    assertThat(read.configDigest()).isEqualTo(made.configDigest());
    assertThat(read.platform()).isEqualTo(Platform.parse("linux/arm64"));
    assertThat(read.layers()).map(Layer::diffId).isEqualTo(made.diffIds());
    assertThat(read.layers())
        .map(Layer::blobDigest)
        .isEqualTo(made.blobs().stream().map(Digest::of).toList());
    assertThat(read.layers())
        .map(Layer::size)
        .isEqualTo(made.blobs().stream().map(blob -> (long) blob.length).toList());
  }

  static JsonArray layersOf(JsonArray manifest) {
    return manifest.get(0).getAsJsonObject().getAsJsonArray("Layers");
  }

  private static JsonPrimitive json(String text) {
    return new JsonPrimitive(text);
  }

  private static void annotate(JsonArray manifests, String refName) {
    var annotations = new JsonObject();
    annotations.addProperty("org.opencontainers.image.ref.name", refName);
    manifests.get(0).getAsJsonObject().add("annotations", annotations);
  }
}
