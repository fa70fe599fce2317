package io.github.rpideploy.deploy.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a user may ask of a deploy, and for how long it waits. */
class PolicyTest {

  private static final Patience TWO_MINUTES = Patience.DEFAULT;

  @Test
  void one_release_at_least_must_stay() {
    assertThat(new Policy(Policy.Rollback.SERVICE, false, 1).keep()).isEqualTo(1);
    assertThatThrownBy(() -> new Policy(Policy.Rollback.SERVICE, false, 0))
        .isInstanceOf(DeployException.class)
        .hasMessageStartingWith("Parameter keep is 0, but at least one release");
  }

  @Test
  void a_rollback_leaves_the_compose_file_on_the_Pi_unchanged() {
    assertThat(new Stack("rpi/x", Path.of("compose.yaml"), true).asItIs())
        .isEqualTo(new Stack("rpi/x", null, true));
  }

  @Test
  void a_name_that_a_service_can_have_is_taken_as_it_is() {
    assertThat(ServiceSpec.requireName("auth-server")).isEqualTo("auth-server");
  }

  @Test
  void a_service_that_starts_slowly_has_three_times_as_long_and_an_hour_at_most() {
    assertThat(knowing(Duration.ofSeconds(41))).isEqualTo(Duration.ofSeconds(123));
    assertThat(knowing(Duration.ofMinutes(19))).isEqualTo(Duration.ofMinutes(57));
    assertThat(knowing(Duration.ofMinutes(21))).isEqualTo(Duration.ofHours(1));
    assertThat(knowing(Duration.ofDays(100_000_000_000L))).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void one_that_starts_fast_has_no_less_than_every_service() {
    assertThat(knowing(Duration.ofSeconds(39))).isEqualTo(TWO_MINUTES.timeout());
    assertThat(TWO_MINUTES.knowing(Optional.empty())).isEqualTo(TWO_MINUTES.timeout());
  }

  private static Duration knowing(Duration start) {
    return TWO_MINUTES.knowing(Optional.of(start));
  }
}
