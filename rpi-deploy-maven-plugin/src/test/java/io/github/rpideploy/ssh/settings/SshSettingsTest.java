package io.github.rpideploy.ssh.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SshSettingsTest {

  @Test
  void an_address_of_ip_version_6_is_named_in_brackets() {
    SshSettings settings = SshSettings.of("[fe80::1]", 22, "pi");
    assertThat(settings.host()).isEqualTo("fe80::1");
    assertThat(settings).hasToString("pi@[fe80::1]:22");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "-oProxyCommand=x", "a b", "a;b", "$(a)", "`a`", "a\nb", "a|b", "a\\b"})
  void what_cannot_be_a_host_is_refused(String host) {
    assertThatThrownBy(() -> SshSettings.of(host, 22, "pi"))
        .isInstanceOf(DeployException.class)
        .extracting(failure -> ((DeployException) failure).hint())
        .asString()
        .contains("-Drpi.host");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65536})
  void what_cannot_be_a_port_is_refused(int port) {
    SshSettings settings = SshSettings.of("pi", 22, "pi");
    assertThatThrownBy(() -> settings.withPort(port))
        .isInstanceOf(DeployException.class)
        .hasMessage("Not a TCP port: " + port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-l", "a b", "a;b", "`a`", "a\nb", "a|b", "a\\", "a'b", "$HOME"})
  void what_cannot_be_a_user_is_refused(String user) {
    assertThatThrownBy(() -> SshSettings.of("pi", 22, user))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("Not the name of a user on pi");
  }

  @Test
  void a_user_is_needed() {
    assertThatThrownBy(() -> SshSettings.of("pi", 22, ""))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("The user to log in as on pi is missing");
  }
}
