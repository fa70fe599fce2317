package io.github.rpideploy.image.tarball;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.luben.zstd.Zstd;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.ImageTarball;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.image.Platform;
import io.github.rpideploy.image.TestImages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tarballs that are compressed as a whole. */
class UnpackingTest {

  private static final TestImages IMAGE = TestImages.typical("auth:1");

  @TempDir private Path directory;

  private Path target;
  private Path saved;

  @BeforeEach
  void nameTheFiles() {
    target = directory.resolve("target/rpi");
    saved = directory.resolve("saved.tar.gz");
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "ZSTD"})
  void it_is_unpacked_and_its_layers_are_read_from_there(Compression how) throws IOException {
    write(IMAGE.dockerBytes(), how);

    ImageTarball read = read();

    assertThat(read.file()).isEqualTo(saved);
    assertThat(read.configDigest()).isEqualTo(IMAGE.configDigest());
    assertThat(read.layers()).map(Layer::diffId).isEqualTo(IMAGE.diffIds());
    Layer layer = read.layers().get(1);
    assertThat(read.unpacked(layer).readAllBytes()).isEqualTo(IMAGE.layers().get(1));
    assertThat(unpacked()).singleElement().asString().startsWith("saved.tar.gz-").endsWith(".tar");
  }

  @Test
  void it_is_not_unpacked_again_until_its_size_or_time_changes() throws IOException {
    write(IMAGE.dockerBytes(), Compression.GZIP);
    read();
    Path first = target.resolve(unpacked().get(0));
    FileTime old = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    Files.setLastModifiedTime(first, old);

    read();
    assertThat(Files.getLastModifiedTime(first)).isEqualTo(old);

    Files.setLastModifiedTime(saved, FileTime.from(Instant.parse("2026-02-02T00:00:00Z")));
    read();
    assertThat(unpacked()).hasSize(1).doesNotContain(first.getFileName().toString());

    TestImages other = TestImages.typical("auth:2").layer("more", 70);
    write(other.dockerBytes(), Compression.GZIP);
    Files.setLastModifiedTime(saved, FileTime.from(Instant.parse("2026-02-02T00:00:00Z")));
    assertThat(read().configDigest()).isEqualTo(other.configDigest());
    assertThat(unpacked()).hasSize(1);
  }

  @Test
  void what_was_unpacked_of_another_tarball_stays() throws IOException {
    write(IMAGE.dockerBytes(), Compression.GZIP);
    read();
    Path other = directory.resolve("other.tar.gz");
    Files.copy(saved, other);

    TarballReader.read(other, wanted());

    assertThat(unpacked()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "ZSTD"})
  void one_that_is_damaged_or_cut_short_is_refused_and_leaves_nothing(Compression how)
      throws IOException {
    byte[] whole = compressed(IMAGE.dockerBytes(), how);
    Files.write(saved, Arrays.copyOf(whole, whole.length - 20));
    assertThat(refused())
        .hasMessageStartingWith(
            "The image tarball %s cannot be used: it is compressed with %s, and damaged or cut"
                + " short: ",
            saved, how == Compression.ZSTD ? "zstd" : "gzip");
    assertThat(unpacked()).isEmpty();

    Files.write(saved, Arrays.copyOf(whole, 5));
    assertThat(refused()).hasMessageContaining("damaged or cut short");
    assertThat(unpacked()).isEmpty();
  }

  @Test
  void one_that_unpacks_to_no_image_or_is_compressed_twice_is_refused_and_leaves_nothing()
      throws IOException {
    write(new byte[4096], Compression.ZSTD);
    assertThat(refused()).hasMessageContaining("it has neither a manifest.json");
    assertThat(unpacked()).isEmpty();

    write(new byte[0], Compression.GZIP);
    assertThat(refused()).hasMessage("The image tarball " + saved + " cannot be used: it is empty");
    assertThat(unpacked()).isEmpty();

    write(compressed(IMAGE.dockerBytes(), Compression.GZIP), Compression.ZSTD);
    assertThat(refused()).hasMessageEndingWith("it is compressed more than once");
    assertThat(unpacked()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "ZSTD"})
  void one_that_unpacks_to_more_than_any_image_has_is_refused_and_leaves_nothing(Compression how)
      throws IOException {
    write(new byte[1_000_000], how);

    DeployException failure =
        catchThrowableOfType(
            DeployException.class, () -> new Unpacking(target, 999_999).of(saved, how));

    assertThat(failure)
        .hasMessageEndingWith("it unpacks to more than 999999 bytes, which no image has");
    assertThat(unpacked()).isEmpty();
    assertThat(new Unpacking(target, 1_000_000).of(saved, how)).hasSize(1_000_000);
  }

  @Test
  void a_directory_that_cannot_be_made_is_named() throws IOException {
    write(IMAGE.dockerBytes(), Compression.GZIP);
    Files.writeString(directory.resolve("target"), "a file");

    assertThat(refused())
        .hasMessageContaining("it is compressed, and cannot be unpacked into " + target + ": ");
  }

  @Test
  void a_layer_that_turns_out_to_be_damaged_is_of_the_tarball_that_the_user_knows()
      throws IOException {
    write(IMAGE.dockerBytes(), Compression.GZIP);
    ImageTarball read = read();
    Files.delete(target.resolve(unpacked().get(0)));

    assertThat(
            catchThrowableOfType(
                DeployException.class, () -> read.unpacked(read.layers().get(0)).close()))
        .hasMessage("There is no image tarball " + saved);
  }

  private ImageTarball read() {
    return TarballReader.read(saved, wanted());
  }

  private DeployException refused() {
    return catchThrowableOfType(DeployException.class, this::read);
  }

  private Wanted wanted() {
    return new Wanted(Platform.parse("linux/arm64"), Optional::empty, target);
  }

  private List<String> unpacked() throws IOException {
    if (!Files.isDirectory(target)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(target)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private void write(byte[] content, Compression how) throws IOException {
    Files.write(saved, compressed(content, how));
  }

  private static byte[] compressed(byte[] content, Compression how) throws IOException {
    if (how == Compression.ZSTD) {
      return Zstd.compress(content);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }
}
