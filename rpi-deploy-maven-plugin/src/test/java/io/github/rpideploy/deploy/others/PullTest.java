package io.github.rpideploy.deploy.others;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is read of a pull while it goes on. */
class PullTest {

  private final List<String> progress = new ArrayList<>();
  private final Pull pull = new Pull(progress::add);

  @Test
  void it_is_told_when_a_layer_is_there_and_at_every_second_sign_of_life() {
    say(".");
    assertThat(progress).isEmpty();
    say(".", "1f7ce2fa46ab: Pulling fs layer", "2f7ce2fa46ab: Already exists", ".", ".", ".");
    say("1f7ce2fa46ab: Pull complete", "1f7ce2fa46ab: Pull complete", "sha256: Pull complete");

    assertThat(progress)
        .containsExactly("asking", "1 of 2 layers", "1 of 2 layers", "2 of 2 layers");
  }

  @Test
  void an_image_that_is_there_was_not_pulled() {
    say("platform linux/arm64");

    assertThat(pull.isThere()).isTrue();
    assertThat(pull.pulled()).isFalse();
    assertThat(pull.platform()).isEqualTo("linux/arm64");
  }

  @Test
  void the_last_line_is_the_error_and_the_status_is_when_nothing_was_said() {
    say("pulled 125");
    assertThat(pull.pulled()).isTrue();
    assertThat(pull.isThere()).isFalse();
    assertThat(pull.error()).isEqualTo("nothing (exit status 125)");

    say("Error one", "", "Error two");
    assertThat(pull.error()).isEqualTo("Error two");
  }

  @Test
  void of_much_that_is_said_little_is_kept() {
    IntStream.rangeClosed(1, 25).forEach(i -> say("line " + i));
    say("x".repeat(3000));

    assertThat(pull.last()).hasSize(20).startsWith("line 7").endsWith("x".repeat(2000));
  }

  private void say(String... lines) {
    byte[] bytes = ("?" + String.join("\n", lines) + "\n?").getBytes(StandardCharsets.UTF_8);
    pull.write(bytes, 1, bytes.length - 2);
  }
}
