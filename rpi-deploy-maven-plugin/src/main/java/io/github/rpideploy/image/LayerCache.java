package io.github.rpideploy.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Layers that were compressed with zstd, on this machine, across builds and services: the layer of
 * a base image is compressed only once.
 *
 * <p>One file a layer, {@code <diffID>.<digest of the file>.tar.zst}, which appears as a whole; an
 * empty {@code <diffID>.vain} remembers that a layer gains nothing. Several builds may use the
 * directory at the same time, and it may be deleted at any time. The least recently used layers are
 * removed when all of them take more than 2 GiB.
 */
public final class LayerCache {

  private static final long LIMIT = 2L * 1024 * 1024 * 1024;
  private static final String ENDING = ".tar.zst";
  private static final String VAIN = ".vain";
  private static final int HEX = 64;

  private final Path directory;
  private final long limit;

  LayerCache(Path directory, long limit) {
    this.directory = directory;
    this.limit = limit;
  }

  /** The cache in that directory, which is made when the first layer comes. */
  public static LayerCache in(Path directory) {
    return new LayerCache(directory, LIMIT);
  }

  /** The layer as zstd, if it is there; a layer that is used stays longer. */
  Optional<StoredBlob> find(Digest diffId) {
    try {
      Optional<Path> found =
          list().stream()
              .filter(file -> isOf(file, diffId) && name(file).endsWith(ENDING))
              .findFirst();
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Path file = found.get();
      Optional<Digest> digest =
          Digest.ofHex(name(file).substring(HEX + 1, name(file).length() - ENDING.length()));
      if (digest.isEmpty()) {
        return Optional.empty();
      }
      long size = Files.size(file);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return Optional.of(StoredBlob.inCache(file, new Blob(digest.get(), size, Compression.ZSTD)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether it is known that the layer gains nothing. */
  boolean isVain(Digest diffId) {
    return Files.exists(directory.resolve(diffId.hex() + VAIN));
  }

  /** Remembers that the layer gains nothing. */
  void setVain(Digest diffId) throws IOException {
    Files.createDirectories(directory);
    Files.write(directory.resolve(diffId.hex() + VAIN), new byte[0]);
  }

  /** A new file for {@link #keep}. */
  Path newFile() throws IOException {
    Files.createDirectories(directory);
    return Files.createTempFile(directory, "new", ".part");
  }

  /** Takes the finished file in. */
  StoredBlob keep(Digest diffId, Path file, Digest digest) throws IOException {
    Path place = directory.resolve(diffId.hex() + "." + digest.hex() + ENDING);
    Blob blob = new Blob(digest, Files.size(file), Compression.ZSTD);
    Files.move(file, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    tidy(place);
    return StoredBlob.inCache(place, blob);
  }

  private void tidy(Path justMade) throws IOException {
    record Entry(Path file, long size, FileTime used) {}
    List<Entry> entries = new ArrayList<>();
    for (Path file : list()) {
      try {
        entries.add(new Entry(file, Files.size(file), Files.getLastModifiedTime(file)));
      } catch (NoSuchFileException anotherBuildHasTidiedUp) {
        // Then there is nothing left to count.
      }
    }
    entries.sort(Comparator.comparing(Entry::used));
    long total = entries.stream().mapToLong(Entry::size).sum();
    for (Entry entry : entries) {
      if (total <= limit) {
        return;
      }
      if (!entry.file().equals(justMade)) {
        Files.deleteIfExists(entry.file());
        total -= entry.size();
      }
    }
  }

  private List<Path> list() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static boolean isOf(Path file, Digest diffId) {
    return name(file).startsWith(diffId.hex() + ".");
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
