package io.github.rpideploy.deploy.spec;

import org.jspecify.annotations.Nullable;

/**
 * Where a deploy comes from.
 *
 * @param who user and machine: {@code me@laptop}
 * @param run where a CI server shows this run, or null
 * @param commit the git commit that is built, or null
 * @param version of the project, or null
 */
public record Origin(
    String who, @Nullable String run, @Nullable String commit, @Nullable String version) {

  /** The same where nothing was built. */
  public Origin withoutBuild() {
    return new Origin(who, run, null, null);
  }

  /** Where nobody has said anything. */
  public static final Origin UNKNOWN = new Origin("unknown", null, null, null);
}
