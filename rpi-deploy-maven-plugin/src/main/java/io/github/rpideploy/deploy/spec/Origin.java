package io.github.rpideploy.deploy.spec;

import org.jspecify.annotations.Nullable;

/**
 * Where a deploy comes from.
 *
 * @param who user and machine: {@code me@laptop}
 * @param run where a CI server shows this run, or null
 * @param commit the git commit that was built, or null
 * @param version the version of the project, or null
 */
public record Origin(
    String who, @Nullable String run, @Nullable String commit, @Nullable String version) {

  /** The same for a goal that builds nothing. */
  public Origin withoutBuild() {
    return new Origin(who, run, null, null);
  }

  /** When nothing is known. */
  public static final Origin UNKNOWN = new Origin("unknown", null, null, null);
}
