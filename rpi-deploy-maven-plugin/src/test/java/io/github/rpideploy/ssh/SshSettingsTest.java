package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SshSettingsTest {

  @TempDir Path home;

  @Test
  void the_defaults_are_those_of_openssh() throws IOException {
    Path ssh = Files.createDirectory(home.resolve(".ssh"));
    Path rsa = Keys.write(ssh.resolve("id_rsa"), "");
    Path ed25519 = Keys.write(ssh.resolve("id_ed25519"), "");
    SshSettings settings =
        SshSettings.defaults("raspberrypi.local", "pi", home, Map.of("SSH_AUTH_SOCK", "/run/a"));
    assertThat(settings)
        .isEqualTo(
            new SshSettings(
                "raspberrypi.local",
                22,
                "pi",
                List.of(ed25519, rsa),
                List.of(ssh.resolve("known_hosts"), Path.of("/etc/ssh/ssh_known_hosts")),
                null,
                Optional.of(Path.of("/run/a")),
                Duration.ofSeconds(20),
                Duration.ofSeconds(15)));
  }

  @Test
  void a_key_in_the_environment_is_taken_and_never_shown() {
    SshSettings settings = SshSettings.defaults("pi", "me", home, Map.of("RPI_SSH_KEY", "secret"));
    assertThat(settings.identityText()).isEqualTo("secret");
    assertThat(settings).hasToString("me@pi:22 with a key from RPI_SSH_KEY");
  }

  @Test
  void empty_variables_are_none() {
    SshSettings settings =
        SshSettings.defaults("pi", "me", home, Map.of("RPI_SSH_KEY", " ", "SSH_AUTH_SOCK", ""));
    assertThat(settings.identityText()).isNull();
    assertThat(settings.agentSocket()).isEmpty();
    assertThat(settings).hasToString("me@pi:22");
  }

  @Test
  void an_address_of_ip_version_6_is_named_in_brackets() {
    SshSettings settings = SshSettings.defaults("[fe80::1]", "pi", home, Map.of());
    assertThat(settings.host()).isEqualTo("fe80::1");
    assertThat(settings).hasToString("pi@[fe80::1]:22");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-oProxyCommand=x", "a b"})
  void what_cannot_be_a_host_is_refused(String host) {
    assertThatThrownBy(() -> SshSettings.defaults(host, "pi", home, Map.of()))
        .isInstanceOf(DeployException.class)
        .extracting(failure -> ((DeployException) failure).hint())
        .asString()
        .contains("-Drpi.host");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65536})
  void what_cannot_be_a_port_is_refused(int port) {
    SshSettings settings = SshSettings.defaults("pi", "pi", home, Map.of());
    assertThatThrownBy(() -> settings.withPort(port))
        .isInstanceOf(DeployException.class)
        .hasMessage("Not a TCP port: " + port);
  }

  @Test
  void a_user_is_needed() {
    assertThatThrownBy(() -> SshSettings.defaults("pi", "", home, Map.of()))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("The user to log in as on pi is missing");
  }
}
