package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.tarball.TarballReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskUseTest {

  private static final ImageStore EMPTY = new ImageStore(ImageStore.Kind.CLASSIC, List.of());

  @TempDir private Path directory;

  @Test
  void isTheArchiveAndEveryLayerThatIsNotUnpackedYet() {
    ImageTarball image = write(TestImages.typical("x"));
    ArchivePlan whole = plan(EMPTY, image);
    long unpacked = image.layers().stream().mapToLong(l -> DiskUse.unpackedSize(image, l)).sum();

    assertThat(DiskUse.of(whole, bytes(whole), EMPTY)).isEqualTo(bytes(whole) + unpacked);

    ImageStore store =
        new ImageStore(
            ImageStore.Kind.CLASSIC,
            List.of(new ImageStore.Held(List.of(image.layers().get(0).diffId()), List.of())));
    ArchivePlan thin = plan(store, image);
    assertThat(DiskUse.of(thin, bytes(thin), store))
        .isEqualTo(bytes(thin) + unpacked - DiskUse.unpackedSize(image, image.layers().get(0)));
  }

  @Test
  void imagesOfOneArchiveShareWhatTheyHaveInCommonFromTheLowestLayerOn() {
    ImageTarball one = write(TestImages.named("one").layer("base", 9_000).layer("one", 10));
    ImageTarball other = write(TestImages.named("two").layer("base", 9_000).layer("two", 10));
    ArchivePlan plan =
        ArchivePlan.of(List.of(EMPTY.thin(one, one.tag()), EMPTY.thin(other, other.tag())));

    assertThat(DiskUse.of(plan, bytes(plan), EMPTY))
        .isEqualTo(
            bytes(plan)
                + DiskUse.unpackedSize(one, one.layers().get(0))
                + DiskUse.unpackedSize(one, one.layers().get(1))
                + DiskUse.unpackedSize(other, other.layers().get(1)));
  }

  @Test
  void aGzipLayerSaysItselfHowLongItIs() {
    byte[] tar = TestImages.layerTar("app/x", "x".repeat(70_000));
    ImageTarball image = write(TestImages.named("x").layer(tar, Compression.GZIP));

    assertThat(DiskUse.unpackedSize(image, image.layers().get(0))).isEqualTo(tar.length);
  }

  @Test
  void aZstdLayerIsCounted() {
    byte[] tar = TestImages.layerTar("app/x", "x".repeat(70_000));
    ImageTarball image = write(TestImages.named("x").layer(tar, Compression.ZSTD));

    assertThat(image.layers().get(0).compression()).isEqualTo(Compression.ZSTD);
    assertThat(DiskUse.unpackedSize(image, image.layers().get(0))).isEqualTo(tar.length);
  }

  @Test
  void aLengthThatCannotBeTheWholeTruthIsNotBelievedButCounted() throws IOException {
    // Two gzip members, as stargz writes them: the end tells of the last one only.
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    ByteArrayOutputStream blob = new ByteArrayOutputStream();
    for (byte[] part : List.of(noise, new byte[300])) {
      try (OutputStream gzip = new GZIPOutputStream(blob)) {
        gzip.write(part);
      }
      // Closing a stream of memory does nothing: the next member follows.
    }
    ImageTarball image = write(TestImages.named("x").layer(blob.toByteArray(), Compression.NONE));

    assertThat(image.layers().get(0).compression()).isEqualTo(Compression.GZIP);
    assertThat(DiskUse.unpackedSize(image, image.layers().get(0))).isEqualTo(100_300);
  }

  @Test
  void aLayerThatIsNoGzipAfterAllIsTheTarballsFault() throws IOException {
    byte[] broken = new byte[200];
    broken[0] = 0x1f;
    broken[1] = (byte) 0x8b;
    ImageTarball image = write(TestImages.named("x").layer(broken, Compression.NONE));

    assertThatThrownBy(() -> DiskUse.unpackedSize(image, image.layers().get(0)))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("is damaged: layer");
  }

  @Test
  void aSmallArchiveIsCompressedAndALargeOneIsNot() throws IOException {
    ImageTarball small = write(TestImages.typical("x"));
    ArchivePlan plan = plan(EMPTY, small);
    assertThat(WireArchive.of(plan, Recompressor.off()).bytes()).isLessThan(bytes(plan) - 4_000);

    ImageTarball large = write(TestImages.typical("x").layer("large", 3_000_000));
    ArchivePlan whole = plan(EMPTY, large);
    assertThat(WireArchive.of(whole, Recompressor.off()).bytes()).isEqualTo(bytes(whole));
    assertThat(Files.size(large.file())).isGreaterThan(1024 * 1024);
  }

  private static ArchivePlan plan(ImageStore store, ImageTarball image) {
    return ArchivePlan.of(List.of(store.thin(image, image.tag())));
  }

  private static long bytes(ArchivePlan plan) {
    return new PlainArchive(plan).bytes();
  }

  private ImageTarball write(TestImages image) {
    Path file = directory.resolve(image.configDigest().shortHex() + ".tar");
    return TarballReader.read(image.writeDocker(file));
  }
}
