package io.github.rpideploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlainTextTest {

  /** Puts a command into the clipboard; the title of the window; back to the line's begin. */
  private static final String HOSTILE = "a\u001b]52;c;eA==\u0007b\u009b2Jc\rd\u007f";

  @Test
  void control_characters_are_replaced_and_nothing_else() {
    assertThat(PlainText.of(HOSTILE)).isEqualTo("a?]52;c;eA==?b?2Jc?d?");
    assertThat(PlainText.of("\tit's é€😀\r\n\nok\n")).isEqualTo("\tit's é€😀\r\n\nok\n");
    String controls =
        IntStream.rangeClosed(0, 0x9f)
            .filter(c -> Character.isISOControl(c) && c != '\n' && c != '\t')
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
    assertThat(PlainText.of(controls)).isEqualTo("?".repeat(63));
  }

  @Test
  void one_line_stays_one_line() {
    assertThat(PlainText.line("bye\r\n[INFO] BUILD\tSUCCESS\n\rx\u0085y\u2028z\u001b"))
        .isEqualTo("bye [INFO] BUILD SUCCESS  x y z?");
  }

  @Test
  void a_log_loses_its_colours_and_no_escape_is_made_by_that() {
    assertThat(PlainText.uncoloured("\u001b[1;31mERROR\u001b[0m down")).isEqualTo("ERROR down");
    assertThat(PlainText.uncoloured("\u001b\u001b[0m]52;c;eA==\u0007")).isEqualTo("?]52;c;eA==?");
  }

  @Test
  void a_failure_says_nothing_that_a_terminal_obeys() {
    DeployException failure = new DeployException("X said:\n" + HOSTILE, "Try: " + HOSTILE);
    assertThat(failure).hasMessage("X said:\na?]52;c;eA==?b?2Jc?d?");
    assertThat(failure.hint()).isEqualTo("Try: a?]52;c;eA==?b?2Jc?d?");
  }

  @Test
  void of_a_long_text_there_is_the_start() {
    assertThat(PlainText.line("one\ntwo", 7)).isEqualTo("one two");
    assertThat(PlainText.line("one\ntwo\nthree", 7)).isEqualTo("one two…");
  }

  @Test
  void a_failure_keeps_the_start_and_the_end_of_what_was_said() {
    DeployException failure =
        new DeployException("compose said: " + "x".repeat(1 << 20) + " no space left", "Look");

    assertThat(failure)
        .hasMessageStartingWith("compose said: x")
        .hasMessageEndingWith("no space left");
    assertThat(failure.getMessage()).hasSizeLessThan(11_000);
  }
}
