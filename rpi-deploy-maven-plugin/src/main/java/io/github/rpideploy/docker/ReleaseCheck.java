package io.github.rpideploy.docker;

import java.util.List;

/**
 * A release that is to be looked at on the Pi.
 *
 * @param tag its release tag
 * @param platform {@code linux/arm64}: named, because an emulating Engine would else warn
 * @param manifest the 64 hexadecimal digits of its manifest digest: its image id on the containerd
 *     store
 * @param blobs the 64 hexadecimal digits of the blobs that its layers were sent as, lowest first
 */
public record ReleaseCheck(String tag, String platform, String manifest, List<String> blobs) {

  /** Keeps a copy of the list. */
  public ReleaseCheck {
    blobs = List.copyOf(blobs);
  }
}
