package io.github.rpideploy.maven.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallerTest {

  @Test
  void says_user_process_and_since_when() {
    assertThat(Caller.of(Map.of(), Instant.parse("2026-11-01T12:00:00.5Z")))
        .startsWith(System.getProperty("user.name") + "@")
        .endsWith(", process " + ProcessHandle.current().pid() + ", since 2026-11-01T12:00:00Z");
  }

  @Test
  void names_the_run_of_a_CI_server() {
    assertThat(
            Caller.run(
                Map.of(
                    "GITHUB_RUN_ID", "7",
                    "GITHUB_SERVER_URL", "https://git.example",
                    "GITHUB_REPOSITORY", "me/pi")))
        .isEqualTo("https://git.example/me/pi/actions/runs/7");
    assertThat(Caller.run(Map.of("CI_JOB_URL", "https://lab.example/1")))
        .isEqualTo("https://lab.example/1");
    assertThat(Caller.run(Map.of("BUILD_URL", "https://jenkins.example/1")))
        .isEqualTo("https://jenkins.example/1");
    assertThat(Caller.run(Map.of())).isNull();
  }
}
