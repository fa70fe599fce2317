package io.github.rpideploy.image;

import java.util.regex.Pattern;

/**
 * The tag under which a release lies on the Pi: {@code <repository>:rpi-<12 hex of the config
 * digest>}. It names one content for ever, so it can be moved to by name at any later time.
 */
public final class ReleaseTag {

  private static final String PREFIX = "rpi-";
  private static final Pattern TAG = Pattern.compile(PREFIX + "[0-9a-f]{12}");

  private ReleaseTag() {}

  /** The release tag of an image in the repository of {@code live}, whatever the tag of that is. */
  public static ImageReference of(ImageReference live, Digest configDigest) {
    return live.withTag(PREFIX + configDigest.shortHex());
  }

  /** Whether this is a tag of ours; only such tags are ever removed from the Pi. */
  public static boolean isRelease(ImageReference reference) {
    return TAG.matcher(reference.tag()).matches();
  }

  /**
   * Whether this is a release tag of one repository.
   *
   * @param live any tag of the repository
   */
  public static boolean isReleaseOf(ImageReference live, ImageReference reference) {
    return isRelease(reference) && reference.equals(live.withTag(reference.tag()));
  }
}
