package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.tarball.TarballReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UnusableTarballTest {

  @TempDir private Path directory;

  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("jib-image.tar");
  }

  @Test
  void aMissingTarballNamesTheGoalThatMakesIt() {
    assertThatThrownBy(() -> TarballReader.read(file))
        .isInstanceOf(DeployException.class)
        .hasMessage("There is no image tarball " + file)
        .extracting(e -> ((DeployException) e).hint())
        .asString()
        .contains("mvn package jib:buildTar");
  }

  @Test
  void whatIsNotOfJibIsBuiltAgainByWhatBuiltIt() throws IOException {
    Path saved = directory.resolve("saved.tar");
    assertThat(hint(saved))
        .isEqualTo(
            "Build it (with Jib: mvn package jib:buildTar), or name the right file:"
                + " -Drpi.imageTar=target/image.tar");

    Files.writeString(saved, "hello");
    assertThat(hint(saved))
        .isEqualTo(
            "Build it again with the tool that wrote it (with Jib: mvn clean package"
                + " jib:buildTar)");

    Files.writeString(file, "hello");
    assertThat(hint(file)).isEqualTo("Build it again: mvn clean package jib:buildTar");
  }

  private static String hint(Path tarball) {
    return catchThrowableOfType(DeployException.class, () -> TarballReader.read(tarball)).hint();
  }

  @Test
  void moreLayersThanAnyEngineTakesAreRefused() {
    TestImages image = TestImages.named("x");
    for (int i = 0; i <= 500; i++) {
      image.layer("same", 10);
    }
    image.writeDocker(file);

    assertRefused("it lists 501 layers; no Engine takes that many");
  }

  @Test
  void somethingThatIsNoFileIsRefused() throws IOException {
    Files.createDirectory(file);

    assertRefused("it is a directory");
  }

  @Test
  void somethingThatIsNoTarballIsRefused() throws IOException {
    Files.write(file, new byte[0]);
    assertRefused("it is empty");

    Files.writeString(file, "hello");
    assertRefused("it is not a tar archive: it has 5 bytes");

    Files.writeString(file, "hello ".repeat(1000));
    assertRefused("it is not a tar archive: a header's checksum is wrong");

    Files.write(file, new byte[4096]);
    assertRefused("it has neither a manifest.json");
  }

  @ParameterizedTest
  @CsvSource({
    "image.tar.xz, image.tar",
    "it's.txz, it's.tar",
    "jib-image.tar, jib-image.unpacked.tar",
    "image, image.unpacked.tar"
  })
  void oneThatIsCompressedInAWayThatIsNotReadIsToldHowToBeUnpacked(String name, String unpacked)
      throws Exception {
    Path compressed = directory.resolve(name);
    Files.write(compressed, new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0});

    DeployException failure =
        catchThrowableOfType(DeployException.class, () -> TarballReader.read(compressed));

    assertThat(failure)
        .hasMessage(
            "The image tarball %s cannot be used: it is compressed with xz, and only gzip and zstd"
                + " are read",
            compressed);
    assertThat(failure.hint())
        .isEqualTo(
            "Unpack it: xz -dc %s > %s\nand name that file: -Drpi.imageTar=%s"
                .formatted(
                    shown(compressed),
                    shown(directory.resolve(unpacked)),
                    shown(directory.resolve(unpacked))));
  }

  private static String shown(Path path) {
    return path.toString().contains("'")
        ? "'" + path.toString().replace("'", "'\\''") + "'"
        : path.toString();
  }

  @Test
  void soIsOneOfBzip2() throws IOException {
    Files.write(file, new byte[] {'B', 'Z', 'h', '9', 0});

    assertThatThrownBy(() -> TarballReader.read(file))
        .hasMessageContaining("it is compressed with bzip2")
        .extracting(e -> ((DeployException) e).hint())
        .asString()
        .startsWith("Unpack it: bzip2 -dc " + file + " > ");
  }

  @Test
  void aTarballThatIsCutShortIsRefusedWhereverItIsCut() throws IOException {
    byte[] whole = TestImages.typical("x").dockerBytes();

    for (int length = 1; length <= whole.length - 1024; length += 61) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertRefused(length < 512 ? "it is not a tar archive" : "it is cut short");
    }
  }

  static Stream<Arguments> dockerDefects() {
    return Stream.of(
        arguments("has neither a manifest.json", image(i -> i.without("manifest.json"))),
        arguments("config.json is missing in it", image(i -> i.without("config.json"))),
        arguments(".tar.gz is missing in it", image(i -> i.without("layer:1"))),
        arguments(".tar.gz in it is a link", image(i -> i.withLink("layer:1", "/etc/passwd"))),
        arguments("manifest.json in it is a link", image(i -> i.withLink("manifest.json", "x"))),
        arguments("unsafe name, '/etc/x'", image(i -> i.with("/etc/x", "x"))),
        arguments("unsafe name, 'a/../../x'", image(i -> i.with("a/../../x", "x"))),
        arguments("unsafe name, '..'", image(i -> i.withLink("..", "x"))),
        arguments("unsafe name, 'a\\b'", image(i -> i.with("a\\b", "x"))),
        arguments("config.json twice", image(i -> i.with("./config.json", "x"))),
        arguments("unsafe name, 'aaa", image(i -> i.with("a".repeat(2000), "x"))),
        arguments(
            "manifest.json in it has 8388609 bytes",
            image(i -> i.with("manifest.json", new byte[8 * 1024 * 1024 + 1]))),
        arguments(
            "manifest.json in it has more than 100000 values",
            image(i -> i.with("manifest.json", "[" + "0,".repeat(1_000_000) + "0]"))),
        arguments(
            "manifest.json in it is not JSON",
            image(i -> i.with("manifest.json", "[".repeat(1_000_000)))),
        arguments("manifest.json in it is not JSON", image(i -> i.with("manifest.json", "[{"))),
        arguments("manifest.json in it is not JSON", image(i -> i.with("manifest.json", ""))),
        arguments("manifest.json in it is not JSON", image(i -> i.with("manifest.json", "[] []"))),
        arguments("manifest.json in it is not JSON", image(i -> i.with("manifest.json", "{a:1}"))),
        arguments(
            "manifest.json in it is not JSON: it is not UTF-8",
            image(i -> i.with("manifest.json", new byte[] {'"', (byte) 0xff, '"'}))),
        arguments("manifest.json is not a list", image(i -> i.with("manifest.json", "{}"))),
        arguments("holds 0 images", image(i -> i.with("manifest.json", "[]"))),
        arguments("manifest.json[0] is not an object", image(i -> i.with("manifest.json", "[1]"))),
        arguments("manifest.json[0], Config is missing", docker(m -> first(m).remove("Config"))),
        arguments("Config is not a string", docker(m -> put(first(m), "Config", "[]"))),
        arguments("Layers is missing", docker(m -> put(first(m), "Layers", "null"))),
        arguments("Layers is not a list", docker(m -> put(first(m), "Layers", "\"x\""))),
        arguments("Layers[0] is not a string", docker(m -> put(first(m), "Layers", "[1]"))),
        arguments("RepoTags is not a list", docker(m -> put(first(m), "RepoTags", "\"x\""))),
        arguments(
            "'A B' is not an image name", docker(m -> put(first(m), "RepoTags", "[\"A B\"]"))),
        arguments(
            "lists 4 layers, and its config 3 diffIDs",
            docker(m -> ImageTarballTest.layersOf(m).add(ImageTarballTest.layersOf(m).get(0)))),
        arguments(
            "lists 3 layers, and its config 0 diffIDs", config("rootfs", "{\"diff_ids\":[]}")),
        arguments("config.json, rootfs is missing", config("rootfs", "null")),
        arguments("rootfs is not an object", config("rootfs", "[]")),
        arguments("rootfs, diff_ids is missing", config("rootfs", "{}")),
        arguments("diff_ids is not a list", config("rootfs", "{\"diff_ids\":7}")),
        arguments(
            "diff_ids[0] is not a SHA-256 digest",
            config("rootfs", "{\"diff_ids\":[\"sha256:1\",\"\",\"\"]}")),
        arguments("architecture is missing", config("architecture", "null")),
        arguments("os is missing", config("os", "null")),
        arguments("os is not a string", config("os", "{}")),
        arguments("'l x/arm64' is not a platform", config("os", "\"l x\"")),
        arguments("variant is not a string", config("variant", "8")),
        arguments(
            "is neither gzip nor zstd nor the plain layer",
            image(i -> i.with("layer:1", "no gzip at all"))));
  }

  @ParameterizedTest
  @MethodSource("dockerDefects")
  void refusesADefectOfDockersFormat(String message, Consumer<TestImages> defect) {
    TestImages image = TestImages.typical("x");
    defect.accept(image);
    image.writeDocker(file);

    assertRefused(message);
  }

  static Stream<Arguments> ociDefects() {
    String other = "sha256:" + "0".repeat(64);
    return Stream.of(
        arguments("nor an index.json", image(i -> i.without("index.json"))),
        arguments("nor an index.json", image(i -> i.without("oci-layout"))),
        arguments("is missing in it", image(i -> i.without("layer:0"))),
        arguments(
            "bytes instead of", image(i -> i.with("layer:0", new byte[] {0x1f, (byte) 0x8b}))),
        arguments("index.json is not an object", image(i -> i.with("index.json", "[]"))),
        arguments("manifests is missing", image(i -> i.with("index.json", "{}"))),
        arguments("holds 0 images", image(i -> i.with("index.json", "{\"manifests\":[]}"))),
        arguments(
            "00 is missing in it",
            oci(index -> put(first(index.getAsJsonArray("manifests")), "digest", quoted(other)))),
        arguments(
            "digest is not a SHA-256 digest",
            oci(index -> put(first(index.getAsJsonArray("manifests")), "digest", "\"../../x\""))),
        arguments(
            "annotations is not an object",
            oci(index -> put(first(index.getAsJsonArray("manifests")), "annotations", "[]"))));
  }

  @ParameterizedTest
  @MethodSource("ociDefects")
  void refusesADefectOfTheOciFormat(String message, Consumer<TestImages> defect) {
    TestImages image = TestImages.typical("x");
    defect.accept(image);
    image.writeOci(file);

    assertRefused(message);
  }

  @Test
  void anAlteredConfigOrManifestIsNoticed() throws IOException {
    TestImages image = TestImages.typical("x");
    String hex = image.configDigest().hex();
    byte[] altered = image.configBytes();
    altered[5] ^= 1;

    image.with("blobs/sha256/" + hex, altered).writeOci(file);
    assertRefused("has been altered");

    byte[] oci = TestImages.typical("x").ociBytes();
    int manifest = indexOf(oci, "\"schemaVersion\":2,\"config\"");
    oci[manifest + 1] ^= 1;
    Files.write(file, oci);
    assertRefused("has been altered");
  }

  @Test
  void moreEntriesThanAnImageHasAreRefused() {
    TestImages image = TestImages.named("x");
    for (int i = 0; i < 4096; i++) {
      image.with("f" + i, "");
    }
    image.writeDocker(file);

    assertRefused("more than 4096 entries");
  }

  @Test
  void anEndlessExtensionHeaderIsRefused() throws IOException {
    byte[] header = TarHeader.ofFile("PaxHeaders/x", 64 * 1024 + 1);
    header[156] = 'x';
    TarHeaderTest.fixChecksum(header);
    Files.write(file, Arrays.copyOf(header, 100_000));

    assertRefused("an extension header of 65537 bytes");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> TarballReader.read(file))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message)
        .extracting(e -> ((DeployException) e).hint())
        .asString()
        .contains("jib:buildTar");
  }

  private static Consumer<TestImages> image(Consumer<TestImages> defect) {
    return defect;
  }

  private static Consumer<TestImages> docker(Consumer<JsonArray> defect) {
    return image -> image.manifest(manifest -> defect.accept(manifest.getAsJsonArray()));
  }

  private static Consumer<TestImages> oci(Consumer<JsonObject> defect) {
    return image -> image.manifest(index -> defect.accept(index.getAsJsonObject()));
  }

  private static Consumer<TestImages> config(String key, String json) {
    return image -> image.config(config -> put(config, key, json));
  }

  private static JsonObject first(JsonArray array) {
    return array.get(0).getAsJsonObject();
  }

  private static void put(JsonObject object, String key, String json) {
    object.add(key, JsonParser.parseString(json));
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static int indexOf(byte[] content, String text) {
    return new String(content, StandardCharsets.ISO_8859_1).indexOf(text);
  }
}
