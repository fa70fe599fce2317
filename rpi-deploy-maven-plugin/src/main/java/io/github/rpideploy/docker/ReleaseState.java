package io.github.rpideploy.docker;

import java.util.List;

/** What the Pi has under a release tag. */
public sealed interface ReleaseState {

  /**
   * No such image, or one that the Engine cannot show: so the containerd store of Engine 28.5 when
   * layers of it are missing.
   *
   * @param said what the Engine said, when it was just loaded; otherwise empty
   */
  record Absent(String said) implements ReleaseState {}

  /**
   * The image is there; if that was tried, a container could be created from it.
   *
   * @param id the image's id
   * @param layers its diffIDs, 64 hexadecimal digits each, lowest first
   */
  record Usable(String id, List<String> layers) implements ReleaseState {

    /** Keeps a copy of the list. */
    public Usable {
      layers = List.copyOf(layers);
    }
  }

  /**
   * The tag is there, but no container can be created from it.
   *
   * @param said what the Engine said
   */
  record Unusable(String said) implements ReleaseState {}
}
