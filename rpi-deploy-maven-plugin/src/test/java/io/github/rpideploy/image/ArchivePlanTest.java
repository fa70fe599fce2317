package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.tarball.TarballReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchivePlanTest {

  @TempDir private Path directory;

  @Test
  void theArchiveReadInEitherFormatIsTheImageOfTheTarball() throws IOException {
    TestImages made = TestImages.typical("team/auth-server:latest").layer("base", 30_000);
    for (Path source :
        List.of(
            made.writeDocker(directory.resolve("docker.tar")),
            made.writeOci(directory.resolve("oci.tar")))) {
      ImageTarball image = TarballReader.read(source);
      byte[] archive = write(ArchivePlan.of(List.of(whole(image))));

      Path asDocker = Files.write(directory.resolve("hybrid.tar"), archive);
      Path asOci = Files.write(directory.resolve("layout.tar"), without(archive, "manifest.json"));
      assertIsWhole(TarballReader.read(asDocker), image);
      assertIsWhole(TarballReader.read(asOci), image);
    }
  }

  @Test
  void theSizeIsKnownBeforeTheFirstByte() throws IOException {
    ImageTarball image = docker("a", TestImages.typical("x"));
    ArchivePlan plan = ArchivePlan.of(List.of(whole(image)));

    assertThat(write(plan)).hasSize((int) new PlainArchive(plan).bytes());
    assertThat(new PlainArchive(plan).bytes() % 512).isZero();
  }

  @Test
  void theSameImageGivesTheSameBytesWhicheverItsFormat() throws IOException {
    TestImages made = TestImages.typical("x");
    ImageTarball docker = TarballReader.read(made.writeDocker(directory.resolve("docker.tar")));
    ImageTarball oci = TarballReader.read(made.writeOci(directory.resolve("oci.tar")));

    assertThat(write(ArchivePlan.of(List.of(whole(docker)))))
        .isEqualTo(write(ArchivePlan.of(List.of(whole(docker)))))
        .isEqualTo(write(ArchivePlan.of(List.of(whole(oci)))));
  }

  @Test
  void namesTheImageByItsReleaseTagForBothStores() throws IOException {
    ImageTarball image = docker("a", TestImages.typical("auth-server:latest"));
    Map<String, byte[]> entries = entries(write(ArchivePlan.of(List.of(whole(image)))));

    JsonObject docker = json(entries, "manifest.json").getAsJsonArray().get(0).getAsJsonObject();
    String tag = "rpi-" + image.configDigest().shortHex();
    assertThat(docker.getAsJsonArray("RepoTags")).hasToString("[\"auth-server:" + tag + "\"]");
    JsonObject descriptor =
        json(entries, "index.json")
            .getAsJsonObject()
            .getAsJsonArray("manifests")
            .get(0)
            .getAsJsonObject();
    assertThat(descriptor.get("digest").getAsString())
        .isEqualTo(PlainArchive.manifestDigest(image).toString());
    JsonObject annotations = descriptor.getAsJsonObject("annotations");
    assertThat(annotations.get("io.containerd.image.name").getAsString())
        .isEqualTo("docker.io/library/auth-server:" + tag);
    assertThat(annotations.get("org.opencontainers.image.ref.name").getAsString()).isEqualTo(tag);
  }

  @Test
  void theManifestStatesHowEachLayerIsCompressed() throws IOException {
    ImageTarball image =
        docker(
            "a",
            TestImages.named("x")
                .layer("gzip", 100)
                .layer(TestImages.layerTar("b", "B"), Compression.ZSTD));
    byte[] archive = write(ArchivePlan.of(List.of(whole(image))));

    String manifest =
        text(entries(archive), OciDocuments.blobName(PlainArchive.manifestDigest(image)));
    assertThat(manifest)
        .contains(
            "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.oci.image.layer.v1.tar+zstd");
  }

  @Test
  void documentsThatNameTheImagesComeLast() throws IOException {
    ImageTarball image = docker("a", TestImages.typical("x"));

    assertThat(entries(write(ArchivePlan.of(List.of(whole(image))))).keySet())
        .endsWith("oci-layout", "index.json", "manifest.json")
        .startsWith(OciDocuments.blobName(image.layers().get(0).blobDigest()));
  }

  @Test
  void severalImagesShareOneArchiveAndTheirLayers() throws IOException {
    ImageTarball auth =
        docker("a", TestImages.named("auth-server").layer("base", 20_000).layer("auth", 100));
    ImageTarball extension =
        docker("b", TestImages.named("extension-server").layer("base", 20_000).layer("ext", 100));
    ArchivePlan plan = ArchivePlan.of(List.of(whole(auth), whole(extension)));
    Map<String, byte[]> entries = entries(write(plan));

    // Three layers, two configs, two manifests, three documents.
    assertThat(entries).hasSize(10);
    JsonArray images = json(entries, "manifest.json").getAsJsonArray();
    assertThat(images).hasSize(2);
    assertThat(images.get(1).toString()).contains("extension-server:rpi-");
    assertThat(json(entries, "index.json").getAsJsonObject().getAsJsonArray("manifests"))
        .hasSize(2);
    assertThat(write(plan)).hasSize((int) new PlainArchive(plan).bytes());
  }

  @Test
  void theSameImageTwiceIsOneSetOfBlobs() throws IOException {
    ImageTarball image = docker("a", TestImages.typical("x"));
    ImageReference other = ImageReference.parse("y").withTag("rpi-0123456789ab");
    ArchivePlan plan = ArchivePlan.of(List.of(whole(image), PlannedImage.whole(image, other)));

    assertThat(entries(write(plan))).hasSize(3 + 1 + 1 + 3);
  }

  @Test
  void layersThatThePiHasAreLeftOut() throws IOException {
    ImageTarball image = docker("a", TestImages.typical("x"));
    Layer base = image.layers().get(0);
    ArchivePlan plan =
        ArchivePlan.of(
            List.of(
                new PlannedImage(
                    image, image.releaseTag(image.tag()), Map.of(base.diffId(), base.blob()))));
    Map<String, byte[]> entries = entries(write(plan));

    assertThat(plan.sends(base)).isFalse();
    assertThat(plan.sends(image.layers().get(1))).isTrue();
    assertThat(entries).doesNotContainKey(OciDocuments.blobName(base.blobDigest()));
    assertThat(text(entries, "manifest.json")).contains(base.blobDigest().hex());
    assertThat(write(plan)).hasSize((int) new PlainArchive(plan).bytes());
  }

  @Test
  void aLayerThatOneImageNeedsIsSentAlthoughAnotherLeavesItOut() throws IOException {
    ImageTarball first = docker("a", TestImages.named("x").layer("base", 900).layer("x", 10));
    ImageTarball second = docker("b", TestImages.named("y").layer("os", 50).layer("base", 900));
    Layer base = first.layers().get(0);
    ArchivePlan plan =
        ArchivePlan.of(
            List.of(
                new PlannedImage(first, first.tag(), Map.of(base.diffId(), base.blob())),
                whole(second)));

    assertThat(plan.sends(base)).isTrue();
    assertThat(entries(write(plan))).containsKey(OciDocuments.blobName(base.blobDigest()));
  }

  @Test
  void aDamagedLayerStopsTheArchiveBeforeItIsWhole() throws IOException {
    for (int size : new int[] {100, 300_000}) {
      TestImages made = TestImages.named("x").layer("libs", size).layer("classes", 100);
      Path tarball = made.writeDocker(directory.resolve("damaged.tar"));
      ImageTarball image = TarballReader.read(tarball);
      Layer libs = image.layers().get(0);
      byte[] content = Files.readAllBytes(tarball);
      content[(int) (libs.offset() + libs.size() / 2)] ^= 0x10;
      Files.write(tarball, content);
      ByteArrayOutputStream out = new ByteArrayOutputStream();

      assertThatThrownBy(() -> new PlainArchive(ArchivePlan.of(List.of(whole(image)))).writeTo(out))
          .isInstanceOf(DeployException.class)
          .hasMessageContaining("%s is damaged: layer %s", tarball, libs.entry())
          .extracting(e -> ((DeployException) e).hint())
          .asString()
          .contains("mvn clean package jib:buildTar");
      assertThat(out.size()).isLessThan((int) (512 + libs.size()));
    }
  }

  @Test
  void aTarballThatHasBecomeShorterOrIsGoneStopsTheArchive() throws IOException {
    Path tarball = TestImages.typical("x").writeDocker(directory.resolve("x.tar"));
    ArchivePlan plan = ArchivePlan.of(List.of(whole(TarballReader.read(tarball))));

    Files.write(tarball, Arrays.copyOf(Files.readAllBytes(tarball), 900));
    assertThatThrownBy(() -> new PlainArchive(plan).writeTo(OutputStream.nullOutputStream()))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("is not whole any more");

    Files.delete(tarball);
    assertThatThrownBy(() -> new PlainArchive(plan).writeTo(OutputStream.nullOutputStream()))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("There is no image tarball " + tarball);
  }

  @Test
  void aFailureOfTheConnectionIsNotBlamedOnTheTarball() {
    ImageTarball image = docker("a", TestImages.typical("x"));
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("connection lost");
          }
        };

    assertThatThrownBy(
            () -> new PlainArchive(ArchivePlan.of(List.of(whole(image)))).writeTo(broken))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("connection lost");
  }

  @Test
  void aBlobThatIsStatedAsTwoLayersIsRefused() {
    ImageTarball image = docker("a", TestImages.named("x").layer("a", 900).layer("b", 900));
    Layer first = image.layers().get(0);
    Layer second = image.layers().get(1);
    Layer sameBlob =
        new Layer(
            second.diffId(),
            first.blobDigest(),
            first.size(),
            first.compression(),
            first.entry(),
            first.offset());
    ImageTarball lying =
        new ImageTarball(
            image.file(),
            image.content(),
            image.config(),
            image.configDigest(),
            image.platform(),
            List.of(first, sameBlob),
            image.tags());

    assertThatThrownBy(() -> ArchivePlan.of(List.of(whole(lying))))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("is stated as two layers with different content");
  }

  @Test
  void tarballsThatDisagreeAboutALayerAreRefused() {
    ImageTarball image = docker("a", TestImages.named("x").layer("a", 900));
    Layer layer = image.layers().get(0);
    Layer longer =
        new Layer(
            layer.diffId(), layer.blobDigest(), layer.size() + 1, layer.compression(), "b", 0);
    ImageTarball other =
        new ImageTarball(
            directory.resolve("other.tar"),
            directory.resolve("other.tar"),
            image.config(),
            image.configDigest(),
            image.platform(),
            List.of(longer),
            image.tags());

    assertThatThrownBy(() -> ArchivePlan.of(List.of(whole(image), whole(other))))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("other.tar is damaged: layer b has");
  }

  @Test
  void sizesBeyond8GiBArePlannedToTheByte() {
    ImageTarball image = docker("a", TestImages.named("x").layer("a", 900));
    Layer layer = image.layers().get(0);
    long huge = 9L << 30;
    ImageTarball big =
        new ImageTarball(
            image.file(),
            image.content(),
            image.config(),
            image.configDigest(),
            image.platform(),
            List.of(
                new Layer(layer.diffId(), layer.blobDigest(), huge, layer.compression(), "", 0)),
            image.tags());
    long small = new PlainArchive(ArchivePlan.of(List.of(whole(image)))).bytes();

    // Two more header blocks, and a longer number in the manifest that stays within its block.
    assertThat(new PlainArchive(ArchivePlan.of(List.of(whole(big)))).bytes())
        .isEqualTo(small + huge + 2 * 512 - TarHeader.padded(layer.size()));
  }

  private ImageTarball docker(String name, TestImages image) {
    return TarballReader.read(image.writeDocker(directory.resolve(name + ".tar")));
  }

  private static PlannedImage whole(ImageTarball image) {
    return PlannedImage.whole(image, image.releaseTag(image.tag()));
  }

  private static byte[] write(ArchivePlan plan) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new PlainArchive(plan).writeTo(out);
    return out.toByteArray();
  }

  private static void assertIsWhole(ImageTarball written, ImageTarball source) throws IOException {
    assertThat(written.config()).isEqualTo(source.config());
    assertThat(written.configDigest()).isEqualTo(source.configDigest());
    assertThat(written.platform()).isEqualTo(source.platform());
    assertThat(written.tags()).containsExactly(source.releaseTag(source.tag()));
    Map<String, byte[]> entries = entries(Files.readAllBytes(written.file()));
    for (int i = 0; i < source.layers().size(); i++) {
      Layer layer = written.layers().get(i);
      assertThat(layer.diffId()).isEqualTo(source.layers().get(i).diffId());
      assertThat(layer.blobDigest()).isEqualTo(source.layers().get(i).blobDigest());
      byte[] blob = Objects.requireNonNull(entries.get(layer.entry()));
      assertThat(Digest.of(blob)).isEqualTo(layer.blobDigest());
      assertThat(Digest.of(gunzip(blob))).isEqualTo(layer.diffId());
    }
  }

  private static Map<String, byte[]> entries(byte[] archive) {
    return TestTar.read(archive);
  }

  private static byte[] without(byte[] archive, String name) {
    Map<String, TestTar.Entry> entries = new LinkedHashMap<>();
    TestTar.read(archive).forEach((each, content) -> entries.put(each, TestTar.file(content)));
    assertThat(entries.remove(name)).isNotNull();
    return TestTar.write(entries);
  }

  private static JsonElement json(Map<String, byte[]> entries, String name) {
    return JsonParser.parseString(text(entries, name));
  }

  private static String text(Map<String, byte[]> entries, String name) {
    byte[] content = entries.get(name);
    assertThat(content).as(name).isNotNull();
    return new String(content, StandardCharsets.UTF_8);
  }

  private static byte[] gunzip(byte[] blob) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(blob))) {
      return in.readAllBytes();
    }
  }
}
