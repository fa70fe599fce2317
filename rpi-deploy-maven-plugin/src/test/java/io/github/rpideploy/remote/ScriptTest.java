package io.github.rpideploy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScriptTest {

  @Test
  void comments_blanks_and_indentation_stay_here_and_shared_files_are_joined() {
    assertThat(Script.of(ScriptTest.class, "sample.sh").text())
        .isEqualTo(
            """
            set -u
            word=$1
            greet() {
            printf '%s\\n' "hello
            $1" # and this stays
            }
            greet "$word"
            """);
  }

  @Test
  void Python_between_quotes_keeps_its_indentation_and_may_have_no_quote() {
    assertThat(Script.of(ScriptTest.class, "sample-python.sh").text())
        .isEqualTo(
            """
            python3 -c '
            if True:
              print("hello")
            '
            """);
    assertThatThrownBy(() -> Script.of(ScriptTest.class, "sample-quote.py"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sample-quote.py");
  }

  @Test
  void a_script_that_is_not_there_is_named() {
    assertThatThrownBy(() -> Script.of(ScriptTest.class, "none.sh"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none.sh");
  }

  @Test
  void a_script_of_several_lines_is_a_file() {
    assertThatThrownBy(() -> Command.script("echo a\necho b"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
