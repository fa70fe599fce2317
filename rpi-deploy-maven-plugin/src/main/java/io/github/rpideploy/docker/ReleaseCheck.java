package io.github.rpideploy.docker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A release that is to be looked at on the Pi.
 *
 * @param tag its release tag
 * @param platform {@code linux/arm64}: named, because an emulating Engine would else warn
 * @param ids the image ids, 64 hexadecimal digits, under which it may be noted: the digest of its
 *     config on a classic store, of its manifest on the containerd store
 * @param note what is noted of it when it is proved; null when that is not known yet
 */
public record ReleaseCheck(
    String tag, String platform, List<String> ids, @Nullable SentLayers note) {

  /** Keeps a copy of the list. */
  public ReleaseCheck {
    ids = List.copyOf(ids);
  }
}
