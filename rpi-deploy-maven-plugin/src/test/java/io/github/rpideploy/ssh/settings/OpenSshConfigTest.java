package io.github.rpideploy.ssh.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.ssh.Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each fake ssh is a script; its first question is always the one without a configuration. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpenSshConfigTest {

  private static final SshConfig.Question PI = new SshConfig.Question("pi", null, null, null);
  private static final String WITHOUT_CONFIGURATION =
      "#!/bin/sh\n[ \"$2\" = none ] && { echo 'port 22'; exit 0; }\n";

  @TempDir Path directory;

  @Test
  void what_somebody_configured_is_told_from_the_defaults() {
    SshConfig config =
        read(ssh("echo 'Port 2222'; echo 'identityfile /a b'; echo 'identityfile /c'"), 20).get();
    assertThat(config.configured("port")).contains("2222");
    assertThat(config.allConfigured("identityfile")).containsExactly("/a b", "/c");
    assertThat(read(ssh("echo 'port 22'"), 20).get().configured("port")).isEmpty();
  }

  @Test
  void no_openssh_is_no_failure() {
    assertThat(read("no-such-program", 20)).isEqualTo(Optional.empty());
  }

  @Test
  void what_openssh_complains_about_is_shown() {
    assertThatThrownBy(() -> read(ssh("echo 'Bad configuration option' >&2; exit 255"), 20))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("means for pi: Bad configuration option");
  }

  /** A Match exec hangs: ssh itself, and the shell that runs the command, have our pipes. */
  @Test
  void a_configuration_that_hangs_ends_with_the_timeout() {
    assertThatThrownBy(() -> read(ssh("sh -c 'sleep 600; :'"), 1))
        .isInstanceOf(DeployException.class)
        .hasMessage("OpenSSH did not say within 1 s what its configuration means for pi");
  }

  @Test
  void a_command_that_lives_on_behind_the_answer_is_not_waited_for() {
    assertThat(read(ssh("sleep 60 & echo 'port 2222'"), 20).get().configured("port"))
        .contains("2222");
  }

  private static Optional<SshConfig> read(String program, int seconds) {
    return new OpenSshConfig(program, Duration.ofSeconds(seconds)).read(PI);
  }

  private String ssh(String script) {
    Path program = Keys.write(directory.resolve("ssh"), WITHOUT_CONFIGURATION + script + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program.toString();
  }
}
