package io.github.rpideploy.docker;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Space on the Pi.
 *
 * @param use what it is for: {@code docker}, {@code containerd}, {@code tmp}
 * @param directory where it is
 * @param freeBytes what the user, or the Engine, may still write there
 * @param freeInodes how many files may still be made there; empty where nothing limits them
 */
public record Disk(String use, String directory, long freeBytes, OptionalLong freeInodes) {

  private static final int KIB = 1024;

  /** {@code use kib freeInodes allInodes directory}. */
  static Optional<Disk> parse(String text) {
    String[] words = text.split(" ", 5);
    if (words.length != 5 || !words[1].matches("\\d{1,15}")) {
      return Optional.empty();
    }
    // btrfs and zfs make inodes as they need them, and say that they have none.
    boolean limited = words[2].matches("\\d{1,18}") && words[3].matches("[1-9]\\d{0,17}");
    return Optional.of(
        new Disk(
            words[0],
            words[4],
            Long.parseLong(words[1]) * KIB,
            limited ? OptionalLong.of(Long.parseLong(words[2])) : OptionalLong.empty()));
  }
}
