package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.LabUsers;
import io.github.rpideploy.it.lab.Sshd;
import io.github.rpideploy.ssh.SshConnection;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to a Docker Engine that a session on a real Pi has or lacks. */
@Timeout(300)
class DockerAccessIT {

  private static final String ENGINE = "unix:///var/run/docker.sock";

  @TempDir private static Path directory;
  private static Lab pi;
  private static LabUsers users;
  private static Sshd sshd;

  @BeforeAll
  static void up() throws Exception {
    pi = Lab.up("access");
    users = new LabUsers(pi, directory);
    sshd = Sshd.with(pi, directory, "SetEnv PATH=/usr/bin:/bin");
  }

  @AfterAll
  static void down() throws Exception {
    users.print("Docker");
    pi.down();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/usr/local/bin", "/snap/bin", "/home/pi/bin"})
  void docker_is_found_where_the_PATH_of_the_session_does_not_lead(String place) throws Exception {
    pi.asRoot("mkdir -p %1$s && mv /usr/bin/docker %1$s/".formatted(place));
    try (SshConnection connection = sshd.connect("pi")) {
      users.deploy(connection, false);
    } finally {
      pi.asRoot("mv %s/docker /usr/bin/".formatted(place));
    }
    users.row("docker in " + place + ", not in PATH", "deployed");
  }

  @Test
  void a_docker_that_is_nowhere_is_reported_with_the_places() throws Exception {
    pi.asRoot("mv /usr/bin/docker /root/");
    try {
      DeployException failure = failure("pi", false);
      assertThat(failure).hasMessageContainingAll("Docker was not found", "/snap/bin and ~/bin");
      users.row("no docker", failure.getMessage());
    } finally {
      pi.asRoot("mv /root/docker /usr/bin/");
    }
  }

  @Test
  void a_user_outside_of_the_group_is_told_both_ways_in() throws Exception {
    users.add("outsider", "/bin/bash");
    DeployException failure = failure("outsider", false);
    assertThat(failure).hasMessageContaining("permission denied");
    assertThat(failure.hint()).contains("sudo usermod -aG docker outsider", "-Drpi.sudo=true");
    users.row("a user outside of the group docker", failure.getMessage());
  }

  @Test
  void sudo_that_asks_for_a_password_is_reported_with_the_rule() throws Exception {
    users.add("asked", "/bin/bash", "sudo");
    DeployException failure = failure("asked", true);
    assertThat(failure).hasMessageContaining("sudo: a password is required");
    assertThat(failure.hint())
        .contains("asked ALL=(root) NOPASSWD: /usr/bin/docker", "/etc/sudoers.d/");
    users.row("rpi.sudo, sudo asks for a password", failure.getMessage());
  }

  /** The rule is the one that the message above names: it lets docker run and nothing else. */
  @Test
  void sudo_calls_docker_and_nothing_else() throws Exception {
    users.add("sudoer", "/bin/bash");
    pi.asRoot("echo 'sudoer ALL=(root) NOPASSWD: /usr/bin/docker' > /etc/sudoers.d/rpi-deploy");
    try (SshConnection connection = sshd.connect("sudoer")) {
      users.deploy(connection, true);
    }
    assertThat(
            pi.asRoot(
                "find /home/sudoer/rpi /home/sudoer/.cache ! -user sudoer; ls /home/sudoer/rpi/session"))
        .isEqualTo("compose.yaml");
    assertThat(pi.asRoot("stat -c '%U %s' /home/sudoer/rpi/session/.rpi/history.jsonl"))
        .matches("sudoer [1-9]\\d+");
    assertThat(pi.asRoot("ls /home/sudoer/.cache/rpi-deploy/notes | wc -l")).isEqualTo("1");
    users.row("rpi.sudo, a rule for /usr/bin/docker alone", "deployed; files are the user's own");
  }

  /** The Engine listens where a rootless one would; the user may use no other socket. */
  @Test
  void the_socket_of_a_rootless_engine_is_found() throws Exception {
    users.add("rootless", "/bin/bash");
    String uid = pi.asRoot("id -u rootless");
    String runtime = "/run/user/" + uid;
    pi.asRoot(
        """
        mkdir -p %1$s && chown rootless %1$s && chmod 700 %1$s
        sed -i 's#^{#{"hosts":["%2$s","unix://%1$s/docker.sock"],#' /etc/docker/daemon.json
        pkill -x dockerd"""
            .formatted(runtime, ENGINE));
    Lab.await(
        "the Engine listens there",
        () ->
            pi.asRoot(
                    "docker -H unix://"
                        + runtime
                        + "/docker.sock version >/dev/null 2>&1 && echo up || true")
                .equals("up"));
    pi.asRoot("chown rootless " + runtime + "/docker.sock");
    try (SshConnection connection = sshd.connect("rootless")) {
      users.deploy(connection, false);
    }
    assertThat(pi.asRoot("stat -c '%U %s' /home/rootless/rpi/session/.rpi/history.jsonl"))
        .matches("rootless [1-9]\\d+");
    users.row("a rootless Engine, DOCKER_HOST unset", "deployed");

    Sshd named = Sshd.with(pi, directory, "SetEnv DOCKER_HOST=unix:///run/mine.sock");
    try (SshConnection connection = named.connect("rootless")) {
      DeployException failure =
          catchThrowableOfType(DeployException.class, () -> users.deploy(connection, false));
      assertThat(failure).hasMessageContaining("unix:///run/mine.sock");
      users.row("DOCKER_HOST names another socket", failure.getMessage());
    }
  }

  private static DeployException failure(String user, boolean sudo) {
    try (SshConnection connection = sshd.connect(user)) {
      return catchThrowableOfType(DeployException.class, () -> users.deploy(connection, sudo));
    }
  }
}
