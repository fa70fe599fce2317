package io.github.rpideploy.maven.origin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which commit is built. */
final class GitCommit {

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?(?:-dirty)?");

  /** GitHub, Gitea and Forgejo; GitLab; Jenkins. */
  private static final List<String> VARIABLES =
      List.of("GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT");

  private GitCommit() {}

  /**
   * From the CI server, else from git; null when neither knows it. Git says {@code -dirty} where
   * files that it knows differ from the commit.
   */
  static @Nullable String of(Map<String, String> environment, Path directory) {
    return Stream.concat(
            VARIABLES.stream().map(environment::get), Stream.of(directory).map(GitCommit::head))
        .filter(Objects::nonNull)
        .filter(commit -> HASH.matcher(commit).matches())
        .findFirst()
        .orElse(null);
  }

  private static @Nullable String head(Path directory) {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--abbrev=64", "--dirty", "--exclude=*")
              .directory(directory.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      git.getOutputStream().close();
      if (!git.waitFor(10, TimeUnit.SECONDS)) {
        git.destroyForcibly();
        return null;
      }
      return new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
