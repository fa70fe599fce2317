package io.github.rpideploy.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.BadInput;
import io.github.rpideploy.Fuzz;
import io.github.rpideploy.deploy.spec.LockRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the place of the lock's words, and how messages show it. */
class BadLockAnswerTest {

  private static final List<String> GOOD =
      List.of(
          "rpi-lock held bob@desk, process 7, since 2026-11-25T10:00:00Z\nrpi-lock mine\n",
          "rpi-lock unsettled a b\nrpi-lock back a\nrpi-lock stuck b: no image\nrpi-lock mine\n",
          "rpi-lock removed a:rpi-0123456789ab\nrpi-lock mine\n");

  private static String read(byte[] printed) {
    List<Object> heard = new ArrayList<>();
    CompletableFuture<Boolean> held = new CompletableFuture<>();
    LockAnswer answer =
        new LockAnswer(
            new LockRequest("ann", Duration.ofMinutes(1), Duration.ZERO),
            heard::add,
            new LockFailures("rpi/x", "pi@here:22"),
            held,
            () -> {});
    for (byte b : printed) {
      answer.write(b);
    }
    assertThat(String.valueOf(answer.holder()).chars()).noneMatch(c -> c < ' ');
    assertThat(heard).allMatch(event -> event.toString().length() < 20_000);
    return heard + " " + held.isDone() + answer.holder() + answer.waited() + answer.healing();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "rpi-lock",
        "rpi-lock \n",
        "rpi-lock held \n",
        "rpi-lock held\n",
        "rpi-lock minee\n",
        "RPI-LOCK MINE\n",
        " rpi-lock mine\n",
        "rpi-lock mine \n",
        "rpi-lock mine\r\n",
        "rpi-lock mine",
        "Bienvenue !\nrpi-lock held é\n",
        "rpi-lock held \u001b]0;title\u0007\n",
        "rpi-lock held \u009b31m\n",
        "rpi-lock unsettled \n",
        "rpi-lock stuck \0\n",
        "rpi-lock back a\rb\n"
      })
  void no_other_word_is_the_lock(String printed) {
    assertThat(BadInput.read("lock", () -> read(printed.getBytes(StandardCharsets.UTF_8))))
        .hasValueSatisfying(said -> assertThat(said).contains("] false"));
  }

  @Test
  void megabytes_on_one_line_and_invalid_UTF_8_are_read() {
    byte[] noise = new byte[4 << 20];
    Arrays.fill(noise, (byte) 0xff);

    assertThat(BadInput.read("noise", () -> read(noise))).isPresent();
  }

  @Test
  void broken_words_are_skipped() {
    assertThat(
            Fuzz.texts("lock", 5, GOOD, text -> read(text.getBytes(StandardCharsets.UTF_8)))
                .refused())
        .isZero();
  }
}
