package io.github.rpideploy.image.tarball;

import com.github.luben.zstd.ZstdInputStream;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.Gunzip;
import io.github.rpideploy.image.TarballFailures;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Unpacks a tarball that is compressed as a whole, because its layers are read at their places,
 * more than once. What was unpacked is used again while the tarball has the same size and time.
 *
 * @param directory where it is unpacked
 * @param largest how many bytes an image may have at most
 */
record Unpacking(Path directory, long largest) {

  /** No image for a Pi has more: 16 GiB. */
  private static final long LARGEST = 16L << 30;

  /** So many bytes stay free. */
  private static final long RESERVE = 64L << 20;

  private static final int BUFFER_SIZE = 256 * 1024;

  static Unpacking into(Path directory) {
    return new Unpacking(directory, LARGEST);
  }

  /**
   * The plain archive.
   *
   * @param how it is compressed
   * @throws DeployException when it is damaged, there is no space, or it unpacks to more than any
   *     image has
   */
  Path of(Path tarball, Compression how) throws IOException {
    TarballFailures failures = new TarballFailures(tarball);
    String name = String.valueOf(tarball.getFileName());
    Path place =
        directory.resolve(
            "%s-%d-%d.tar"
                .formatted(
                    name, Files.size(tarball), Files.getLastModifiedTime(tarball).toMillis()));
    if (Files.isRegularFile(place)) {
      return place;
    }
    try (InputStream compressed = Files.newInputStream(tarball)) {
      prepare(name, failures);
      Path part = Files.createTempFile(directory, "unpacking", ".part");
      try {
        unpack(compressed, how, part, failures);
        Files.move(
            part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    }
    return place;
  }

  /** What was unpacked of earlier tarballs of that name goes. */
  private void prepare(String name, TarballFailures failures) {
    Pattern earlier = Pattern.compile(Pattern.quote(name) + "-\\d+-\\d+\\.tar");
    try {
      Files.createDirectories(directory);
      for (Path file : list()) {
        if (earlier.matcher(String.valueOf(file.getFileName())).matches()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw notWritten(failures, e);
    }
  }

  private List<Path> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private void unpack(InputStream compressed, Compression how, Path part, TarballFailures failures)
      throws IOException {
    long free = Files.getFileStore(directory).getUsableSpace() - RESERVE;
    // Some file systems say 0 because they do not know.
    long room = free > 0 ? Math.min(free, largest) : largest;
    byte[] buffer = new byte[BUFFER_SIZE];
    try (InputStream plain = plain(compressed, how, failures);
        OutputStream out = Files.newOutputStream(part)) {
      long written = 0;
      int n = read(plain, buffer, how, failures);
      while (n >= 0) {
        written += n;
        if (written > room) {
          throw tooLarge(room, failures);
        }
        write(out, buffer, n, failures);
        n = read(plain, buffer, how, failures);
      }
    }
  }

  private static InputStream plain(
      InputStream compressed, Compression how, TarballFailures failures) {
    try {
      return how == Compression.ZSTD
          ? new ZstdInputStream(compressed)
          : Gunzip.of(compressed, BUFFER_SIZE);
    } catch (IOException e) {
      throw damaged(how, failures, e);
    }
  }

  private static int read(
      InputStream plain, byte[] buffer, Compression how, TarballFailures failures) {
    try {
      return plain.read(buffer);
    } catch (IOException e) {
      throw damaged(how, failures, e);
    }
  }

  private void write(OutputStream out, byte[] buffer, int length, TarballFailures failures) {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      throw notWritten(failures, e);
    }
  }

  private static DeployException damaged(
      Compression how, TarballFailures failures, IOException cause) {
    return failures.unusable(
        "it is compressed with %s, and damaged or cut short: %s"
            .formatted(how == Compression.ZSTD ? "zstd" : "gzip", cause.getMessage()));
  }

  private DeployException tooLarge(long room, TarballFailures failures) {
    return room == largest
        ? failures.unusable("it unpacks to more than " + largest + " bytes, which no image has")
        : failures.unusable(
            "it unpacks to more than the " + room + " bytes that may be used in " + directory,
            "Free some space there: mvn clean removes what earlier builds have left");
  }

  private DeployException notWritten(TarballFailures failures, IOException cause) {
    return failures.unusable(
        "it is compressed, and cannot be unpacked into " + directory + ": " + cause,
        "Check that the directory can be written and that there is space");
  }
}
