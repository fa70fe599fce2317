package io.github.rpideploy.image.delta;

import io.github.rpideploy.image.Digest;
import java.util.List;

/**
 * A file of a layer.
 *
 * @param path absolute, as a container has it
 * @param size in bytes
 * @param digest of its content
 */
public record LayerFile(String path, long size, Digest digest) {

  /** Smaller ones take less when they are sent than when they are named. */
  static final long LEAST = 4096;

  /** Half of an Engine's largest layer. */
  static final long MOST = 1L << 40;

  private static final int PATH_LIMIT = 1000;

  /** Whether it can be named to the Pi: there is a directory to read it from. */
  static boolean isUsable(String path, long size) {
    List<String> names = List.of(path.split("/", -1));
    return size >= LEAST
        && size <= MOST
        && path.length() <= PATH_LIMIT
        && path.startsWith("/")
        && names.size() > 2
        && names.stream().skip(1).noneMatch(name -> List.of("", ".", "..").contains(name))
        && path.chars().noneMatch(c -> Character.isISOControl(c) || c == '\ufffd')
        && names.stream().allMatch(name -> name.equals(name.strip()));
  }

  /** The directory that it is in. */
  String directory() {
    return path.substring(0, path.lastIndexOf('/'));
  }
}
