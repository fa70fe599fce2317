package io.github.rpideploy.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.report.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LockAnswerTest {

  private final List<Event> events = new ArrayList<>();
  private final CompletableFuture<Boolean> held = new CompletableFuture<>();
  private final LockAnswer answer =
      new LockAnswer(
          new LockRequest("ann", Duration.ZERO, Duration.ZERO),
          events::add,
          new LockFailures("rpi/x", "pi@here:22"),
          held,
          () -> refused = true);

  private boolean refused;

  @Test
  void what_Docker_cannot_end_is_named_with_what_ends_it() {
    write(
        "rpi-lock stuck a Error response from daemon: cannot stop container: 2eee: tried to kill"
            + " container, but did not receive an exit event\n");

    assertThat(events)
        .containsExactly(
            new Event.Warning(
                "a could not go back: Docker has lost the process of the container and can neither"
                    + " stop nor remove it; restarting the Pi ends that: sudo reboot, then deploy"
                    + " again. This deploy goes on; see what runs: mvn rpi:status"));
  }

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

  @Test
  void who_does_not_get_it_hears_of_it_at_once() {
    write("rpi-lock held bob\n");
    assertThat(refused).isFalse();

    write("rpi-lock refused\n");

    assertThat(refused).isTrue();
    assertThat(answer.ending()).isFalse();
    assertThat(held).isNotDone();
  }

  @Test
  void services_that_have_to_go_back_first_are_heard_of() {
    assertThat(answer.healing()).isFalse();

    write("rpi-lock unsettled a b\n");

    assertThat(answer.healing()).isTrue();
    assertThat(answer.waited()).isTrue();
    assertThat(held).isNotDone();
  }

  @Test
  void lines_without_an_end_are_not_listened_to() {
    write("noise\n".repeat(1000));

    assertThatThrownBy(() -> write("noise\n"))
        .isInstanceOf(DeployException.class)
        .hasMessage("The deploy lock in rpi/x on pi@here:22 says more than 1000 lines");
  }

  private void write(String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      answer.write(b);
    }
  }
}
