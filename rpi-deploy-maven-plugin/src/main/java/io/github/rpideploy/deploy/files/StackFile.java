package io.github.rpideploy.deploy.files;

import java.nio.file.Path;

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

  /** Its line in the record of files, without the line break. */
  String line() {
    return sha256 + " " + mode + " " + path;
  }
}
