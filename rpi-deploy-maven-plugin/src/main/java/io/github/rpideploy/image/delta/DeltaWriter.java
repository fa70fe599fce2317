package io.github.rpideploy.image.delta;

import io.github.rpideploy.image.program.OldFile;
import io.github.rpideploy.image.program.Operations;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes the part of a program that makes one layer. */
final class DeltaWriter {

  private static final int BUFFER_SIZE = 64 * 1024;

  private final List<Copy> copies;

  /** The directories to copy from, below their roots. */
  private final Map<OldFiles.Root, String> directories = new LinkedHashMap<>();

  private final Map<OldFiles.Place, Integer> numbers = new LinkedHashMap<>();
  private final Map<OldFiles.Place, OldFile> files = new LinkedHashMap<>();

  /**
   * @param copies the pieces that are copied, in the order in which they lie in the layer
   * @param first the number of the first directory of this layer
   */
  DeltaWriter(List<Copy> copies, int first) {
    this.copies = copies;
    for (Copy copy : copies) {
      String path = copy.from().path();
      directories.merge(
          copy.from().root(), path.substring(0, path.lastIndexOf('/')), DeltaWriter::common);
    }
    List<OldFiles.Root> order = new ArrayList<>(directories.keySet());
    for (Copy copy : copies) {
      OldFiles.Place from = copy.from();
      String directory = directories.getOrDefault(from.root(), "");
      String name = from.path().substring(directory.lastIndexOf('/') + 1);
      numbers.putIfAbsent(from, numbers.size());
      files.merge(
          from,
          new OldFile(first + order.indexOf(from.root()), copy.size(), 1, name),
          (old, one) -> new OldFile(old.directory(), old.size(), old.uses() + 1, old.name()));
    }
  }

  /** The directory that both are in or below. */
  private static String common(String one, String other) {
    String shorter = one;
    while (!(other + "/").startsWith(shorter + "/")) {
      shorter = shorter.substring(0, shorter.lastIndexOf('/'));
    }
    return shorter;
  }

  /** What the program is given for it, in the order of their numbers. */
  List<Deltas.OldDirectory> directories() {
    List<Deltas.OldDirectory> all = new ArrayList<>();
    directories.forEach(
        (root, path) -> all.add(new Deltas.OldDirectory(root.release().tag(), path)));
    return all;
  }

  /** How an old file is asked for. */
  String question(OldFiles.Place place) {
    OldFile file = Objects.requireNonNull(files.get(place));
    return file.directory() + " " + file.size() + " " + file.name();
  }

  /**
   * Writes it.
   *
   * @param layer uncompressed
   * @param most how large it may become
   * @throws IOException when it becomes larger, or the layer cannot be read
   */
  byte[] write(InputStream layer, long most) throws IOException {
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] piece, int offset, int length) {
            if (count + length > most) {
              throw new TooLarge();
            }
            super.write(piece, offset, length);
          }
        };
    try {
      write(layer, new Operations(bytes));
    } catch (TooLarge e) {
      throw new IOException("the delta is too large", e);
    }
    return bytes.toByteArray();
  }

  private void write(InputStream layer, Operations operations) throws IOException {
    operations.files(List.copyOf(files.values()));
    byte[] buffer = new byte[BUFFER_SIZE];
    long position = 0;
    for (Copy copy : copies) {
      while (position < copy.at()) {
        int count = layer.read(buffer, 0, (int) Math.min(buffer.length, copy.at() - position));
        if (count < 0) {
          throw new EOFException();
        }
        operations.write(buffer, 0, count);
        position += count;
      }
      operations.copy(numbers.getOrDefault(copy.from(), -1), copy.offset(), copy.length());
      layer.skipNBytes(copy.length());
      position += copy.length();
    }
    for (int count = layer.read(buffer); count >= 0; count = layer.read(buffer)) {
      operations.write(buffer, 0, count);
    }
    operations.end();
  }

  private static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
