package io.github.rpideploy.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTest {

  @Test
  void the_names_in_files_are_a_contract() {
    assertThat(Outcome.values())
        .extracting(Outcome::jsonName)
        .containsExactly(
            "verified",
            "unchanged",
            "rolled-back",
            "recreated",
            "shipped",
            "not-deployed",
            "failed",
            "unknown");
    assertThat(Outcome.values())
        .allMatch(outcome -> Outcome.ofJsonName(outcome.jsonName()) == outcome);
    assertThat(Outcome.ofJsonName("half-verified")).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void the_whole_is_as_bad_as_its_worst_service() {
    assertThat(Outcome.ofAll(List.of(Outcome.NOT_DEPLOYED, Outcome.FAILED)))
        .isEqualTo(Outcome.FAILED);
    assertThat(Outcome.ofAll(List.of(Outcome.SHIPPED, Outcome.NOT_DEPLOYED)))
        .isEqualTo(Outcome.NOT_DEPLOYED);
    assertThat(Outcome.ofAll(List.of(Outcome.RECREATED, Outcome.SHIPPED)))
        .isEqualTo(Outcome.SHIPPED);
    assertThat(Outcome.ofAll(List.of(Outcome.UNCHANGED, Outcome.RECREATED)))
        .isEqualTo(Outcome.RECREATED);
    assertThat(Outcome.ofAll(List.of(Outcome.UNCHANGED, Outcome.ROLLED_BACK)))
        .isEqualTo(Outcome.VERIFIED);
    assertThat(Outcome.ofAll(List.of())).isEqualTo(Outcome.VERIFIED);
  }
}
