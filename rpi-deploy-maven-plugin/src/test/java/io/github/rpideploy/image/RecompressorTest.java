package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.tarball.TarballReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecompressorTest {

  private static final ImageStore EMPTY = new ImageStore(ImageStore.Kind.CLASSIC, List.of());

  @TempDir private Path directory;

  @Test
  void aLayerThatGainsIsSentAsZstdAndIsTheSameLayer() throws IOException {
    ImageTarball image = image("a", text("base", 4_000_000), noise("jars", 2_000_000));
    try (Recompressor recompressor = Recompressor.with(cache())) {
      WireArchive archive = archive(recompressor, image);
      archive.settle();

      assertThat(archive.isSettled()).isTrue();
      byte[] written = write(archive);
      assertThat(written).hasSize((int) archive.bytes());
      assertThat(archive.blob(image.layers().get(0)).compression()).isEqualTo(Compression.ZSTD);
      assertThat(archive.blob(image.layers().get(0)).size())
          .isLessThan(image.layers().get(0).size() * 95 / 100);
      assertThat(archive.blob(image.layers().get(1))).isEqualTo(image.layers().get(1).blob());
      Map<String, byte[]> entries = TestTar.read(written);
      byte[] blob =
          Objects.requireNonNull(
              entries.get(OciDocuments.blobName(archive.blob(image.layers().get(0)).digest())));
      assertThat(Digest.of(unzstd(blob))).isEqualTo(image.layers().get(0).diffId());
      for (ImageStore.Kind kind : ImageStore.Kind.values()) {
        StoreModel model = new StoreModel(kind);
        model.load(written);
        StoreModel.Image loaded = Objects.requireNonNull(model.tags().get(image.tag().familiar()));
        assertThat(loaded.usable()).isTrue();
      }
    }
  }

  @Test
  void whatIsNotReadyGoesLastAndIsWaitedFor() throws IOException {
    ImageTarball image = image("a", text("base", 8_000_000), noise("jars", 2_000_000));
    try (Recompressor recompressor = Recompressor.with(cache())) {
      WireArchive archive = archive(recompressor, image);
      long before = archive.bytes();

      byte[] written = write(archive);

      assertThat(archive.isSettled()).isTrue();
      assertThat(written).hasSize((int) archive.bytes());
      assertThat(archive.bytes()).isLessThanOrEqualTo(before);
    }
  }

  @Test
  void aLayerIsCompressedOnceAcrossBuildsAndServices() throws IOException {
    LayerCache cache = cache();
    byte[] base = text("base", 3_000_000);
    try (Recompressor recompressor = Recompressor.with(cache)) {
      archive(recompressor, image("a", base, noise("a", 2_000_000))).settle();
    }
    List<Path> kept = files();

    try (Recompressor recompressor = Recompressor.with(cache)) {
      WireArchive next = archive(recompressor, image("b", base, noise("a", 2_000_000)));

      assertThat(next.isSettled()).isTrue();
      assertThat(files()).isEqualTo(kept).hasSize(2);
    }
  }

  @Test
  void smallLayersAndAnEngineThatCannotReadZstdLeaveEverythingAsItLies() throws IOException {
    ImageTarball image = image("a", text("base", 3_000_000), text("classes", 2_000));

    WireArchive off = archive(Recompressor.off(), image);
    assertThat(off.isSettled()).isTrue();
    assertThat(off.blob(image.layers().get(0))).isEqualTo(image.layers().get(0).blob());
    try (Recompressor recompressor = Recompressor.with(cache())) {
      WireArchive on = archive(recompressor, image);
      on.settle();
      assertThat(on.blob(image.layers().get(1))).isEqualTo(image.layers().get(1).blob());
    }
  }

  @Test
  void aTarballWhoseLayerIsNotWhatItsDiffIdSaysIsFoundBeforeItIsSent() throws IOException {
    Path file = directory.resolve("wrong.tar");
    ImageTarball right =
        TarballReader.read(
            TestImages.named("x")
                .layer(text("base", 3_000_000), Compression.GZIP)
                .writeDocker(file));
    Layer layer = right.layers().get(0);
    Layer wrong =
        new Layer(
            Digest.of(new byte[1]),
            layer.blobDigest(),
            layer.size(),
            layer.compression(),
            layer.entry(),
            layer.offset());
    try (Recompressor recompressor = Recompressor.with(cache())) {
      assertThatThrownBy(() -> recompressor.await(new TarballLayer(file, wrong)))
          .isInstanceOf(DeployException.class)
          .hasMessageContaining("wrong.tar is damaged: layer " + layer.entry());
    }
  }

  @Test
  void aDamagedFileOfTheCacheIsRemovedAndMadeAnew() throws IOException {
    LayerCache cache = cache();
    ImageTarball image = image("a", text("base", 3_000_000), noise("jars", 1_000));
    try (Recompressor recompressor = Recompressor.with(cache)) {
      archive(recompressor, image).settle();
      Path kept = files().get(0);
      byte[] content = Files.readAllBytes(kept);
      content[content.length / 2] ^= 1;
      Files.write(kept, content);
    }

    try (Recompressor recompressor = Recompressor.with(cache)) {
      WireArchive damaged = archive(recompressor, image);
      assertThatThrownBy(() -> write(damaged))
          .isInstanceOf(DeployException.class)
          .hasMessageContaining("of the layer cache does not have the content")
          .hasMessageContaining("it has been removed");
      assertThat(files()).isEmpty();
    }
    try (Recompressor recompressor = Recompressor.with(cache)) {
      WireArchive again = archive(recompressor, image);
      again.settle();
      assertThat(write(again)).hasSize((int) again.bytes());
      assertThat(files()).hasSize(1);
    }
  }

  @Test
  void aCacheThatCannotBeWrittenIsToldOnceAndStopsNothing() throws IOException {
    Path inTheWay = Files.writeString(directory.resolve("file"), "x");
    ImageTarball image = image("a", text("base", 3_000_000), noise("jars", 1_000));
    try (Recompressor recompressor = Recompressor.with(LayerCache.in(inTheWay))) {
      WireArchive archive = archive(recompressor, image);
      archive.settle();

      assertThat(archive.blob(image.layers().get(0))).isEqualTo(image.layers().get(0).blob());
      assertThat(recompressor.problem()).get().asString().contains("-Drpi.layerCache=");
      assertThat(recompressor.problem()).isEmpty();
    }
  }

  @Test
  void whatWasUsedLastStaysWhenTheCacheIsFull() throws IOException {
    LayerCache cache = new LayerCache(directory.resolve("cache"), 25_000);
    Digest first = keep(cache, "first");
    Digest second = keep(cache, "second");
    assertThat(cache.find(first)).isPresent();
    Files.setLastModifiedTime(cache.find(second).orElseThrow().file(), FileTime.fromMillis(0));

    Digest third = keep(cache, "third");

    assertThat(cache.find(first)).isPresent();
    assertThat(cache.find(second)).isEmpty();
    assertThat(cache.find(third)).isPresent();
  }

  private static Digest keep(LayerCache cache, String name) throws IOException {
    Path file = cache.newFile();
    byte[] content = new byte[10_000];
    new Random(name.hashCode()).nextBytes(content);
    Files.write(file, content);
    Digest diffId = Digest.of(name.getBytes(StandardCharsets.UTF_8));
    cache.keep(diffId, file, Digest.of(content));
    return diffId;
  }

  private LayerCache cache() {
    return LayerCache.in(directory.resolve("cache"));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
      return files.sorted().toList();
    }
  }

  private ImageTarball image(String name, byte[]... layers) {
    TestImages image = TestImages.named(name);
    for (byte[] layer : layers) {
      image.layer(layer, Compression.GZIP);
    }
    return TarballReader.read(image.writeDocker(directory.resolve(name + ".tar")));
  }

  private static WireArchive archive(Recompressor recompressor, ImageTarball image) {
    return WireArchive.of(ArchivePlan.of(List.of(EMPTY.thin(image, image.tag()))), recompressor);
  }

  private static byte[] write(WireArchive archive) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    archive.writeTo(out);
    return out.toByteArray();
  }

  private static byte[] unzstd(byte[] bytes) throws IOException {
    try (InputStream in = new ZstdInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    }
  }

  private static byte[] text(String name, int size) {
    return TestImages.layerTar("app/" + name, TestText.words(name, size));
  }

  private static byte[] noise(String name, int size) {
    byte[] content = new byte[size];
    new Random(name.hashCode()).nextBytes(content);
    return TestTar.write(Map.of("app/" + name, TestTar.file(content)));
  }
}
