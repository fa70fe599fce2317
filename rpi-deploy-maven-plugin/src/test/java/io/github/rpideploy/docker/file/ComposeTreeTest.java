package io.github.rpideploy.docker.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComposeTreeTest {

  @Test
  void numbers_and_truth_values_are_what_they_are() {
    assertThat(ComposeTree.typed("{a: 1, b: -7, c: 0.25, d: true, e: false, f: null, g: }"))
        .containsEntry("a", 1)
        .containsEntry("b", -7)
        .containsEntry("c", 0.25)
        .containsEntry("d", true)
        .containsEntry("e", false)
        .containsEntry("f", null)
        .containsEntry("g", null);
    assertThat(ComposeTree.typed("a: 123456789012345678")).containsEntry("a", 123456789012345678L);
  }

  /** Version 1 of compose prints texts without quotes that YAML 1.2 takes for numbers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "12e4567",
        "1e3",
        "1.5e-3",
        "-1E9",
        ".inf",
        "-.inf",
        ".nan",
        "0755",
        "1.",
        "+1",
        "0x1f",
        "1_000",
        "1234567890123456789",
        "0.1234567890123456789",
        "yes",
        "no",
        "on",
        "~",
        "True"
      })
  void everything_else_is_text(String text) {
    assertThat(ComposeTree.typed("a: " + text)).containsEntry("a", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'1'", "\"true\"", "'null'", "''"})
  void so_is_what_is_quoted(String text) {
    assertThat(ComposeTree.typed("a: " + text))
        .containsEntry("a", text.substring(1, text.length() - 1));
  }

  @Test
  void an_alias_is_what_it_names_as_long_as_all_of_it_can_be_looked_at() {
    assertThat(ComposeTree.typed("a: &x {b: 1}\nc: *x")).containsEntry("c", Map.of("b", 1));
    assertThatThrownBy(() -> ComposeTree.typed("a: &x [*x]"))
        .isInstanceOf(DeployException.class)
        .hasMessage("What compose on the Pi printed is not a compose file: it has too many nodes");
  }

  @Test
  void a_node_of_another_kind_is_none() {
    assertThat(ComposeTree.map(List.of("a"))).isEmpty();
    assertThat(ComposeTree.list(Map.of("a", "b"))).isEmpty();
    assertThat(ComposeTree.list(null)).isEmpty();
    assertThat(ComposeTree.list("a")).containsExactly("a");
    assertThat(ComposeTree.text(List.of("a"), "none")).isEqualTo("none");
    assertThat(ComposeTree.text(7, "none")).isEqualTo("7");
  }
}
