package io.github.rpideploy.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.report.Check;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineChecksTest {

  @ParameterizedTest
  @MethodSource("flaws")
  void a_flaw_shows_in_its_own_check_with_its_fix(Flaw flaw) {
    flaw.isShown();
  }

  @ParameterizedTest
  @ValueSource(strings = {"20.10.0", "21.0.1", "v27-rc.1"})
  void an_Engine_of_20_10_on_or_of_an_unknown_version_is_good(String version) {
    ExaminedPi pi = new ExaminedPi();
    pi.prints = pi.prints.replace("server 26.1.5+dfsg1", "server " + version);

    pi.examine();

    assertThat(pi.checks())
        .contains(Check.pass("docker", "Engine " + version + ", which the user may use"));
  }

  static Stream<Flaw> flaws() {
    return Stream.of(
        Flaw.named("an Engine that is too old")
            .prints("server 19.03.8", "server 26.1.5+dfsg1")
            .fails("docker", "19.03.8, older than 20.10", "full-upgrade"),
        Flaw.named("an Engine that is a little too old")
            .prints("server 20.09.1", "server 26.1.5+dfsg1")
            .fails("docker", "20.09.1, older than 20.10", "full-upgrade"),
        Flaw.named("a store that copies")
            .prints("driver vfs", "driver overlay2")
            .warns("image store", "vfs", "storage-driver"),
        Flaw.named("compose 1")
            .prints("compose 1.29.2\nstandalone /usr/bin/docker-compose", "compose 2.26.1-4")
            .warns("compose", "1.29.2, older than 2.8", "plugin"),
        Flaw.named("emulation")
            .prints("linux amd64\nemulates-aarch64 yes", "linux arm64")
            .warns("architecture", "linux/amd64 runs linux/arm64 by emulation", ">amd64<"),
        Flaw.named("no emulation")
            .prints("linux amd64", "linux arm64")
            .fails("architecture", "linux/amd64 does not run linux/arm64", "rpi.platform"),
        Flaw.named("32-bit userland on a 64-bit kernel")
            .prints("linux arm", "linux arm64")
            .fails("architecture", "linux/arm does not run linux/arm64", "kernel is 64-bit"),
        Flaw.named("32-bit kernel")
            .prints("linux arm", "linux arm64")
            .prints("kernel armv7l", "kernel aarch64")
            .fails("architecture", "linux/arm does not run linux/arm64", "Pi 3 and later"),
        Flaw.named("no memory cgroup")
            .prints("limits-memory false", "limits-memory true")
            .warns("memory cgroup", "limits of services are ignored", "cgroup_enable=memory"),
        Flaw.named("logs without end, daemon.json is there")
            .prints("", "rotates yes\n")
            .warns("log rotation", "auth-server, extension-server grows", "outer braces"),
        Flaw.named("logs without end, no daemon.json")
            .prints("", "daemon-json yes\nrotates yes\n")
            .warns("log rotation", "without max-size", "sudo tee /etc/docker/daemon.json"),
        Flaw.named("one log without end")
            .prints("", "rotates yes\n")
            .prints(
                "image: auth-server\n    logging: {driver: json-file, options: {max-size: 1m}}\n",
                "image: auth-server\n")
            .warns("log rotation", "the log of extension-server grows", "max-size"),
        Flaw.named("one log without end by its own driver")
            .prints("log-driver local", "log-driver json-file")
            .prints("", "rotates yes\n")
            .prints(
                "image: auth-server\n    logging: {driver: json-file}\n", "image: auth-server\n")
            .warns("log rotation", "the log of auth-server grows", "max-size"));
  }
}
