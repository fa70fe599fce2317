package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What is made of the words that real Engines were seen to print; the commands run in src/it. */
class DockerTest {

  private static final String PROBE =
      """
      docker /usr/bin/docker
      server 26.1.5+dfsg1 linux arm64
      driver overlay2
      status [["Backing Filesystem","extfs"],["Supports d_type","true"]]
      root /var/lib/docker
      compose 2.26.1-4
      """;

  private final List<List<String>> commands = new ArrayList<>();

  @Test
  void finds_engine_and_compose_in_one_round_trip() {
    Docker docker = on(answering(command -> ok(PROBE)));

    assertThat(commands).hasSize(1);
    assertThat(docker.engine().version()).isEqualTo("26.1.5+dfsg1");
    assertThat(docker.engine().store()).isEqualTo("overlay2");
    assertThat(docker.engine().platform()).isEqualTo("linux/arm64");
    assertThat(docker.composeVersion()).isEqualTo("2.26.1-4");
  }

  @Test
  void knows_the_containerd_store_by_its_snapshotter() {
    String probe =
        PROBE
            .replace("driver overlay2", "driver overlayfs")
            .replaceFirst(
                "status .*", "status [[\"driver-type\",\"io.containerd.snapshotter.v1\"]]");

    assertThat(on(answering(command -> ok(probe))).engine().store()).isEqualTo(Engine.CONTAINERD);
  }

  @Test
  void an_architecture_runs_natively_or_when_binfmt_has_it() {
    String probe = PROBE.replace("linux arm64", "linux amd64") + "emulates-aarch64 yes\n";
    Engine engine = on(answering(command -> ok(probe))).engine();

    assertThat(engine.runs("linux", "amd64")).isTrue();
    assertThat(engine.runs("linux", "arm64")).isTrue();
    assertThat(engine.runs("linux", "arm")).isFalse();
    assertThat(engine.runs("windows", "amd64")).isFalse();
  }

  @Test
  void a_Pi_without_docker_is_told_so() {
    assertThatThrownBy(() -> on(answering(command -> ok("missing docker\n"))))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("Docker was not found on pi@raspberrypi:22");
  }

  @Test
  void a_user_outside_the_docker_group_gets_the_command_that_mends_it() {
    String denied =
        "docker /usr/bin/docker\nerror permission denied while trying to connect to the Docker"
            + " daemon socket at unix:///var/run/docker.sock\n";

    DeployException failure =
        catchThrowableOfType(DeployException.class, () -> on(answering(command -> ok(denied))));

    assertThat(failure.hint()).contains("sudo usermod -aG docker pi");
  }

  @Test
  void sudo_that_asks_for_a_password_gets_the_rule_that_mends_it() {
    String denied =
        """
        docker /usr/bin/docker
        with sudo -n
        standalone /usr/bin/docker-compose
        error sudo: a password is required
        """;

    DeployException failure =
        catchThrowableOfType(DeployException.class, () -> on(answering(command -> ok(denied))));

    assertThat(failure.hint())
        .contains("pi ALL=(root) NOPASSWD: /usr/bin/docker, /usr/bin/docker-compose");
  }

  @Test
  void a_Pi_without_sudo_is_told_apart() {
    String none = "docker /usr/bin/docker\nwith sudo -n\nerror sh: 8: sudo: not found\n";

    DeployException failure =
        catchThrowableOfType(DeployException.class, () -> on(answering(command -> ok(none))));

    assertThat(failure.hint()).contains("There is no sudo", "usermod -aG docker pi");
  }

  @Test
  void what_stands_before_docker_stands_before_every_call() {
    Docker sudo = on(answering(command -> ok(PROBE + "with sudo -n\n")));
    Docker rootless =
        on(
            answering(
                command ->
                    ok(
                        command.contains("recreate.sh")
                            ? "up 0\n"
                            : PROBE + "with env DOCKER_HOST=unix:///run/user/1/docker.sock\n")));
    commands.clear();

    sudo.images().tag("a", "b");
    recreate(rootless.compose("/srv/x"));
    sudo.images().prove(List.of());

    assertThat(commands.get(0))
        .containsExactly("sudo", "-n", "/usr/bin/docker", "image", "tag", "a", "b");
    assertThat(commands.get(1))
        .containsSequence(
            "recreate.sh", "env DOCKER_HOST=unix:///run/user/1/docker.sock", "/usr/bin/docker")
        .endsWith(
            "env", "DOCKER_HOST=unix:///run/user/1/docker.sock", "/usr/bin/docker", "compose");
    assertThat(commands.get(2)).containsSequence("prove.sh", "sudo -n", "/usr/bin/docker");
    assertThat(sudo.typed()).isEqualTo("sudo docker");
  }

  @Test
  void an_engine_that_is_down_gets_the_command_that_starts_it() {
    String down =
        "docker /usr/bin/docker\nerror Cannot connect to the Docker daemon. Is it running?\n";

    DeployException failure =
        catchThrowableOfType(DeployException.class, () -> on(answering(command -> ok(down))));

    assertThat(failure).hasMessageContaining("Cannot connect to the Docker daemon");
    assertThat(failure.hint()).contains("systemctl start docker");
  }

  @Test
  void compose_is_asked_for_only_when_it_is_needed() {
    Docker docker = on(answering(command -> ok(PROBE.replaceAll("compose .*\n", ""))));

    assertThat(docker.composeVersion()).isEqualTo("none");
    assertThatThrownBy(() -> docker.compose("rpi/x"))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("Neither \"docker compose\" nor \"docker-compose\"");
  }

  @Test
  void recreates_exactly_one_service_and_never_pulls_or_builds() {
    recreate(
        on(answering(command -> ok(command.contains("recreate.sh") ? "up 0\n" : PROBE)))
            .compose("rpi/x"));

    assertThat(commands.get(1))
        .containsSequence("./rpi/x", ".rpi/lock", "token")
        .contains("auth-server")
        .endsWith(
            "-d --force-recreate --no-deps --pull never --no-build",
            "-a -q",
            "",
            "",
            "0",
            "",
            "/usr/bin/docker",
            "compose");
  }

  @Test
  void docker_compose_version_1_is_called_its_own_way() {
    String probe =
        PROBE.replaceAll("compose .*\n", "compose 1.29.2\nstandalone /usr/bin/docker-compose\n");
    Compose compose =
        on(answering(command -> ok(command.contains("recreate.sh") ? "up 0\n" : probe)))
            .compose("/srv/x");

    recreate(compose);
    compose.containers("auth-server");

    assertThat(commands.get(1))
        .endsWith(
            "-d --force-recreate --no-deps --no-build",
            "-q",
            "",
            "",
            "0",
            "",
            "/usr/bin/docker-compose");
    assertThat(commands.get(2)).endsWith("/srv/x", "auth-server", "-q", "/usr/bin/docker-compose");
  }

  private static void recreate(Compose compose) {
    compose
        .changes()
        .recreate(
            new HeldLock(".rpi/lock", "token", () -> new DeployException("lost", "x")),
            new ServiceChanges.Change(
                "auth-server",
                "",
                "auth-server:rpi-0123456789ab",
                "auth-server:latest",
                List.of(),
                List.of(),
                0),
            () -> {});
  }

  @Test
  void of_a_long_log_whole_lines_come() {
    String longLog = "x".repeat((2 << 20) - 11) + "\nlast line\n";
    Docker docker = on(answering(command -> ok(command.contains("logs") ? longLog : PROBE)));

    assertThat(longLog).hasSize(2 << 20);
    assertThat(
            new String(
                docker.containers().logs("1f", Duration.ofSeconds(61)), StandardCharsets.UTF_8))
        .isEqualTo("last line\n");
    assertThat(commands.get(1))
        .endsWith("2097152", "/usr/bin/docker", "logs", "--tail", "20000", "--since", "61s", "1f");
    docker.containers().logs("1f", null);
    assertThat(commands.get(2)).doesNotContain("--since");
  }

  @Test
  void a_whole_log_may_take_longer_than_other_commands() {
    Command command = Containers.excerpt(DockerCommand.of("", "docker"), "logs", "--tail", "all");

    assertThat(command.timeout()).isGreaterThan(Duration.ofHours(1));
  }

  @Test
  void a_Pi_that_does_not_cut_a_log_does_not_fill_the_memory() {
    String line = "0123456789abcde\n";
    String log = line.repeat(3 << 17);
    Docker docker = on(answering(command -> ok(command.contains("logs") ? log : PROBE)));

    assertThat(docker.containers().logs("1f", null).length).isLessThanOrEqualTo(2 << 20);
  }

  @Test
  void a_log_of_one_endless_line_is_left_out_because_a_secret_may_be_cut() {
    Docker docker =
        on(answering(command -> ok(command.contains("logs") ? "x".repeat(2 << 20) : PROBE)));

    assertThat(docker.containers().logs("1f", null)).isEmpty();
  }

  @Test
  void how_runs_have_ended_is_read_from_events() {
    Docker docker =
        on(answering(command -> ok(command.contains("events") ? "oom \ndie 137\ndie 1\n" : PROBE)));

    assertThat(docker.containers().exits("1f", Duration.ofSeconds(61)))
        .isEqualTo(new Exits(List.of(137, 1), true));
    assertThat(commands.get(1))
        .containsSequence("events", "--since", "61s", "--until", "-1s")
        .containsSequence("--filter", "container=1f");
  }

  @Test
  void the_last_words_of_a_health_check_and_the_limit_are_read() {
    Container container =
        Container.parse(
            "{\"id\":\"1\",\"image\":\"sha256:2\",\"restarts\":0,\"memory\":67108864,\"state\":{"
                + "\"Status\":\"running\",\"ExitCode\":0,\"OOMKilled\":false,\"Error\":\"\","
                + "\"StartedAt\":\"2026-11-01T00:00:00Z\",\"Health\":{\"Status\":\"unhealthy\","
                + "\"FailingStreak\":2,\"Log\":[{\"ExitCode\":1,\"Output\":\"a\"},"
                + "{\"ExitCode\":1,\"Output\":\"b\"}]}},\"configHash\":null}");

    assertThat(container.healthSaid()).isEqualTo("b");
    assertThat(container.memoryLimit()).isEqualTo(64 << 20);
  }

  @Test
  void a_missing_image_is_no_failure_but_an_engine_that_fails_is() {
    Docker missing =
        on(
            answering(
                command ->
                    command.contains("image")
                        ? new ExecResult(1, null, "", "Error: No such image: x:1")
                        : ok(PROBE)));
    Docker failing =
        on(
            answering(
                command ->
                    command.contains("image")
                        ? new ExecResult(1, null, "", "input/output error")
                        : ok(PROBE)));

    assertThat(missing.images().id("x:1")).isEmpty();
    assertThatThrownBy(() -> failing.images().id("x:1"))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("input/output error");
  }

  @Test
  void the_first_round_trip_also_tells_what_the_Engine_holds_and_what_compose_makes_of_the_file() {
    String layer = "a".repeat(64);
    String answer =
        PROBE
            + "image %s auth-server:latest auth-server:rpi-1 %s =1\n"
                .formatted("b".repeat(64), layer)
            + "member db /x-db-1 {\"id\":\"c1\",\"image\":\"sha256:1\",\"restarts\":0,"
            + "\"state\":{\"Status\":\"running\",\"ExitCode\":0,\"Error\":\"\","
            + "\"Health\":{\"Status\":\"healthy\"}},\"memory\":0,\"configHash\":\"h\"}\n"
            + "member db /0123456789ab_x-db-1 what an interrupted compose has left\n"
            + "made db d1gest c1\n"
            + "space 1000 /var/lib/docker\nconfig 0\nservices:\n  a:\n    image: config 1\n";

    ProbeResult look =
        Probe.of(
            answering(command -> ok(answer)),
            "rpi/x",
            Probe.Given.alone("compose.yaml", "services: {}"),
            false);

    assertThat(commands).hasSize(1);
    assertThat(commands.get(0))
        .contains("./rpi/x", ProbeResult.Project.FORMAT)
        .endsWith(
            "d4fd3af6d6ccdaeefeec3b0c2fe3ae2d5dde874cc4ed1b7acbb2cec4dfdfe032",
            "",
            "/run/docker.pid");
    assertThat(look.contents().named("auth-server:rpi-1").orElseThrow().layers())
        .containsExactly(layer, layer);
    assertThat(look.contents().space())
        .containsExactly(new EngineContents.FreeSpace("/var/lib/docker", 1_024_000));
    assertThat(look.compose().readForDeploy().services()).containsOnlyKeys("a");
    assertThat(look.project().of("db")).extracting(Container::health).containsExactly("healthy");
    assertThat(look.project().isMadeOf("db", "d1gest")).isTrue();
    assertThat(look.project().isMadeOf("db", "h")).isFalse();
    assertThat(look.project().of("redis")).isEmpty();
  }

  @Test
  void of_containers_that_others_have_made_the_label_of_compose_tells_what_they_are_made_of() {
    Container container =
        Container.parse(
            "{\"id\":\"c1\",\"image\":\"i\",\"state\":{\"Status\":\"running\"},\"configHash\":\"h\"}");
    ProbeResult.Project others =
        new ProbeResult.Project(Map.of("db", List.of(container)), Map.of("db", "d1gest c0"), "");

    assertThat(others.isMadeOf("db", "h")).isTrue();
    assertThat(others.isMadeOf("db", "d1gest")).isFalse();
  }

  @Test
  void a_directory_that_cannot_be_made_is_told_from_a_compose_file_that_is_refused() {
    ComposeAnswer unwritable =
        Probe.of(
                answering(command -> ok(PROBE + "unwritable /srv\nconfig 0\nservices: {}\n")),
                "/srv/x",
                null,
                false)
            .compose();
    ComposeAnswer refused =
        Probe.of(
                answering(command -> ok(PROBE + "config 15\nno such file\n")),
                "/srv/x",
                null,
                false)
            .compose();

    assertThat(unwritable.read().services()).isEmpty();
    assertThatThrownBy(unwritable::readForDeploy)
        .isInstanceOf(DeployException.class)
        .hasMessageContaining(
            "The directory /srv/x cannot be made or written on pi@raspberrypi:22: the user may not"
                + " write /srv");
    assertThatThrownBy(refused::readForDeploy)
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("Compose refuses the compose file of /srv/x")
        .hasMessageContaining("no such file");
  }

  @Test
  void reads_a_container_with_and_without_health_check() {
    Container healthy =
        Container.parse(
            """
            {"id":"c1","image":"sha256:1","restarts":2,"state":{"Status":"running","ExitCode":0,
            "OOMKilled":false,"Error":"","StartedAt":"2026-11-01T00:00:00Z",
            "Health":{"Status":"healthy","FailingStreak":0,"Log":[]}}}\
            """);
    Container plain =
        Container.parse(
            """
            {"id":"c2","image":"sha256:1","restarts":0,"state":{"Status":"exited","ExitCode":137,
            "OOMKilled":true,"Error":"","StartedAt":"2026-11-01T00:00:00Z"}}\
            """);

    assertThat(healthy.running()).isTrue();
    assertThat(healthy.health()).isEqualTo("healthy");
    assertThat(healthy.restarts()).isEqualTo(2);
    assertThat(plain.running()).isFalse();
    assertThat(plain.health()).isEqualTo(Container.NO_HEALTH_CHECK);
    assertThat(plain.oomKilled()).isTrue();
  }

  private static Docker on(RemoteHost host) {
    return Probe.of(host, "rpi/x", null, false).docker();
  }

  private static ExecResult ok(String stdout) {
    return new ExecResult(0, null, stdout, "");
  }

  private RemoteHost answering(Function<List<String>, ExecResult> answers) {
    return new RemoteHost() {
      @Override
      public String name() {
        return "pi@raspberrypi:22";
      }

      @Override
      public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
        ExecResult result = exec(command, stdin);
        try {
          stdout.write(result.stdout().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return result;
      }

      @Override
      public ExecResult exec(Command command, Stdin stdin) {
        commands.add(command.argv());
        return answers.apply(command.argv());
      }

      @Override
      public Socket socket() {
        throw new UnsupportedOperationException();
      }
    };
  }
}
