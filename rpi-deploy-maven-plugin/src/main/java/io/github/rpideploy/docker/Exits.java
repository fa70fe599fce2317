package io.github.rpideploy.docker;

import java.util.ArrayList;
import java.util.List;

/**
 * How the runs of a container have ended, as the Engine's events tell it: its state forgets that as
 * soon as the restart policy has started it again.
 *
 * @param codes the exit codes, the last one last
 * @param outOfMemory whether the kernel killed something in it because memory ran out
 */
public record Exits(List<Integer> codes, boolean outOfMemory) {

  /** Nothing is known. */
  public static final Exits NONE = new Exits(List.of(), false);

  static final String FORMAT = "{{.Action}} {{index .Actor.Attributes \"exitCode\"}}";

  public Exits {
    codes = List.copyOf(codes);
  }

  /**
   * @param printed lines of {@link #FORMAT}: {@code die 137}, {@code oom}
   */
  static Exits parse(String printed) {
    List<Integer> codes = new ArrayList<>();
    boolean outOfMemory = false;
    for (String line : printed.lines().toList()) {
      String[] words = line.strip().split(" +", -1);
      outOfMemory |= words[0].equals("oom");
      if (words[0].equals("die") && words.length > 1 && words[1].matches("\\d{1,3}")) {
        codes.add(Integer.valueOf(words[1]));
      }
    }
    return new Exits(codes, outOfMemory);
  }
}
