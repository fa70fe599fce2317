package io.github.rpideploy.image;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/** Tarballs larger than memory. Their layer is a hole in a sparse file, so they cost no disk. */
public final class LargeTarball {

  private static final int MIB = 1 << 20;

  private LargeTarball() {}

  /** One whose layer of so many zeros is what its digest says. */
  public static Path write(Path file, long size) throws IOException {
    return write(file, size, digestOfZeros(size));
  }

  /** A tarball in Docker's format whose only layer is so many zeros, not compressed. */
  static Path write(Path file, long size, Digest diffId) throws IOException {
    return write(file, size, new byte[0], List.of(diffId));
  }

  /** One of several layers that are all the same entry, which begins like gzip. */
  static Path writeShared(Path file, long size, List<Digest> diffIds) throws IOException {
    return write(file, size, new byte[] {0x1f, (byte) 0x8b}, diffIds);
  }

  private static Path write(Path file, long size, byte[] start, List<Digest> diffIds)
      throws IOException {
    byte[] config =
        """
        {"os":"linux","architecture":"arm64","rootfs":{"type":"layers","diff_ids":["%s"]}}"""
            .formatted(diffIds.stream().map(Digest::toString).collect(joining("\",\"")))
            .getBytes(StandardCharsets.UTF_8);
    byte[] manifest =
        """
        [{"Config":"config.json","RepoTags":["big:1"],"Layers":[%s]}]"""
            .formatted(diffIds.stream().map(each -> "\"0/layer.tar\"").collect(joining(",")))
            .getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(TarHeader.ofFile("0/layer.tar", size));
      out.write(start);
      out.seek(out.getFilePointer() - start.length + TarHeader.padded(size));
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
    for (long left = size; left > 0; left -= MIB) {
      computation.update(zeros, 0, (int) Math.min(MIB, left));
    }
    return Digest.finish(computation);
  }
}
