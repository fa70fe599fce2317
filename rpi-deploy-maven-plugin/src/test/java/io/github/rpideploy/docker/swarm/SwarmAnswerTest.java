package io.github.rpideploy.docker.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwarmAnswerTest {

  /** What the Engine cannot tidy up afterwards replaces its words for how a container ended. */
  @ParameterizedTest
  @CsvSource({
    "3, error while removing network, 'non-zero exit (3), then: error while removing network'",
    "4, task: non-zero exit (4), task: non-zero exit (4)",
    "143, error while removing network, error while removing network",
    "137, error while removing network, error while removing network",
    "0, error while removing network, error while removing network",
    "5, '', ''"
  })
  void the_code_of_a_container_is_told_with_the_trouble_after_it(
      int code, String error, String told) {
    String said =
        "task {\"state\":\"failed\",\"error\":\"%s\",\"status\":{\"ExitCode\":%d}}"
            .formatted(error, code);

    assertThat(SwarmAnswer.progress(said).tasks()).extracting(Task::error).containsExactly(told);
  }
}
