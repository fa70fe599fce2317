package io.github.rpideploy.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordsTest {

  @ParameterizedTest
  @ValueSource(strings = {"plain", "", "two words", "it's!", "a\\b", "+one\n\n.two\n", "$HOME\n'"})
  void what_a_command_was_made_of_is_read_back(String argument) {
    Command command = Command.of("sh", "-c", argument, "last");

    assertThat(ShellWords.parse(command.toShell())).isEqualTo(command.argv());
  }
}
