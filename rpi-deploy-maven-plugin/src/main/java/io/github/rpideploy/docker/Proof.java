package io.github.rpideploy.docker;

import java.util.Map;
import java.util.Set;

/**
 * The state of releases after a load.
 *
 * @param releases the state of each, by its tag
 * @param unrecorded the tags of those whose layers could not be recorded
 */
public record Proof(Map<String, ReleaseState> releases, Set<String> unrecorded) {

  /** Keeps copies. */
  public Proof {
    releases = Map.copyOf(releases);
    unrecorded = Set.copyOf(unrecorded);
  }
}
