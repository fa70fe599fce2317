package io.github.rpideploy.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.files.FilesOnPi;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.docker.ProbeResult;
import io.github.rpideploy.remote.InEveryShell;
import io.github.rpideploy.remote.LocalShell;
import io.github.rpideploy.remote.PosixShell;
import io.github.rpideploy.report.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A probe of a stack with files: what compose reads, and what is told of the files. */
@InEveryShell
class LocalStackTest {

  /** Its compose reads the project as a real one does. */
  private static final String DOCKER =
      """
      #!/bin/sh
      case "$1 $2" in
        "version --format") echo '26.1.5 linux arm64' ;;
        "info --format") printf 'driver overlay2\\nstatus []\\nroot /\\ncompose 2.26.1\\n' ;;
        "image ls") ;;
        "compose config")
          pwd >"$HOME/cwd"
          echo 'level=warning msg="The \\"PLACE\\" variable is not set. Defaulting"' >&2
          cat a.env >/dev/null || { echo "env file $PWD/a.env not found" >&2; exit 1; }
          cat compose.yaml a.env sub/base.env sub/theirs ../neighbour theirs 2>/dev/null | sed 's/^/# /'
          echo 'services: {}' ;;
        *) exit 9 ;;
      esac
      """;

  private static final String COMPOSE =
      """
      services:
        a: {env_file: [a.env, sub/base.env], volumes: ["./conf:/conf"]}
      """;

  private final PosixShell shell;

  @TempDir private Path home;
  @TempDir private Path project;

  private final List<Event> events = new ArrayList<>();

  LocalStackTest(PosixShell shell) {
    this.shell = shell;
  }

  @BeforeEach
  void both() throws IOException {
    put(home, "bin/docker", DOCKER);
    assertThat(home.resolve("bin/docker").toFile().setExecutable(true)).isTrue();
    put(home, "rpi/neighbour", "neighbour\n");
    put(project, "compose.yaml", COMPOSE);
    put(project, "a.env", "A=1\n");
    put(project, "sub/base.env", "BASE=1\n");
    put(project, "conf/app.yml", "1\n");
  }

  @Test
  void compose_reads_what_will_be_there_where_nothing_is_yet() {
    ProbeResult result = probe("rpi/none");

    assertThat(result.compose().config().stdout())
        .startsWith("# services:\n#   a: {env_file")
        .contains("# A=1\n# BASE=1\n")
        .endsWith("services: {}\n");
    assertThat(home.resolve("cwd")).content().contains("/up/none");
    assertThat(home.resolve("rpi/none")).doesNotExist();
    assertThat(found(result).lacking(LocalStack.of(stack("rpi/none")).files())).hasSize(3);
  }

  @Test
  void compose_reads_what_is_there_below_what_is_sent() throws IOException {
    put(home, "rpi/x/sub/theirs", "theirs in sub\n");
    put(home, "rpi/x/sub/base.env", "OLD=1\n");
    put(home, "rpi/x/theirs", "theirs\n");
    put(home, "rpi/x/compose.yaml", "old\n");

    ProbeResult result = probe("rpi/x");

    assertThat(result.compose().config().stdout())
        .contains("# BASE=1\n# theirs in sub\n# neighbour\n# theirs\n")
        .doesNotContain("OLD", "old");
    assertThat(home.resolve("rpi/x/sub/base.env")).hasContent("OLD=1\n");
    assertThat(home.resolve("rpi/x/a.env")).doesNotExist();
    assertThat(found(result).conflicts(LocalStack.of(stack("rpi/x")).files()))
        .containsExactly("sub/base.env");
  }

  @Test
  void a_complaint_does_not_name_the_place_where_compose_has_read() throws IOException {
    Files.delete(project.resolve("a.env"));

    assertThat(probe("rpi/none").compose().config().stderr())
        .endsWith("env file a.env not found\n");
  }

  @Test
  void what_is_the_same_is_not_sent_and_compose_reads_it_in_its_place() throws IOException {
    LocalStack local = LocalStack.of(stack("rpi/x"));
    for (String path : List.of("compose.yaml", "a.env", "sub/base.env", "conf/app.yml")) {
      put(home, "rpi/x/" + path, Files.readString(project.resolve(path)));
    }
    put(home, "rpi/x/.rpi/files", local.files().manifest());

    ProbeResult same = probe("rpi/x");
    assertThat(same.files()).contains("files same");
    assertThat(home.resolve("cwd")).content().isEqualTo(home.resolve("rpi/x") + "\n");
    assertThat(found(same).lacking(local.files())).isEmpty();

    put(home, "rpi/x/conf/app.yml", "changed\n");
    Files.delete(home.resolve("rpi/x/a.env"));
    FilesOnPi changed = found(probe("rpi/x"));
    assertThat(changed.conflicts(local.files()))
        .as("what somebody has removed is only lacking")
        .containsExactly("conf/app.yml");
  }

  @Test
  void a_file_that_nothing_names_any_more_is_told() throws IOException {
    put(home, "rpi/x/old", "");
    put(home, "rpi/x/compose.yaml", "services: {}\n");
    put(project, "compose.yaml", "services: {}\n");
    put(
        home,
        "rpi/x/.rpi/files",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 644 old\n");
    put(home, "rpi/x/a.env", "");

    FilesOnPi found = found(probe("rpi/x"));

    assertThat(found.obsolete(LocalStack.of(stack("rpi/x")).files())).containsExactly("old");
  }

  @Test
  void a_local_dotenv_is_told_with_what_the_Pi_lacks() throws IOException {
    put(project, ".env", "PLACE=s3cret\nOTHER=1\n");
    tell();
    assertThat(events)
        .containsExactly(
            new Event.Warning(
                ".env is here, but not in rpi/x on pi@here:22; the compose file needs PLACE, which"
                    + " has no value there. It is private, so it is not sent. Write it there, or"
                    + " send it: -Drpi.files=.env"));

    events.clear();
    put(home, "rpi/x/.env", "OTHER=2\n");
    tell();
    assertThat(events)
        .extracting(event -> ((Event.Warning) event).text())
        .first()
        .asString()
        .startsWith(
            ".env in rpi/x on pi@here:22 is not the one here; the compose file needs PLACE");

    events.clear();
    put(project, ".env", "OTHER=1\n");
    tell();
    assertThat(events).isEmpty();
  }

  private void tell() {
    LocalStack.of(stack("rpi/x")).directory(host(), probe("rpi/x"), events::add);
  }

  private ProbeResult probe(String directory) {
    return Probe.of(host(), directory, LocalStack.of(stack(directory)).given(), false);
  }

  private LocalShell host() {
    return new LocalShell(shell, home).withPrograms(home.resolve("bin"));
  }

  private static FilesOnPi found(ProbeResult result) {
    return FilesOnPi.parse(result.files());
  }

  private Stack stack(String directory) {
    return new Stack(directory, project.resolve("compose.yaml"));
  }

  private static void put(Path place, String path, String content) throws IOException {
    Path file = place.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
