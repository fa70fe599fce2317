package io.github.rpideploy.maven.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChoiceTest {

  @ParameterizedTest
  @CsvSource({"compose, compose", "Swarm, swarm", "AUTO, auto"})
  void a_word_may_be_written_in_capitals(String given, String word) {
    assertThat(choice(given)).isEqualTo(word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"k8s", "", " swarm", "compose,swarm", "swarm\u001b[31m"})
  void any_other_is_refused_with_those_that_exist(String given) {
    assertThatThrownBy(() -> choice(given))
        .isInstanceOf(DeployException.class)
        .hasMessage(
            "Parameter orchestrator is "
                + given.replace('\u001b', '?')
                + ", but only compose, swarm and auto exist")
        .extracting(e -> ((DeployException) e).hint())
        .isEqualTo("Remove it, and compose replaces the services");
  }

  private static String choice(String given) {
    return Choice.of(
        "orchestrator", given, "compose replaces the services", "compose", "swarm", "auto");
  }
}
