package io.github.rpideploy.maven.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitCommitTest {

  private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path directory;

  @Test
  void a_CI_server_knows_it() {
    for (String variable : List.of("GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT")) {
      assertThat(GitCommit.of(Map.of(variable, HASH), directory)).isEqualTo(HASH);
    }
  }

  @Test
  void otherwise_git_is_asked() throws Exception {
    git("init", "-q");
    assertThat(GitCommit.of(Map.of(), directory)).isNull();
    Path below = Files.createDirectories(directory.resolve("module"));
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x");

    assertThat(GitCommit.of(Map.of(), below)).isEqualTo(git("rev-parse", "HEAD").strip());

    Files.writeString(directory.resolve("unknown-to-git"), "x");
    assertThat(GitCommit.of(Map.of(), below)).isEqualTo(git("rev-parse", "HEAD").strip());
    git("add", ".");
    assertThat(GitCommit.of(Map.of(), below))
        .isEqualTo(git("rev-parse", "HEAD").strip() + "-dirty");
  }

  @Test
  void where_there_is_none_nothing_is_said() {
    assertThat(GitCommit.of(Map.of("GIT_COMMIT", "a branch"), directory.resolve("nowhere")))
        .isNull();
  }

  private String git(String... arguments) throws Exception {
    List<String> call = new java.util.ArrayList<>(List.of("git"));
    call.addAll(List.of(arguments));
    Process git = new ProcessBuilder(call).directory(directory.toFile()).start();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    git.waitFor();
    return said;
  }
}
