package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.InEveryShell;
import io.github.rpideploy.remote.LocalShell;
import io.github.rpideploy.remote.PosixShell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pulls and starts services that no module deploys, in each shell. */
@InEveryShell
class StartScriptsTest {

  private static final String MEMBER =
      "member db /x-db-1 {\"id\":\"c1\",\"image\":\"i\",\"state\":{\"Status\":\"running\"}}";

  private static final String DOCKER =
      """
      #!/bin/sh
      echo "$*" >>"$HOME/diary"
      case "$*" in
        "compose --profile * config --hash db") echo 'db d1gest' ;;
        "compose up "*)
          echo 'Container x-db-1  Started' >&2
          [ ! -e "$HOME/no-up" ] || exit 17 ;;
        "ps -a --filter label=com.docker.compose.service=db --format "*" --no-trunc --filter label=com.docker.compose.project.working_dir=$HOME/rpi/x") echo 'c1 /x-db-1 x ' ;;
        "ps -a --format {{.ID}}={{.Label"*) case "$*" in *"working_dir=$HOME/rpi/x")
          echo c1=x; [ ! -e "$HOME/two-projects" ] || echo c2=y ;; esac ;;
        "container inspect --format "*) echo 'MEMBER' ;;
        "image inspect "*) [ -e "$HOME/image" ] || exit 1; echo 'platform linux/arm64' ;;
        "version --format "*) echo '28.5 linux arm64' ;;
        "compose config") echo 'services: {}' ;;
        "pull "*)
          echo '17: Pulling from library/postgres'
          [ ! -e "$HOME/no-pull" ] || { echo 'Error: manifest unknown' >&2; exit 1; }
          : >"$HOME/image" ;;
        *) exit 9 ;;
      esac
      """
          .replace("MEMBER", MEMBER);

  private final PosixShell shell;

  @TempDir Path home;
  private Docker docker;

  StartScriptsTest(PosixShell shell) {
    this.shell = shell;
  }

  @BeforeEach
  void a_Pi_whose_lock_is_held() throws IOException {
    Path program = home.resolve("docker");
    Files.writeString(program, DOCKER);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    file("rpi/x/.rpi/lock", "ann@laptop\nours\n");
    DockerCommand command = DockerCommand.of("", program.toString());
    docker =
        new Docker(
            new LocalShell(shell, home),
            command,
            new Engine("28.5", "overlay2", "linux", "arm64", Set.of(), home.toString()),
            ComposeCommand.of(command.with("compose"), "2.26.1"),
            new EngineContents(List.of(), List.of()),
            ProbeResult.Project.EMPTY);
  }

  @Test
  void a_service_is_started_and_it_is_noted_by_which_part_of_the_file() throws IOException {
    Docker.Started started = start("ours", false);

    assertThat(started.ok()).isTrue();
    assertThat(started.containers()).extracting(Container::id).containsExactly("c1");
    assertThat(diary().get(0))
        .isEqualTo("compose up -d --no-recreate --no-deps --pull never --no-build -- db");
    assertThat(home.resolve("rpi/x/.rpi/made/db")).hasContent("d1gest c1\n");

    start("ours", true);
    assertThat(diary())
        .contains("compose up -d --force-recreate --no-deps --pull never --no-build -- db");
  }

  @Test
  void of_one_that_compose_cannot_start_nothing_is_noted() throws IOException {
    file("no-up", "");

    Docker.Started started = start("ours", false);

    assertThat(started.ok()).isFalse();
    assertThat(home.resolve("rpi/x/.rpi/made/db")).doesNotExist();
  }

  @Test
  void nothing_is_started_by_a_deploy_that_has_lost_the_lock() {
    assertThatThrownBy(() -> start("others", false)).hasMessage("lost");

    assertThat(home.resolve("diary")).doesNotExist();
  }

  @Test
  void an_image_that_is_there_is_not_pulled() throws IOException {
    file("image", "");

    assertThat(pull("")).isEqualTo("platform linux/arm64\n");
    assertThat(diary()).noneMatch(line -> line.startsWith("pull"));
  }

  @Test
  void an_image_is_pulled_for_the_platform_of_the_compose_file() throws IOException {
    assertThat(pull("linux/arm64"))
        .isEqualTo("17: Pulling from library/postgres\npulled 0\nplatform linux/arm64\n");
    assertThat(diary()).contains("pull --platform linux/arm64 postgres:17");
  }

  @Test
  void a_pull_that_fails_has_the_error_and_its_status() throws IOException {
    file("no-pull", "");

    assertThat(pull("")).endsWith("Error: manifest unknown\npulled 1\n");
    assertThat(diary()).contains("pull postgres:17");
  }

  /** The directory's absolute name is what compose has noted in the label. */
  @Test
  void the_containers_of_a_directory_are_found_by_its_name() throws IOException {
    start("ours", false);
    LocalShell pi = new LocalShell(shell, home).withPrograms(home);

    ProbeResult.Project project = Probe.of(pi, "rpi/x", null, false).project();

    assertThat(project.of("db")).extracting(Container::id).containsExactly("c1");
    assertThat(project.isMadeOf("db", "d1gest")).isTrue();
    assertThat(Probe.of(pi, "rpi/none", null, false).project())
        .isEqualTo(ProbeResult.Project.EMPTY);
  }

  @Test
  void when_the_containers_were_seen_is_told_if_what_happens_later_can_be() throws Exception {
    start("ours", false);
    LocalShell pi = new LocalShell(shell, home).withPrograms(home);
    assertThat(Probe.of(pi, "rpi/x", null, false).project().moment()).isEmpty();
    String token = "01234567-89ab-cdef-0123-456789abcdef";
    file("rpi/x/.rpi/last", token + "\n");

    assertThat(Probe.of(pi, "rpi/x", null, false).project().moment())
        .matches("\\d+\\.\\d+ " + token + " -");

    Path lock = home.resolve("rpi/x/.rpi/lock");
    Process deploy = new ProcessBuilder("flock", "-F", lock.toString(), "cat").start();
    while (new ProcessBuilder("flock", "-n", lock.toString(), "true").start().waitFor() == 0) {
      Thread.onSpinWait();
    }
    assertThat(Probe.of(pi, "rpi/x", null, false).project().moment())
        .as("during a deploy")
        .isEmpty();
    deploy.destroy();
    deploy.waitFor();
    file("two-projects", "");
    assertThat(Probe.of(pi, "rpi/x", null, false).project().moment())
        .as("only compose knows which are whose")
        .isEmpty();
  }

  private Docker.Started start(String token, boolean anew) {
    HeldLock lock =
        new HeldLock(".rpi/lock", token, () -> new DeployException("lost", "deploy again"));
    return docker.start("rpi/x", lock, "db", anew);
  }

  private String pull(String platform) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    docker.images().pull("postgres:17", platform, said);
    return said.toString(StandardCharsets.UTF_8);
  }

  private List<String> diary() throws IOException {
    return Files.readAllLines(home.resolve("diary"));
  }

  private void file(String name, String content) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
