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
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script in each shell, with a docker that is a script too. */
@InEveryShell
class InventoryTest {

  private final PosixShell shell;

  @TempDir private Path home;
  private Path docker;
  private Path file;

  InventoryTest(PosixShell shell) {
    this.shell = shell;
  }

  @BeforeEach
  void a_Pi_with_one_image() throws IOException {
    docker = home.resolve("docker");
    file = Files.createDirectories(home.resolve("rpi/my services")).resolve(Inventory.FILE);
    docker(
        """
        case "$1 $2" in
        "image ls") echo "tag sha256:1 a:latest" ; echo "tag sha256:1 a:rpi-000000000001" ;;
        "ps -a") echo c1 a:latest : ;;
        esac
        """);
  }

  private void docker(String script) throws IOException {
    Files.writeString(docker, "#!/bin/sh\n" + script);
    assertThat(docker.toFile().setExecutable(true)).isTrue();
  }

  private Inventory inventory(String directory, String line) {
    DockerCommand command = DockerCommand.of("", docker.toString());
    return Inventory.parse(
        new LocalShell(shell, home)
            .exec(Inventory.command(command, directory, true, line))
            .stdout());
  }

  @Test
  void a_line_is_added_and_all_is_told() throws Exception {
    inventory("rpi/my services", "{\"a\":\"first \\n $(x)\"}");
    Inventory inventory = inventory("rpi/my services", "{\"second\":'\\\\'}");

    assertThat(inventory)
        .isEqualTo(
            new Inventory(
                true,
                List.of("{\"a\":\"first \\n $(x)\"}", "{\"second\":'\\\\'}"),
                Map.of("a:latest", "sha256:1", "a:rpi-000000000001", "sha256:1"),
                Set.of("sha256:1"),
                Set.of(),
                false,
                true));
    assertThat(file).hasContent("{\"a\":\"first \\n $(x)\"}\n{\"second\":'\\\\'}\n");
  }

  @Test
  void a_line_that_was_torn_spoils_no_other() throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"first\":1}\n{\"to");

    assertThat(inventory("rpi/my services", "").history())
        .containsExactly("{\"first\":1}", "{\"to");
    assertThat(inventory("rpi/my services", "{}").history())
        .containsExactly("{\"first\":1}", "{\"to", "{}");
  }

  @Test
  void reading_changes_nothing_and_only_the_newest_lines_are_read() throws Exception {
    assertThat(inventory("rpi/my services", "").history()).isEmpty();
    assertThat(file.getParent()).doesNotExist();

    Files.createDirectories(file.getParent());
    Files.writeString(file, "old\n".repeat(500) + "new\n".repeat(100));
    Inventory inventory = inventory("rpi/my services", "");

    assertThat(inventory.written()).isFalse();
    assertThat(inventory.history()).hasSize(100).containsOnly("new");
  }

  @Test
  void other_compose_projects_are_heard_but_not_the_own_one() throws Exception {
    Path other = home.resolve("rpi/other one");
    docker(
        """
        case "$1 $2" in
        "ps -a")
          printf 'c1 sha256:1 :%s\nc2 sha256:2 :%s\nc3 sha256:3 :\n' ;;
        esac
        """
            .formatted(home.resolve("rpi/my services"), other));
    Files.createDirectories(other.resolve(".rpi"));
    Files.writeString(
        other.resolve(Inventory.FILE), "{\"release\":\"a:rpi-0123456789ab\",\"b\":\"b:1\"}\n");
    Files.createDirectories(file.getParent());
    Files.writeString(file.resolveSibling("lock"), "me");

    Inventory inventory = inventory("rpi/my services", "{\"release\":\"a:rpi-000000000000\"}");
    assertThat(inventory.others()).containsExactly("a:rpi-0123456789ab");
    assertThat(inventory.used()).containsExactlyInAnyOrder("sha256:1", "sha256:2", "sha256:3");
    assertThat(inventory.busy()).isFalse();
    assertThat(inventory.complete()).isTrue();

    Path lock = Files.writeString(other.resolve(".rpi/lock"), "left by a power cut");
    assertThat(inventory("rpi/my services", "").busy()).isFalse();
    Process deploy = new ProcessBuilder("flock", lock.toString(), "cat").start();
    try {
      while (new ProcessBuilder("flock", "-n", lock.toString(), "true").start().waitFor() == 0) {
        Thread.onSpinWait();
      }
      assertThat(inventory("rpi/my services", "").busy()).isTrue();
    } finally {
      deploy.destroy();
    }
  }

  @Test
  void a_project_that_is_down_is_heard_too_because_it_was_deployed_before() throws Exception {
    Path other = Files.createDirectories(home.resolve("rpi/other/.rpi"));
    Files.writeString(other.resolve("history.jsonl"), "{\"release\":\"a:rpi-0123456789ab\"}\n");
    assertThat(inventory("rpi/my services", "").others()).isEmpty();
    Path projects = home.resolve(Inventory.PROJECTS);
    Files.createDirectories(projects.getParent());
    Files.writeString(projects, "/gone\n" + other.getParent() + "\n");

    assertThat(inventory("rpi/my services", "").others()).containsExactly("a:rpi-0123456789ab");
  }

  @Test
  void a_line_after_the_nuls_of_a_power_cut_is_a_line_of_its_own() throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"first\":1}\n\0\0\0\0");

    assertThat(inventory("rpi/my services", "{}").history()).endsWith("{}");
  }

  @Test
  void the_last_lines_about_a_service_that_is_seldom_deployed_are_read_too() throws Exception {
    Files.createDirectories(file.getParent());
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      lines.append("{\"n\":" + i + ",\"service\":\"db\"}\n");
    }
    for (int i = 0; i < 300; i++) {
      lines.append("{\"m\":" + i + ",\"service\":\"auth\"}\n");
    }
    Files.writeString(file, lines);

    List<String> history = inventory("rpi/my services", "").history();

    assertThat(history).hasSize(105);
    assertThat(history.subList(0, 6))
        .containsExactly(
            "{\"n\":3,\"service\":\"db\"}",
            "{\"n\":4,\"service\":\"db\"}",
            "{\"n\":5,\"service\":\"db\"}",
            "{\"n\":6,\"service\":\"db\"}",
            "{\"n\":7,\"service\":\"db\"}",
            "{\"m\":200,\"service\":\"auth\"}");
  }

  @Test
  void a_directory_that_is_not_there_has_no_history() throws Exception {
    Inventory inventory = inventory("nowhere", "{}");
    assertThat(inventory.written()).isFalse();
    assertThat(inventory.history()).isEmpty();
    assertThat(inventory.complete()).isTrue();
  }

  @Test
  void what_the_Engine_cannot_tell_makes_it_incomplete() throws Exception {
    for (String failing : List.of("image ls", "ps -a", "container inspect")) {
      docker("[ \"$1 $2\" != '" + failing + "' ] || exit 1\necho \"c1 a:1 :\"\n");
      Inventory inventory = inventory("rpi/my services", "{}");
      assertThat(inventory.written()).as(failing).isTrue();
      assertThat(inventory.complete()).as(failing).isFalse();
    }
  }

  /** Each docker command takes a Pi a tenth of a second or more. */
  @Test
  void a_container_is_asked_itself_only_where_its_image_has_another_name() throws Exception {
    docker(
        """
        case "$1 $2" in
        "image ls") printf 'tag sha256:%s\\n' '1 a:latest' '2 b:17' '3 <none>:<none>' ;;
        "ps -a") printf '%s :\\n' 'c1 a' 'c2 b:17' 'c3 sha256:3' 'c4 docker.io/library/b:17' 'c5 0123ab' ;;
        "container inspect") echo "$*" >"$HOME/asked"; printf 'used sha256:2\\nused sha256:5\\n' ;;
        esac
        """);

    Inventory inventory = inventory("rpi/my services", "");

    assertThat(inventory.complete()).isTrue();
    assertThat(inventory.used())
        .containsExactlyInAnyOrder("sha256:1", "sha256:2", "sha256:3", "sha256:5");
    assertThat(home.resolve("asked"))
        .hasContent("container inspect --format used {{.Image}} c4 c5\n");
  }

  @Test
  void what_an_ended_proof_has_left_and_notes_of_images_that_are_gone_are_removed()
      throws Exception {
    Path notes = Files.createDirectories(home.resolve(ReleaseScripts.NOTES));
    Files.writeString(notes.resolve("1"), "");
    Files.writeString(notes.resolve("2"), "");
    inventory("rpi/my services", "");
    try (Stream<Path> left = Files.list(notes)) {
      assertThat(left).containsExactly(notes.resolve("1"));
    }

    docker("[ $1 != ps ] || echo 'c1 sha256:1 yes:'; echo \"$*\" >>\"$HOME/calls\"\n");
    inventory("rpi/my services", "");
    assertThat(home.resolve("calls"))
        .content()
        .contains(
            "container prune --force --filter label=io.github.rpideploy.proof --filter until=10m");
  }

  /** Nobody asks for its inventory. */
  @Test
  void where_tags_are_removed_of_another_machine_of_the_service_the_same_is() throws Exception {
    Path notes = Files.createDirectories(home.resolve(ReleaseScripts.NOTES));
    Files.writeString(notes.resolve("1"), "");
    Files.writeString(notes.resolve("2"), "");
    docker("[ \"$1 $2\" != 'image ls' ] || echo ' sha256:1 '; echo \"$*\" >>\"$HOME/calls\"\n");

    images().tidy(List.of("a:rpi-000000000001", "a:rpi-000000000002"));

    assertThat(Files.readAllLines(home.resolve("calls")))
        .as("a container of a proof keeps an image from being removed")
        .startsWith(
            "container prune --force --filter label=io.github.rpideploy.proof --filter until=10m",
            "image rm a:rpi-000000000001 a:rpi-000000000002")
        .hasSize(3);
    try (Stream<Path> left = Files.list(notes)) {
      assertThat(left).containsExactly(notes.resolve("1"));
    }

    docker("exit 1\n");
    images().tidy(List.of("a:rpi-000000000001"));
    assertThat(notes.resolve("1")).as("what is not known is not removed").exists();
  }

  private Images images() {
    return new Images(
        new LocalShell(shell, home),
        DockerCommand.of("", docker.toString()),
        new Engine("26.1.5", "overlay2", "linux", "arm64", Set.of(), "/"));
  }

  @Test
  void without_a_container_nothing_is_asked_of_them() throws Exception {
    docker("[ \"$1 $2\" != 'container inspect' ] || exit 1\n");
    Inventory inventory = inventory("rpi/my services", "");
    assertThat(inventory.complete()).isTrue();
    assertThat(inventory.used()).isEmpty();
  }
}
