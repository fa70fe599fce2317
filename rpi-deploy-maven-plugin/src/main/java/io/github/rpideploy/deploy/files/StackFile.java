package io.github.rpideploy.deploy.files;

import io.github.rpideploy.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * A file that the Pi must have beside the compose file.
 *
 * @param path where it goes, relative to the compose directory; parts are separated by {@code /}
 * @param local where it is here
 * @param mode its permissions as octal digits
 * @param size in bytes
 * @param sha256 of its content, as hexadecimal digits
 */
public record StackFile(String path, Path local, String mode, long size, String sha256) {

  /** From the highest bit to the lowest. */
  private static final List<PosixFilePermission> BITS = List.of(PosixFilePermission.values());

  /** Reads a file once. */
  static StackFile read(String path, Path local) throws IOException {
    MessageDigest digest = Digest.sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(local), digest)) {
      long size = in.transferTo(OutputStream.nullOutputStream());
      return new StackFile(
          path, local, mode(local), size, HexFormat.of().formatHex(digest.digest()));
    }
  }

  /** What a file system without permissions has is readable by everybody. */
  private static String mode(Path file) throws IOException {
    try {
      int mode = 0;
      for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
        mode |= 0400 >> BITS.indexOf(permission);
      }
      return Integer.toOctalString(mode);
    } catch (UnsupportedOperationException e) {
      return "644";
    }
  }

  /** Its line in the record of files, without the line break. */
  String line() {
    return sha256 + " " + mode + " " + path;
  }
}
