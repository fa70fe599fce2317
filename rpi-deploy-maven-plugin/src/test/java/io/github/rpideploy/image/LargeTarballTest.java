package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.github.luben.zstd.ZstdInputStream;
import com.google.gson.Gson;
import io.github.rpideploy.image.tarball.TarballReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tarballs larger than memory. Their layer is a hole in a sparse file, so they cost no disk. */
class LargeTarballTest {

  private static final int MIB = 1 << 20;

  @TempDir private Path directory;

  @Test
  void fiveTimesTheHeapIsReadAndWritten() throws Exception {
    long size = 160L * MIB;
    Path tarball = LargeTarball.write(directory.resolve("jib-image.tar"), size);
    Path log = directory.resolve("log");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-cp",
                classPath(
                    ReadAndWrite.class,
                    ImageTarball.class,
                    Gson.class,
                    NullMarked.class,
                    ZstdInputStream.class),
                ReadAndWrite.class.getName(),
                tarball.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = child.waitFor(60, TimeUnit.SECONDS);
    child.destroyForcibly();

    assertThat(ended).isTrue();
    assertThat(log).content().startsWith("done " + (size + 5 * 512));
    assertThat(child.exitValue()).isZero();
  }

  @Test
  void twentyGigabytesAreReadInNoTime() throws IOException {
    long size = 20L << 30;
    Path tarball =
        LargeTarball.write(directory.resolve("jib-image.tar"), size, Digest.of(new byte[0]));
    long start = System.nanoTime();

    ImageTarball image = TarballReader.read(tarball);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    assertThat(image.layers()).map(Layer::size).containsExactly(size);
    assertThat(image.layerBytes()).isEqualTo(size);
  }

  /** Reading a quarter of a gigabyte takes a second, reading it five hundred times many minutes. */
  @Test
  void anEntryThatManyLayersNameIsReadOnce() throws IOException {
    List<Digest> diffIds =
        IntStream.range(0, 500)
            .mapToObj(i -> Digest.of(new byte[] {(byte) i, (byte) (i / 256)}))
            .toList();
    Path tarball = LargeTarball.writeShared(directory.resolve("jib-image.tar"), 1L << 28, diffIds);

    ImageTarball image =
        assertTimeoutPreemptively(Duration.ofMinutes(2), () -> TarballReader.read(tarball));

    assertThat(image.layers()).hasSize(500);
    assertThat(image.layers().stream().map(Layer::blobDigest).distinct()).hasSize(1);
  }

  /** Runs with a small heap. */
  static final class ReadAndWrite {

    private ReadAndWrite() {}

    public static void main(String[] args) throws IOException {
      ImageTarball image = TarballReader.read(Path.of(args[0]));
      ArchivePlan plan =
          ArchivePlan.of(List.of(PlannedImage.whole(image, image.releaseTag(image.tag()))));
      WireArchive.of(plan, Recompressor.off()).writeTo(OutputStream.nullOutputStream());
      System.out.println("done " + (image.layerBytes() + 5 * TarHeader.BLOCK));
    }
  }

  private static String classPath(Class<?>... classes) throws Exception {
    StringBuilder path = new StringBuilder();
    for (Class<?> each : classes) {
      Path place = Path.of(each.getProtectionDomain().getCodeSource().getLocation().toURI());
      path.append(path.isEmpty() ? "" : File.pathSeparator).append(place);
    }
    return path.toString();
  }
}
