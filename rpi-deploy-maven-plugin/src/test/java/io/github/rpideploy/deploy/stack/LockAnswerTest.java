package io.github.rpideploy.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.spec.LockRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LockAnswerTest {

  private final CompletableFuture<Boolean> held = new CompletableFuture<>();
  private final LockAnswer answer =
      new LockAnswer(
          new LockRequest("ann", Duration.ZERO, Duration.ZERO),
          event -> {},
          new LockFailures("rpi/x", "pi@here:22"),
          held);

  @Test
  void an_endless_line_of_a_hostile_Pi_does_not_fill_the_memory() {
    write("rpi-lock held ");
    for (int i = 0; i < 100_000; i++) {
      write("xxxxxxxxxx");
    }
    write("\nrpi-lock mine\n");

    assertThat(Objects.requireNonNull(answer.holder())).hasSizeLessThan(4096);
    assertThat(held).isDone();
  }

  private void write(String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      answer.write(b);
    }
  }
}
