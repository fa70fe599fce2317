package io.github.rpideploy.maven.parameters;

import io.github.rpideploy.DeployException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A parameter whose value is one of a few words. */
public final class Choice {

  private Choice() {}

  /**
   * The word that was given, in lower case.
   *
   * @param name of the parameter, without {@code rpi.}
   * @param without what happens when it is removed
   * @param given null for the first word
   * @param words two or more
   * @throws DeployException when it is none of them
   */
  public static String of(String name, @Nullable String given, String without, String... words) {
    String word = given == null ? words[0] : given.toLowerCase(Locale.ROOT);
    List<String> all = new ArrayList<>(List.of(words));
    if (all.contains(word)) {
      return word;
    }
    String last = all.remove(all.size() - 1);
    throw new DeployException(
        "Parameter "
            + name
            + " is "
            + given
            + ", but only "
            + String.join(", ", all)
            + " and "
            + last
            + " exist",
        "Remove it, and " + without);
  }
}
