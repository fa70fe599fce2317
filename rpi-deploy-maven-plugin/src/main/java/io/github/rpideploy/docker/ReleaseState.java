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
   * An image is there, and a container could be made of it if that was tried.
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
   * The tag is there, but no container can be made of it.
   *
   * @param said what the Engine said
   */
  record Unusable(String said) implements ReleaseState {}
}
