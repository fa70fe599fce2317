package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.remote.InEveryShell;
import io.github.rpideploy.remote.LocalShell;
import io.github.rpideploy.remote.PosixShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script in each shell, with a docker that is a script too. */
@InEveryShell
class ProjectStatusTest {

  private static final String CONTAINER =
      "{\"id\":\"%s\",\"image\":\"sha256:1\",\"restarts\":0,\"state\":{\"Status\":\"running\",\"ExitCode\":0,\"OOMKilled\":false,\"Error\":\"\",\"StartedAt\":\"2026-11-25T10:00:00Z\"},\"configHash\":\"h\"}";

  private final PosixShell shell;

  @TempDir private Path home;

  ProjectStatusTest(PosixShell shell) {
    this.shell = shell;
  }

  private ProjectStatus snapshot(String directory) throws Exception {
    DockerCommand docker = DockerCommand.of("", home.resolve("docker").toString());
    ComposeCommand compose = ComposeCommand.of(docker.with("compose"), "2.30.0");
    return ProjectStatus.parse(
        new LocalShell(shell, home)
            .exec(ProjectStatus.command(docker, compose, directory))
            .stdout());
  }

  private void docker(String script) throws IOException {
    Path docker = home.resolve("docker");
    Files.writeString(docker, "#!/bin/sh\n" + script);
    assertThat(docker.toFile().setExecutable(true)).isTrue();
    Files.createDirectories(home.resolve("rpi/my services/.rpi"));
  }

  @Test
  void files_that_are_not_as_they_were_sent_are_told_with_the_services_that_see_them()
      throws Exception {
    docker("exit 0\n");
    String empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    Path directory = home.resolve("rpi/my services");
    for (String name : List.of("same", "an other", "common.yaml")) {
      Files.writeString(directory.resolve(name), name.equals("same") ? "" : "changed");
    }
    Files.writeString(
        directory.resolve(".rpi/files"),
        "%1$s 644 an other\n%1$s 600 common.yaml\n%1$s 644 gone\n%1$s 644 same\n".formatted(empty));
    Files.createDirectories(directory.resolve(".rpi/made"));
    Files.writeString(
        directory.resolve(".rpi/made/auth"),
        "digest id\nfiles\n%1$s  an other\n%1$s  gone\n".formatted(empty));
    Files.writeString(
        directory.resolve(".rpi/made/web"), "digest id\nfiles\n%1$s  an other\n".formatted(empty));

    assertThat(snapshot("rpi/my services").drifted())
        .containsExactly(
            new ProjectStatus.Drifted("changed", "auth", "an other"),
            new ProjectStatus.Drifted("changed", "web", "an other"),
            new ProjectStatus.Drifted("changed", "-", "common.yaml"),
            new ProjectStatus.Drifted("missing", "auth", "gone"));
  }

  @Test
  void all_containers_are_told_with_their_images_and_memory() throws Exception {
    docker(
        """
        case "$1 $2" in
        "image ls") printf 'tag sha256:1 a:latest\\ntag sha256:2 <none>:<none>\\n' ;;
        "compose ps") printf 'c1\\nc2\\n' ;;
        "container inspect")
          if [ "$4" = '{{.Image}}' ]; then printf 'sha256:1\\nsha256:1\\n'
          else
            echo 'container auth-server %s'
            echo 'container db %s'
          fi ;;
        "image inspect")
          [ "$5 $#" = "sha256:1 5" ] && echo 'image {"id":"sha256:1","tags":["a:latest"],"labels":null}' ;;
        "stats --no-stream") printf 'memory c1 12.5MiB / 7GiB\\nmemory c2 0B / 0B\\n' ;;
        esac
        """
            .formatted(CONTAINER.formatted("c1"), CONTAINER.formatted("c2")));
    Files.writeString(home.resolve("rpi/my services/" + Inventory.FILE), "{}\n");

    Path lock = Files.createFile(home.resolve("rpi/my services/.rpi/lock"));
    Path intents = Files.createDirectory(home.resolve("rpi/my services/.rpi/intents"));
    assertThat(snapshot("rpi/my services").unsettled()).isEmpty();
    Files.createFile(intents.resolve("db"));

    ProjectStatus snapshot = snapshot("rpi/my services");

    assertThat(snapshot.unsettled()).isEqualTo(Map.of("db", "unsettled"));
    Process deploy = new ProcessBuilder("flock", lock.toString(), "cat").start();
    try {
      while (new ProcessBuilder("flock", "-n", lock.toString(), "true").start().waitFor() == 0) {
        Thread.onSpinWait();
      }
      assertThat(snapshot("rpi/my services").unsettled()).isEqualTo(Map.of("db", "replacing"));
    } finally {
      deploy.destroy();
    }
    assertThat(snapshot.history()).containsExactly("{}");
    assertThat(snapshot.members())
        .extracting(ProjectStatus.Member::service, ProjectStatus.Member::memory)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("auth-server", "12.5MiB"),
            org.assertj.core.groups.Tuple.tuple("db", ""));
    assertThat(snapshot.images())
        .isEqualTo(Map.of("sha256:1", new ProjectStatus.Image(List.of("a:latest"), Map.of())));
    assertThat(snapshot.tags())
        .isEqualTo(Map.of("a:latest", "sha256:1", "<none>:<none>", "sha256:2"));
    assertThat(snapshot.complaint()).isEmpty();
  }

  @Test
  void without_containers_none_is_inspected() throws Exception {
    docker("[ \"$1\" = compose ] || echo \"complaint asked for $1 $2\"\n");
    ProjectStatus snapshot = snapshot("rpi/my services");
    assertThat(snapshot.members()).isEmpty();
    assertThat(snapshot.complaint()).isEqualTo("asked for image ls");
  }

  @Test
  void what_compose_complains_about_is_told() throws Exception {
    docker("echo no configuration >&2; exit 1\n");
    assertThat(snapshot("rpi/my services").complaint()).isEqualTo("no configuration");
  }
}
