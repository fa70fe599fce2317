package io.github.rpideploy.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ScriptedPi;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.InEveryShell;
import io.github.rpideploy.remote.LocalShell;
import io.github.rpideploy.remote.PosixShell;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.report.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an upload and a restore do to the compose file, with a real shell. */
@InEveryShell
class ComposeDirectoryTest {

  private static final String OLD = "services: {a: {image: a}}\n";
  private static final String NEW = "services: {a: {image: a}, b: {image: b}}\n";

  private final PosixShell shell;

  @TempDir Path home;

  private final List<Event> events = new ArrayList<>();

  ComposeDirectoryTest(PosixShell shell) {
    this.shell = shell;
  }

  @Test
  void a_replaced_file_is_restored_unchanged() throws IOException {
    Path file = put("compose.yaml", OLD);
    ComposeDirectory directory = directory();

    directory.upload();
    assertThat(file).hasContent(NEW);
    assertThat(directory.isReplaced()).isTrue();

    assertThat(directory.restore()).isTrue();
    assertThat(file).hasContent(OLD);
    assertThat(directory.isReplaced()).isFalse();
    assertThat(directory.restore()).isFalse();
    assertThat(events)
        .containsExactly(
            new Event.ComposeFileUploaded("stack/compose.yaml"),
            new Event.ComposeFileRestored("stack/compose.yaml"));
  }

  @Test
  void the_same_file_is_not_replaced_and_nothing_is_restored() throws IOException {
    Path file = put("compose.yaml", NEW);
    ComposeDirectory directory = directory();

    directory.upload();

    assertThat(directory.isReplaced()).isFalse();
    assertThat(directory.restore()).isFalse();
    assertThat(file).hasContent(NEW);
    assertThat(events).isEmpty();
  }

  @Test
  void a_second_upload_in_one_build_keeps_the_file_from_before_the_first() throws IOException {
    Path file = put("compose.yaml", OLD);
    ComposeDirectory directory = directory();

    directory.upload();
    directory.upload();
    directory.restore();

    assertThat(file).hasContent(OLD);
  }

  @Test
  void a_file_that_never_worked_does_not_become_the_one_to_go_back_to() throws IOException {
    Path file = put("compose.yaml", OLD);
    directory().upload();
    put("compose.yaml", NEW + "# changed again, and deployed again\n");
    ComposeDirectory next = directory();

    next.upload();
    assertThat(file).hasContent(NEW);
    next.restore();

    assertThat(file).hasContent(OLD);
    assertThat(home.resolve("stack/.rpi/unproved")).doesNotExist();
  }

  @Test
  void the_next_build_with_the_same_file_that_never_worked_can_go_back_too() throws IOException {
    Path file = put("compose.yaml", OLD);
    directory().upload();
    ComposeDirectory next = directory();

    next.upload();
    assertThat(next.isReplaced()).isTrue();
    next.restore();

    assertThat(file).hasContent(OLD);
  }

  @Test
  void a_file_created_beside_one_of_another_name_is_removed_by_a_restore() throws IOException {
    Path other = put("docker-compose.yml", OLD);
    ComposeDirectory directory = directory();

    directory.upload();
    directory.restore();

    assertThat(home.resolve("stack/compose.yaml")).doesNotExist();
    assertThat(other).hasContent(OLD);
  }

  @Test
  void a_first_file_is_nothing_to_go_back_from_not_even_for_the_next_build() throws IOException {
    directory().upload();
    ComposeDirectory next = directory();

    next.upload();

    assertThat(next.isReplaced()).isFalse();
    assertThat(next.restore()).isFalse();
    assertThat(home.resolve("stack/compose.yaml")).hasContent(NEW);
    assertThat(events).containsExactly(new Event.ComposeFileUploaded("stack/compose.yaml"));
  }

  @Test
  void a_command_to_paste_calls_docker_as_this_user_must() {
    ScriptedPi pi = new ScriptedPi(OLD);
    pi.probe += "with sudo -n\n";

    assertThat(
            directory(pi)
                .onThePi("mv a docker ; docker tag a b && docker compose up; docker logs docker"))
        .isEqualTo(
            "ssh pi@here 'cd stack && mv a docker ; sudo docker tag a b && sudo docker compose up;"
                + " sudo docker logs docker'");
  }

  @Test
  void a_command_to_paste_names_a_port_that_is_not_the_usual_one() {
    ComposeDirectory directory = directory(new ScriptedPi(OLD), "pi@here:2222");

    assertThat(directory.onThePi("docker ps"))
        .isEqualTo("ssh -p 2222 pi@here 'cd stack && docker ps'");
    assertThat(directory.hostName()).isEqualTo("here");
  }

  @Test
  void messages_name_the_file_of_this_machine_or_else_the_place_on_the_Pi() {
    Docker docker = Probe.of(new ScriptedPi(OLD), "stack", null, false).docker();
    RemoteHost host = new LocalShell(shell, home);
    Stack local = new Stack("stack", Path.of("src", "compose.yaml"));

    assertThat(new ComposeDirectory(host, docker, local, NEW, events::add).described())
        .isEqualTo("src/compose.yaml");
    assertThat(directory().described()).isEqualTo("stack on pi@here:22");
    assertThat(directory().path()).isEqualTo("stack");
  }

  @Test
  void the_wanted_file_is_the_one_of_this_machine_if_there_is_one() throws IOException {
    Path file = put("mine.yaml", NEW);

    assertThat(LocalStack.wanted(new Stack("stack", file))).isEqualTo(NEW);
    assertThat(LocalStack.wanted(new Stack("stack", null))).isNull();
    assertThatThrownBy(() -> LocalStack.wanted(new Stack("stack", home.resolve("no.yaml"))))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("no.yaml cannot be read");
  }

  private ComposeDirectory directory() {
    return directory(new ScriptedPi(OLD));
  }

  private ComposeDirectory directory(ScriptedPi pi) {
    return directory(pi, "pi@here:22");
  }

  private ComposeDirectory directory(ScriptedPi pi, String name) {
    RemoteHost host =
        new LocalShell(shell, home) {
          @Override
          public String name() {
            return name;
          }

          @Override
          public ExecResult exec(Command command, Stdin stdin) {
            return command.argv().contains("probe.sh")
                ? pi.exec(command, stdin)
                : super.exec(command, stdin);
          }
        };
    Docker docker = Probe.of(host, "stack", null, false).docker();
    return new ComposeDirectory(host, docker, new Stack("stack", null, false), NEW, events::add);
  }

  private Path put(String name, String content) throws IOException {
    Path directory = Files.createDirectories(home.resolve("stack"));
    return Files.writeString(directory.resolve(name), content);
  }
}
