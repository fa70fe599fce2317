package io.github.rpideploy.deploy.spec;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a deploy comes from.
 *
 * @param who user and machine: {@code me@laptop}
 * @param run where a CI server shows this run, or null
 * @param commit the git commit that was built, or null; with {@code -dirty} where files differ from
 *     it
 * @param version the version of the project, or null
 * @param versions those of its modules that have another one, by service
 */
public record Origin(
    String who,
    @Nullable String run,
    @Nullable String commit,
    @Nullable String version,
    Map<String, String> versions) {

  /** Keeps a copy. */
  public Origin {
    versions = Map.copyOf(versions);
  }

  /** One of a project whose modules all have its version. */
  public Origin(
      String who, @Nullable String run, @Nullable String commit, @Nullable String version) {
    this(who, run, commit, version, Map.of());
  }

  /** The same with the versions of modules that have one of their own, by service. */
  public Origin withVersions(Map<String, String> own) {
    return new Origin(who, run, commit, version, own);
  }

  /** The same for a goal that builds nothing. */
  public Origin withoutBuild() {
    return new Origin(who, run, null, null);
  }

  /** When nothing is known. */
  public static final Origin UNKNOWN = new Origin("unknown", null, null, null);
}
