package io.github.rpideploy.docker;

import java.util.List;
import java.util.regex.Pattern;

/** How messages name an image. */
public final class ImageNames {

  private static final Pattern RELEASE = Pattern.compile(".+:rpi-[0-9a-f]{12}");

  /** In the place of a repository or tag that an image does not have. */
  private static final String NONE = "<none>";

  private ImageNames() {}

  /**
   * By its release tag if it has one, else by any tag, else by its shortened id.
   *
   * @param tags all that count
   */
  public static String of(String id, List<String> tags) {
    return tags.stream()
        .filter(tag -> RELEASE.matcher(tag).matches())
        .findFirst()
        .or(() -> tags.stream().filter(tag -> !tag.contains(NONE)).findFirst())
        .orElse(id.length() > 19 ? id.substring(0, 19) : id);
  }
}
