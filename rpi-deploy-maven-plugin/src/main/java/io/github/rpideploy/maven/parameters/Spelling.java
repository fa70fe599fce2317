package io.github.rpideploy.maven.parameters;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the name that somebody meant. */
final class Spelling {

  /** Two slips of the finger; more than that is another word. */
  private static final int MOST_SLIPS = 2;

  private Spelling() {}

  /** The name that is nearest to what was written; empty when none is near. */
  static Optional<String> nearest(String written, Collection<String> names) {
    return new TreeSet<>(names)
        .stream()
            .filter(name -> isNear(written, name))
            .min(Comparator.comparingInt(name -> slips(plain(written), plain(name))));
  }

  /** In a word of four letters, two other ones make another word: {@code host}, {@code root}. */
  private static boolean isNear(String written, String name) {
    String one = plain(written);
    String other = plain(name);
    if (Math.abs(one.length() - other.length()) > MOST_SLIPS) {
      return false;
    }
    int slips = slips(one, other);
    return slips == 0 || (slips <= MOST_SLIPS && 2 * slips < other.length());
  }

  /** Case, dashes, dots and underscores do not count, nor does what all properties begin with. */
  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceFirst("^rpi\\.", "").replaceAll("[-._]", "");
  }

  /**
   * How many letters must be added, removed, replaced, or swapped with the next one: the distance
   * of Damerau and Levenshtein, where no letter is changed twice.
   */
  private static int slips(String one, String other) {
    int[][] slips = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          slips[i][j] = i + j;
          continue;
        }
        int changed = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        slips[i][j] =
            Math.min(slips[i - 1][j - 1] + changed, Math.min(slips[i - 1][j], slips[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1)) {
          slips[i][j] = Math.min(slips[i][j], slips[i - 2][j - 2] + 1);
        }
      }
    }
    return slips[one.length()][other.length()];
  }
}
