package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.image.tarball.TarballReader;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WireArchiveTest {

  private static final int MIB = 1 << 20;

  @TempDir private Path directory;

  private ImageTarball image;
  private ImageTarball other;
  private ArchivePlan both;

  @BeforeEach
  void two_images_that_share_a_layer() {
    image = read(TestImages.typical("one"));
    other = read(TestImages.named("two").layer("base", 30_000).layer("others", 5_000));
    both = ArchivePlan.of(List.of(whole(image), whole(other)));
  }

  @Test
  void a_small_archive_goes_as_gzip_of_the_same() throws IOException {
    WireArchive archive = WireArchive.of(both, Recompressor.off());

    byte[] sent = sent(archive);

    assertThat(sent).hasSize((int) archive.bytes());
    assertThat(unpacked(sent)).isEqualTo(new PlainArchive(both).written());
    assertThat(archive.plainBytes()).isEqualTo(new PlainArchive(both).bytes());
    assertThat(archive.isSettled()).isTrue();
  }

  @Test
  void a_large_archive_goes_as_it_is() throws IOException {
    ImageTarball large =
        read(
            TestImages.named("large")
                .layer(TestImages.layerTar("x", "x".repeat(2 * MIB)), Compression.NONE));
    ArchivePlan plan = ArchivePlan.of(List.of(whole(large)));
    WireArchive archive = WireArchive.of(plan, Recompressor.off());

    byte[] sent = sent(archive);

    assertThat(sent).isEqualTo(new PlainArchive(plan).written()).hasSize((int) archive.bytes());
    assertThat(archive.isSettled()).isTrue();
  }

  @Test
  void some_of_the_images_take_what_an_archive_of_their_own_would_take() {
    WireArchive archive = WireArchive.of(both, Recompressor.off());

    assertThat(archive.plainBytes(List.of(whole(image))))
        .isEqualTo(new PlainArchive(ArchivePlan.of(List.of(whole(image)))).bytes());
    assertThat(archive.plainBytes(both.images())).isEqualTo(archive.plainBytes());
  }

  @Test
  void what_is_recorded_of_a_layer_is_what_is_sent() {
    WireArchive archive = WireArchive.of(both, Recompressor.off());

    assertThat(archive.manifestDigest(other)).isEqualTo(PlainArchive.manifestDigest(other));
    assertThat(other.layers()).allMatch(layer -> archive.blob(layer).equals(layer.blob()));
  }

  /** What has gone out at the end, also through a buffer. */
  private static byte[] sent(WireArchive archive) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    archive.writeTo(new BufferedOutputStream(out, 4 * MIB));
    return out.toByteArray();
  }

  private static byte[] unpacked(byte[] gzip) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return in.readAllBytes();
    }
  }

  private static PlannedImage whole(ImageTarball image) {
    return PlannedImage.whole(image, image.releaseTag(image.tag()));
  }

  private ImageTarball read(TestImages image) {
    Path file = directory.resolve(image.configDigest().shortHex() + ".tar");
    return TarballReader.read(image.writeDocker(file));
  }
}
