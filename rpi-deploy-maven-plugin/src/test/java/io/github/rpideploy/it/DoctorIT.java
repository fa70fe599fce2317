package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.it.lab.Lab;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rpi:doctor} where Maven has no project, on a real Pi in a box that is broken in turn. */
class DoctorIT {

  /** Until it listens again: who connects meanwhile is turned away. */
  private static final String RELOAD =
      "starts() { grep -c 'Server listening on 0.0.0.0' /var/log/sshd.log; }; before=$(starts);"
          + " kill -HUP $(cat /run/sshd.pid);"
          + " until [ $(starts) -gt $before ]; do sleep 0.1; done";

  private static Lab pi;

  @TempDir private Path directory;

  @BeforeAll
  static void up() throws Exception {
    pi = Lab.up("doctor");
  }

  @AfterAll
  static void down() throws Exception {
    pi.down();
  }

  @Test
  void without_a_project_the_Pi_alone_is_looked_at_and_nothing_is_written() throws Exception {
    String log = doctor(true);

    assertThat(log)
        .containsPattern("ok    docker +Engine \\d")
        .contains("not checked: directory, compose file, files, ports, memory limits")
        .contains(" is fit for a deploy: ");
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(directory.resolve("settings.xml"));
    }
  }

  @Test
  void a_server_that_forbids_forwarding_fails_only_who_needs_it() throws Exception {
    pi.asRoot("echo AllowTcpForwarding no > /etc/ssh/sshd_config.d/00-no.conf; " + RELOAD);
    try {
      assertThat(doctor(true)).containsPattern("warn  tunnel +the SSH server forbids");
      pi.ssh("mkdir -p rpi/x; echo 'services: {a: {image: a}}' > rpi/x/compose.yaml");
      assertThat(
              doctor(false, "-Drpi.directory=rpi/x", "-Drpi.service=a", "-Drpi.smokePath=/health"))
          .containsPattern("fail  tunnel +.* which the smoke test of a needs")
          .contains("AllowTcpForwarding local");
    } finally {
      pi.asRoot("rm /etc/ssh/sshd_config.d/00-no.conf; " + RELOAD);
    }
  }

  @Test
  void a_user_who_may_not_use_Docker_is_told_how_to() throws Exception {
    pi.asRoot("gpasswd -d pi docker");
    try {
      assertThat(doctor(false))
          .containsPattern("fail  docker +the user may not use it: permission denied")
          .contains("sudo usermod -aG docker")
          .containsPattern("ok    disk +tmp")
          .contains("not checked: image store, compose,");
      assertThat(doctor(false, "-Drpi.sudo=true"))
          .containsPattern("fail  docker +the user may not use it: sudo: a password is required")
          .contains("NOPASSWD: /usr/bin/docker");
      pi.asRoot("echo 'pi ALL=(root) NOPASSWD: /usr/bin/docker' > /etc/sudoers.d/doctor");
      assertThat(doctor(true, "-Drpi.sudo=true"))
          .containsPattern("ok    docker +Engine")
          .containsPattern("ok    compose +\\d");
    } finally {
      pi.asRoot("rm -f /etc/sudoers.d/doctor; gpasswd -a pi docker");
    }
  }

  @Test
  void a_full_disk_does_not_keep_it_from_looking() throws Exception {
    pi.asRoot("mount -t tmpfs -o size=64k tmpfs /tmp && dd if=/dev/zero of=/tmp/full 2>&1 | cat");
    try {
      assertThat(doctor(false)).containsPattern("fail  disk +tmp: 0 B");
    } finally {
      pi.asRoot("umount /tmp");
    }
  }

  @Test
  void a_password_that_compose_cannot_read_is_not_shown() throws Exception {
    pi.ssh(
        "mkdir -p rpi/secret; cd rpi/secret; printf 'services:\\n  a:\\n    image: a\\n"
            + "    environment:\\n      PASSWORD: \"se{$swordfish${\"\\n' > compose.yaml");

    assertThat(doctor(false, "-Drpi.directory=rpi/secret"))
        .containsPattern("fail  compose file +Compose refuses")
        .contains("PASSWORD")
        .doesNotContain("swordfish");
  }

  private String doctor(boolean fit, String... more) throws Exception {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                "-B",
                "-ntp",
                "-s",
                settings().toString(),
                "-Dmaven.repo.local=" + System.getProperty("plugin.repository"),
                "io.github.rpideploy:rpi-deploy-maven-plugin:%s:doctor"
                    .formatted(System.getProperty("plugin.version"))));
    line.addAll(pi.mavenOptions());
    line.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
    // What failsafe's own JVM was given is not for this one.
    builder.environment().put("MAVEN_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    Process maven = builder.redirectErrorStream(true).start();
    maven.getOutputStream().close();
    String log =
        new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .replaceAll("\u001b\\[[0-9;]*m", "");
    assertThat(maven.waitFor() == 0).as(log).isEqualTo(fit);
    return log;
  }

  /** Those of the invoker projects: what the developer's own repository holds is not downloaded. */
  private Path settings() throws IOException {
    Path template = Path.of(System.getProperty("lab"), "../src/it/settings.xml");
    String local = Path.of(System.getProperty("local.repository")).toUri().toString();
    return Files.writeString(
        directory.resolve("settings.xml"),
        Files.readString(template).replace("@localRepositoryUrl@", local));
  }
}
