package io.github.rpideploy.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.FilesSpec;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.remote.ForwardingProhibitedException;
import io.github.rpideploy.report.Check;
import io.github.rpideploy.report.Check.Level;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor concludes from what a Pi prints; the lines are those of real Pis. */
class DoctorTest {

  private final ExaminedPi pi = new ExaminedPi();

  @TempDir Path project;

  @Test
  void a_Pi_that_is_fit_passes_every_check_and_each_says_what_was_found() {
    pi.examine();

    assertThat(pi.events).hasSize(1);
    assertThat(pi.checks()).extracting(Check::level).containsOnly(Level.PASS);
    assertThat(pi.checks())
        .extracting(check -> check.name() + ": " + check.finding())
        .containsExactly(
            "ssh: pi@raspberrypi:22, logged in within 0.4 s by ssh-ed25519 SHA256:x",
            "tunnel: the SSH server forwards TCP, which smoke tests need",
            "clock: within a second of this machine's",
            "throttling: neither under-voltage nor throttling since the Pi was started",
            "page size: 4 KiB",
            "deltas: perl makes layers of files that are there",
            "disk: tmp: 2.0 GB and 503215 inodes free in /tmp",
            "disk: docker: 78.5 GB and 16291800 inodes free in /var/lib/docker",
            "disk: containerd: 78.5 GB and 16291800 inodes free in /var/lib/containerd",
            "docker: Engine 26.1.5+dfsg1, which the user may use",
            "image store: overlay2 (Docker's own store)",
            "compose: 2.26.1-4",
            "architecture: linux/arm64",
            "memory cgroup: on: memory limits hold",
            "log rotation: json-file, and no service's log grows for ever",
            "directory: /home/pi/rpi/x",
            "compose file: knows auth-server, extension-server (on the Pi)",
            "files: none go along with the compose file",
            "ports: auth-server 127.0.0.1:8081 held by itself, extension-server 8082 free",
            "memory limits: auth-server 537 MB, extension-server 268 MB; the Pi has 4.1 GB",
            "other services: none is needed");
  }

  @Test
  void with_leave_it_is_told_what_is_missing_and_how_to_start_it() {
    pi.mode = Others.Mode.LEAVE;
    pi.prints =
        pi.prints
            .replace("  auth-server:\n", "  auth-server:\n    depends_on: [db]\n")
            .replace("services:\n", "services:\n  db: {image: 'postgres:17'}\n");

    pi.examine();

    assertThat(check("other services").finding()).endsWith("does not start them: db");
    assertThat(check("other services").fix())
        .isEqualTo("On the Pi, in rpi/x: docker compose up -d db");
  }

  @Test
  void a_file_that_was_changed_on_the_Pi_fails_with_the_hint_of_a_deploy() throws IOException {
    withFiles(FilesSpec.DEFAULT);
    String sent = "a".repeat(64);
    String changed = "b".repeat(64);
    printsOfFiles("record " + sent + " 644 conf/app.yml\nthere " + sent + " conf/app.yml\n");
    pi.examine();
    assertThat(check("files"))
        .isEqualTo(Check.pass("files", "1 file, 4 B of at most 10.0 MB (rpi.filesLimit)"));

    printsOfFiles("record " + sent + " 644 conf/app.yml\nthere " + changed + " conf/app.yml\n");
    assertThatThrownBy(pi::examine)
        .hasMessageStartingWith(
            "pi@raspberrypi:22 is not fit for a deploy: files: conf/app.yml in rpi/x on"
                + " pi@raspberrypi:22 is not what the last deploy sent");
    assertThat(check("files").fix())
        .contains("-Drpi.overwriteFiles", "-Drpi.files='!conf/app.yml'");

    withFiles(new FilesSpec(null, List.of(), 1000, true));
    pi.examine();
    assertThat(check("files").level()).isEqualTo(Level.PASS);
  }

  @Test
  void more_files_than_allowed_are_a_failed_check_and_compose_is_not_blamed() throws IOException {
    withFiles(new FilesSpec(null, List.of(), 3, false));

    assertThatThrownBy(pi::examine)
        .hasMessageContaining("files: The files beside compose.yaml that go to the Pi have more");
    assertThat(check("files").fix()).contains("-Drpi.files='!conf/**'", "-Drpi.filesLimit=1MB");
    assertThat(check("compose file").level()).isEqualTo(Level.PASS);

    pi.prints = pi.prints.replace("=config 0\n", "=config 14\nenv file a.env not found\n");
    assertThatThrownBy(pi::examine).isInstanceOf(DeployException.class);
    assertThat(check("compose file").level()).isEqualTo(Level.NOT_CHECKED);
    assertThat(check("files").level()).isEqualTo(Level.FAIL);

    pi.prints = "docker /usr/bin/docker\nerror off\n";
    assertThatThrownBy(pi::examine).hasMessageContaining("; files: The files beside");
    withFiles(FilesSpec.DEFAULT);
    assertThatThrownBy(pi::examine).isInstanceOf(DeployException.class);
    assertThat(check("files").level()).as("nobody asked").isEqualTo(Level.NOT_CHECKED);
  }

  @Test
  void what_does_not_go_along_is_a_warning() throws IOException {
    withFiles(FilesSpec.DEFAULT);
    Files.createSymbolicLink(project.resolve("conf/link"), project.resolve("conf/app.yml"));

    pi.examine();

    assertThat(check("files").level()).isEqualTo(Level.WARN);
    assertThat(check("files").finding()).endsWith("\nconf/link is a symbolic link: not sent");
  }

  private void withFiles(FilesSpec spec) throws IOException {
    Path compose = project.resolve("compose.yaml");
    Files.writeString(compose, "services: {auth-server: {image: a, volumes: ['./conf:/conf']}}\n");
    Files.createDirectories(project.resolve("conf"));
    Files.writeString(project.resolve("conf/app.yml"), "new\n");
    pi.stack = Optional.of(new Stack("rpi/x", compose, false, spec));
  }

  private void printsOfFiles(String lines) {
    pi.prints =
        pi.prints.replaceAll("(record|there) .*\n", "").replace("=yaml\n", lines + "=yaml\n");
  }

  @Test
  void a_Pi_that_cannot_be_reached_is_one_failed_check_and_nothing_else_is_tried() {
    pi.unreachable =
        new DeployException("Cannot connect to raspberrypi:22: connection refused", "Look at it");

    assertThatThrownBy(pi::examine)
        .isInstanceOf(DeployException.class)
        .hasMessage(
            "raspberrypi is not fit for a deploy: ssh: Cannot connect to raspberrypi:22:"
                + " connection refused");

    assertThat(pi.checks().get(0))
        .isEqualTo(
            Check.fail(
                "ssh", "Cannot connect to raspberrypi:22: connection refused", "Look at it"));
    assertThat(pi.checks().stream().skip(1))
        .extracting(Check::level)
        .containsOnly(Level.NOT_CHECKED);
    assertThat(pi.checks().stream().skip(1))
        .extracting(Check::name)
        .contains("tunnel", "clock", "docker", "memory limits");
    assertThat(pi.dialledTo).isNull();
  }

  @Test
  void an_account_without_shell_is_a_failed_login() {
    pi.status = 1;

    assertThatThrownBy(pi::examine)
        .hasMessageContaining("ssh: No shell works on pi@raspberrypi:22")
        .hasMessageContaining("This account is not available");
  }

  @Test
  void without_Docker_the_computer_is_checked_all_the_same() {
    pi.prints = pi.prints.replaceFirst("(?s)docker /usr.*=config 0", "missing docker");

    assertThatThrownBy(pi::examine).hasMessageContaining("docker: not found in PATH");

    assertThat(levels("clock", "disk", "directory")).containsOnly(Level.PASS);
    assertThat(levels("image store", "compose", "log rotation", "compose file", "ports"))
        .containsOnly(Level.NOT_CHECKED);
  }

  @Test
  void an_Engine_that_does_not_let_the_user_in_is_told_from_one_that_is_off() {
    String forbidden = "permission denied while trying to connect to the Docker daemon socket";
    String off = "Cannot connect to the Docker daemon. Is the docker daemon running?";
    String prints = pi.prints;

    pi.prints = prints.replaceFirst("(?s)server 26.*=config 0", "error " + forbidden);
    assertThat(catchThrowable(pi::examine)).hasMessageContaining("the user may not use it");
    assertThat(check("docker").fix()).contains("sudo usermod -aG docker");

    pi.prints = prints.replaceFirst("(?s)server 26.*=config 0", "error sudo: a password is needed");
    assertThat(catchThrowable(pi::examine)).hasMessageContaining("the user may not use it: sudo");
    assertThat(check("docker").fix()).contains("NOPASSWD: /usr/bin/docker", "sudoers.d");

    pi.prints = prints.replaceFirst("(?s)server 26.*=config 0", "error " + off);
    assertThat(catchThrowable(pi::examine)).hasMessageContaining("the Engine does not answer");
    assertThat(check("docker").fix()).contains("sudo systemctl start docker");
    assertThat(levels("compose", "memory limits")).containsOnly(Level.NOT_CHECKED);
  }

  @Test
  void without_compose_there_is_nobody_to_ask_for_the_compose_file() {
    pi.prints = pi.prints.replaceFirst("(?s)compose 2.26.*=config 0", "");

    assertThatThrownBy(pi::examine).hasMessageContaining("compose: neither \"docker compose\"");

    assertThat(levels("compose file", "ports", "memory limits")).containsOnly(Level.NOT_CHECKED);
  }

  @Test
  void forbidden_forwarding_fails_where_a_smoke_test_needs_it_and_is_a_warning_elsewhere() {
    pi.dialled = new ForwardingProhibitedException("TCP forwarding is prohibited");

    assertThatThrownBy(pi::examine)
        .hasMessageContaining("tunnel: the SSH server forbids TCP forwarding, which the smoke test")
        .hasMessageContaining("auth-server needs");
    assertThat(pi.dialledTo).isEqualTo(InetSocketAddress.createUnresolved("localhost", 8081));
    assertThat(check("tunnel").fix()).contains("AllowTcpForwarding local", "-Drpi.smokeVia=direct");

    pi.services = List.of(ExaminedPi.EXTENSION);
    pi.examine();
    assertThat(check("tunnel").level()).isEqualTo(Level.WARN);
  }

  @Test
  void a_smoke_test_is_tried_at_a_TCP_port_not_at_one_of_UDP() {
    pi.prints = pi.prints.replaceFirst("(\"8081\"\\s+protocol: )tcp", "$1udp");

    pi.examine();

    assertThat(pi.dialledTo)
        .as("where nobody listens")
        .isEqualTo(InetSocketAddress.createUnresolved("localhost", 1));
  }

  @Test
  void somebody_who_answers_shows_that_the_server_forwards_and_silence_shows_nothing() {
    pi.dialled = null;
    pi.examine();
    assertThat(check("tunnel").level()).isEqualTo(Level.PASS);

    pi.dialled = new SocketTimeoutException();
    pi.examine();
    assertThat(check("tunnel").level()).isEqualTo(Level.WARN);
    assertThat(check("tunnel").fix()).contains("sshd -T");
  }

  @Test
  void where_no_service_is_named_all_of_the_compose_file_are_checked() {
    pi.services = List.of();

    pi.examine();

    assertThat(check("compose file").finding()).contains("knows auth-server, extension-server");
    assertThat(check("ports").finding()).contains("extension-server 8082 free");
  }

  @Test
  void where_there_is_no_compose_project_the_Pi_alone_is_checked() {
    pi.stack = Optional.empty();
    pi.services = List.of();

    pi.examine();

    assertThat(levels("ssh", "clock", "docker", "disk")).containsOnly(Level.PASS);
    assertThat(levels("directory", "compose file", "ports", "memory limits"))
        .containsOnly(Level.NOT_CHECKED);
  }

  @Test
  void a_service_that_takes_no_part_may_have_its_port_taken() {
    pi.services = List.of(ExaminedPi.AUTH);
    pi.prints = pi.prints.replace("listener tcp 00000000:0016", "listener tcp 00000000:1F92");

    pi.examine();

    assertThat(check("ports").finding()).isEqualTo("auth-server 127.0.0.1:8081 held by itself");
  }

  @Test
  void a_Pi_without_vcgencmd_and_a_disk_without_inodes_are_no_flaws() {
    pi.prints =
        pi.prints
            .replace("throttled throttled=0x0\n", "")
            .replace("76654380 16291800 16777216", "76654380 0 0");

    pi.examine();

    assertThat(pi.checks()).extracting(Check::level).containsOnly(Level.PASS);
    assertThat(check("throttling").finding()).contains("no vcgencmd");
    assertThat(pi.checks())
        .extracting(Check::finding)
        .contains("docker: 78.5 GB free in /var/lib/docker");
  }

  private Check check(String name) {
    return pi.checks().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private List<Level> levels(String... names) {
    return pi.checks().stream()
        .filter(one -> List.of(names).contains(one.name()))
        .map(Check::level)
        .toList();
  }
}
