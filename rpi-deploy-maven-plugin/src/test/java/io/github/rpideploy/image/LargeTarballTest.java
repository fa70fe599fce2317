package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    Path tarball = sparse(size, digestOfZeros(size));
    Path log = directory.resolve("log");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-cp",
                classPath(ReadAndWrite.class, ImageTarball.class, Gson.class, NullMarked.class),
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
    Path tarball = sparse(size, Digest.of(new byte[0]));
    long start = System.nanoTime();

    ImageTarball image = ImageTarball.read(tarball);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    assertThat(image.layers()).map(Layer::size).containsExactly(size);
    assertThat(image.layerBytes()).isEqualTo(size);
  }

  /** Runs with a small heap. */
  static final class ReadAndWrite {

    private ReadAndWrite() {}

    public static void main(String[] args) throws IOException {
      ImageTarball image = ImageTarball.read(Path.of(args[0]));
      ArchivePlan plan =
          ArchivePlan.of(List.of(ArchivePlan.Image.whole(image, image.releaseTag(image.tag()))));
      WireArchive.of(plan, Recompressor.off()).writeTo(OutputStream.nullOutputStream());
      System.out.println("done " + (image.layerBytes() + 5 * TarHeader.BLOCK));
    }
  }

  /** A tarball in Docker's format whose only layer is so many zeros, not compressed. */
  private Path sparse(long size, Digest diffId) throws IOException {
    byte[] config =
        """
        {"os":"linux","architecture":"arm64","rootfs":{"type":"layers","diff_ids":["%s"]}}"""
            .formatted(diffId)
            .getBytes(StandardCharsets.UTF_8);
    byte[] manifest =
        """
        [{"Config":"config.json","RepoTags":["big:1"],"Layers":["0/layer.tar"]}]"""
            .getBytes(StandardCharsets.UTF_8);
    Path file = Files.createFile(directory.resolve("jib-image.tar"));
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(TarHeader.ofFile("0/layer.tar", size));
      out.seek(out.getFilePointer() + TarHeader.padded(size));
      for (String name : List.of("config.json", "manifest.json")) {
        byte[] content = name.startsWith("config") ? config : manifest;
        out.write(TarHeader.ofFile(name, content.length));
        out.write(content);
        out.seek(TarHeader.padded(out.getFilePointer()));
      }
      out.setLength(out.getFilePointer() + 2 * TarHeader.BLOCK);
    }
    return file;
  }

  private static Digest digestOfZeros(long size) {
    MessageDigest computation = Digest.sha256();
    byte[] zeros = new byte[MIB];
    for (long done = 0; done < size; done += MIB) {
      computation.update(zeros);
    }
    return Digest.finish(computation);
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
