package io.github.rpideploy.docker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A release to check on the Pi.
 *
 * @param tag its release tag
 * @param platform {@code linux/arm64}; without it an emulating Engine warns
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
