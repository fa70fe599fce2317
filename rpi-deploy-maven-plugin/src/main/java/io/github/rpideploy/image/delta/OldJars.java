package io.github.rpideploy.image.delta;

import java.util.List;

/** Asks the Pi which entries jars of its releases have. */
@FunctionalInterface
public interface OldJars {

  /** A Pi that is not asked. */
  OldJars NONE = (directories, questions) -> new byte[0];

  /**
   * Asks in one round trip.
   *
   * @param directories where the jars are
   * @param questions a line for each: the directory's number, the size and the name
   * @return what {@code jar-entries.sh} prints, or nothing
   */
  byte[] ask(List<Deltas.OldDirectory> directories, String questions);
}
