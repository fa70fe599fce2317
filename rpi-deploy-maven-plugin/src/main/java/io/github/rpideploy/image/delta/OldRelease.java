package io.github.rpideploy.image.delta;

import io.github.rpideploy.image.Digest;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A release on the Pi that files can be copied from.
 *
 * @param tag its own tag
 * @param layers its diffIDs, lowest first
 */
public record OldRelease(String tag, List<Digest> layers) {

  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9./:_-]*:rpi-[0-9a-f]+");

  /** Keeps a copy of the list. */
  public OldRelease {
    layers = List.copyOf(layers);
  }

  /** Whether an image under that name is a release. */
  public static boolean isTag(String name) {
    return TAG.matcher(name).matches();
  }
}
