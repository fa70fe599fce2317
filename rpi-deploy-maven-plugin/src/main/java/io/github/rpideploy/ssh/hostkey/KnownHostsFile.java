package io.github.rpideploy.ssh.hostkey;

import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Adds lines to a known_hosts file, which is created if necessary. */
final class KnownHostsFile {

  private KnownHostsFile() {}

  /**
   * @throws DeployException when the file cannot be written
   */
  static void append(Path file, String line) {
    try {
      make(file);
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        long end = channel.size();
        String start = end > 0 && !endsLine(channel, end) ? "\n" : "";
        channel.position(end);
        channel.write(ByteBuffer.wrap((start + line + "\n").getBytes(StandardCharsets.US_ASCII)));
      }
    } catch (IOException e) {
      throw new DeployException(
          "The new host key could not be added to " + file + ": " + e.getMessage(),
          "Make it writable, or name another file with -Drpi.knownHosts=…",
          e);
    }
  }

  private static boolean endsLine(FileChannel channel, long end) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    channel.read(last, end - 1);
    return last.get(0) == '\n';
  }

  /** As OpenSSH creates both: for their owner only. */
  private static void make(Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null && !Files.exists(parent)) {
      if (posix) {
        Files.createDirectories(
            parent,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectories(parent);
      }
    }
    if (posix) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
  }
}
