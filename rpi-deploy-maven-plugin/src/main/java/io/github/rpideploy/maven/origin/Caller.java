package io.github.rpideploy.maven.origin;

import io.github.rpideploy.deploy.spec.Origin;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who runs this build, as others see it. */
public final class Caller {

  private Caller() {}

  /** {@code me@laptop, process 4711, since 2026-11-25T10:00:00Z, https://…/runs/1}. */
  public static String of(Map<String, String> environment, Instant now) {
    String run = run(environment);
    return who(environment)
        + ", process "
        + ProcessHandle.current().pid()
        + ", since "
        + now.truncatedTo(ChronoUnit.SECONDS)
        + (run == null ? "" : ", " + run);
  }

  private static String who(Map<String, String> environment) {
    return System.getProperty("user.name") + "@" + machine(environment);
  }

  /**
   * Where a build comes from, for the history on the Pi.
   *
   * @param directory what is built is in
   * @param version of the project; null without one
   */
  public static Origin origin(
      Map<String, String> environment, Path directory, @Nullable String version) {
    String commit = GitCommit.of(environment, directory);
    return new Origin(who(environment), run(environment), commit, version);
  }

  /** Where a CI server shows this run: GitHub, Gitea and Forgejo, GitLab, Jenkins; else null. */
  static @Nullable String run(Map<String, String> environment) {
    String id = environment.get("GITHUB_RUN_ID");
    if (id != null) {
      return environment.get("GITHUB_SERVER_URL")
          + "/"
          + environment.get("GITHUB_REPOSITORY")
          + "/actions/runs/"
          + id;
    }
    String job = environment.get("CI_JOB_URL");
    return job == null ? environment.get("BUILD_URL") : job;
  }

  private static String machine(Map<String, String> environment) {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return environment.getOrDefault("HOSTNAME", "unknown");
    }
  }
}
