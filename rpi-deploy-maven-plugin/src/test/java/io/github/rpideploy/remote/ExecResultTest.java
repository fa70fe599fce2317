package io.github.rpideploy.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExecResultTest {

  @Test
  void only_status_zero_without_a_signal_is_a_success() {
    assertThat(new ExecResult(0, null, "", "warning").ok()).isTrue();
    assertThat(new ExecResult(1, null, "", "").ok()).isFalse();
    assertThat(new ExecResult(-1, "KILL", "", "").ok()).isFalse();
  }

  @Test
  void a_description_quotes_standard_error_or_else_standard_output() {
    assertThat(new ExecResult(1, null, "out\n", "no space left on device\n").describe())
        .isEqualTo("exit status 1: no space left on device");
    assertThat(new ExecResult(1, null, "out\n", " \n").describe()).isEqualTo("exit status 1: out");
    assertThat(new ExecResult(-1, "KILL", "", "").describe()).isEqualTo("ended by signal KILL");
    assertThat(new ExecResult(137, null, "", "").describe())
        .isEqualTo("exit status 137 (signal KILL)");
  }
}
