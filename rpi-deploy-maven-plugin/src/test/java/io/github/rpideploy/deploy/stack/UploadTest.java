package io.github.rpideploy.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ScriptedPi;
import io.github.rpideploy.deploy.files.FilesOnPi;
import io.github.rpideploy.deploy.files.StackFiles;
import io.github.rpideploy.deploy.spec.FilesSpec;
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
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an upload and a restore do to the files of the stack, with a real shell. */
@InEveryShell
class UploadTest {

  private static final String COMPOSE =
      """
      services:
        a: {image: a, env_file: a.env, volumes: ["./conf:/conf", "./-odd name.txt:/x"]}
      """;

  private final PosixShell shell;

  @TempDir Path home;
  @TempDir Path project;

  private final List<Event> events = new ArrayList<>();
  private boolean overwrite;

  UploadTest(PosixShell shell) {
    this.shell = shell;
  }

  @BeforeEach
  void aProject() throws IOException {
    local("compose.yaml", COMPOSE);
    local("a.env", "A=1\n");
    Files.setPosixFilePermissions(
        project.resolve("a.env"), PosixFilePermissions.fromString("rw-------"));
    local("conf/app.yml", "1\n");
    local("conf/sub/b c.yml", "b\n");
    local("-odd name.txt", "odd\n");
  }

  @Test
  void files_arrive_with_their_modes_and_a_second_time_none() throws IOException {
    ComposeDirectory directory = directory();
    directory.upload();

    assertThat(there("conf/sub/b c.yml")).hasContent("b\n");
    assertThat(there("-odd name.txt")).hasContent("odd\n");
    assertThat(Files.getPosixFilePermissions(there("a.env")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(there(".rpi/new")).doesNotExist();
    assertThat(events)
        .containsExactly(
            new Event.FilesSent(
                List.of(
                    new Event.SentFile("-odd name.txt", 4),
                    new Event.SentFile("a.env", 4),
                    new Event.SentFile("conf/app.yml", 2),
                    new Event.SentFile("conf/sub/b c.yml", 2))),
            new Event.ComposeFileUploaded("stack/compose.yaml"));

    events.clear();
    directory().upload();
    directory.upload();
    assertThat(events).isEmpty();
  }

  @Test
  void what_was_replaced_created_and_removed_is_restored() throws IOException {
    settled(directory());
    local("conf/app.yml", "2\n");
    local("conf/new.yml", "new\n");
    Files.delete(project.resolve("conf/sub/b c.yml"));
    ComposeDirectory directory = directory();

    directory.upload();
    assertThat(directory.change()).isEqualTo("NONE FILES");
    assertThat(there("conf/app.yml")).hasContent("2\n");
    assertThat(there("conf/sub/b c.yml")).doesNotExist();
    assertThat(events).contains(new Event.FileRemoved("conf/sub/b c.yml"));

    assertThat(directory.restore()).isTrue();
    assertThat(there("conf/app.yml")).hasContent("1\n");
    assertThat(there("conf/sub/b c.yml")).hasContent("b\n");
    assertThat(there("conf/new.yml")).doesNotExist();
    assertThat(there(".rpi/before")).doesNotExist();
    assertThat(there(".rpi/unproved")).doesNotExist();
    assertThat(directory.isReplaced()).isFalse();

    directory.upload();
    assertThat(there("conf/app.yml")).hasContent("2\n");
  }

  @Test
  void files_that_never_worked_do_not_become_those_to_go_back_to() throws IOException {
    settled(directory());
    local("conf/app.yml", "2\n");
    directory().upload();
    local("conf/app.yml", "3\n");
    local("a.env", "A=3\n");
    ComposeDirectory next = directory();

    next.upload();
    next.restore();

    assertThat(there("conf/app.yml")).hasContent("1\n");
    assertThat(there("a.env")).hasContent("A=1\n");
  }

  @Test
  void the_next_build_with_the_same_files_that_never_worked_can_go_back_too() throws IOException {
    settled(directory());
    local("conf/app.yml", "2\n");
    directory().upload();
    ComposeDirectory next = directory();

    next.upload();
    assertThat(next.isReplaced()).isTrue();
    next.restore();

    assertThat(there("conf/app.yml")).hasContent("1\n");
  }

  @Test
  void a_file_that_somebody_has_changed_stops_everything() throws IOException {
    settled(directory());
    Files.writeString(there("conf/app.yml"), "mine\n");
    local("conf/app.yml", "2\n");
    local("a.env", "A=2\n");
    local("compose.yaml", COMPOSE + "# changed\n");

    DeployException failure =
        catchThrowableOfType(DeployException.class, () -> directory().upload());

    assertThat(failure)
        .hasMessage(
            "conf/app.yml in stack on pi@here:22 is not what the last deploy sent, and differs from"
                + " yours: somebody has changed it there");
    assertThat(there("conf/app.yml")).hasContent("mine\n");
    assertThat(there("a.env")).hasContent("A=1\n");
    assertThat(there("compose.yaml")).hasContent(COMPOSE);
    assertThat(there(".rpi/new")).doesNotExist();

    overwrite = true;
    ComposeDirectory directory = directory();
    directory.upload();
    assertThat(there("conf/app.yml")).hasContent("2\n");
    directory.restore();
    assertThat(there("conf/app.yml")).hasContent("mine\n");
  }

  @Test
  void a_file_with_the_same_content_is_taken_over_and_one_that_was_there_is_not_overwritten()
      throws IOException {
    Files.createDirectories(there("conf"));
    Files.writeString(there("a.env"), "A=1\n");
    Files.setPosixFilePermissions(there("a.env"), PosixFilePermissions.fromString("rw-rw-r--"));
    directory().upload();
    assertThat(Files.getPosixFilePermissions(there("a.env")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));

    local("conf/more.yml", "more\n");
    Files.writeString(there("conf/more.yml"), "theirs\n");
    DeployException failure =
        catchThrowableOfType(DeployException.class, () -> directory().upload());
    assertThat(failure).hasMessageContaining("conf/more.yml");
  }

  @Test
  void the_empty_directory_that_Docker_makes_for_a_missing_file_is_replaced() throws IOException {
    Files.createDirectories(there("conf/app.yml"));
    Files.createDirectories(there("conf/sub/b c.yml/kept"));

    assertThat(catchThrowableOfType(DeployException.class, () -> directory().upload()))
        .hasMessageContaining("conf/sub/b c.yml");
    Files.delete(there("conf/sub/b c.yml/kept"));
    directory().upload();

    assertThat(there("conf/app.yml")).hasContent("1\n");
  }

  @Test
  void what_is_no_longer_named_stays_when_it_was_changed() throws IOException {
    settled(directory());
    Files.writeString(there("conf/sub/b c.yml"), "mine\n");
    Files.delete(project.resolve("conf/sub/b c.yml"));

    directory().upload();

    assertThat(there("conf/sub/b c.yml")).hasContent("mine\n");
    assertThat(events)
        .anyMatch(
            event ->
                event instanceof Event.Warning warning
                    && warning.text().startsWith("conf/sub/b c.yml on pi@here:22 is no longer"));
    events.clear();
    directory().upload();
    assertThat(events).isEmpty();
  }

  @Test
  void an_upload_that_is_cut_changes_nothing() throws IOException {
    settled(directory());
    local("conf/app.yml", "2\n".repeat(2000));
    ComposeDirectory cut = directory(1024);

    assertThat(catchThrowableOfType(DeployException.class, cut::upload))
        .hasMessageContaining("cannot be written to stack on pi@here:22");
    assertThat(there("conf/app.yml")).hasContent("1\n");
    assertThat(there(".rpi/unproved")).doesNotExist();
  }

  @Test
  void a_file_that_is_lost_after_the_probe_is_sent_all_the_same() throws IOException {
    settled(directory());
    ComposeDirectory directory = directory();
    Files.delete(there("conf/app.yml"));

    directory.upload();

    assertThat(there("conf/app.yml")).hasContent("1\n");
  }

  /** A service was proved good with it. */
  private void settled(ComposeDirectory directory) throws IOException {
    directory.upload();
    Files.delete(there(".rpi/unproved"));
    events.clear();
  }

  private ComposeDirectory directory() throws IOException {
    return directory(Long.MAX_VALUE);
  }

  /**
   * @param limit after so many bytes an upload is cut
   */
  private ComposeDirectory directory(long limit) throws IOException {
    ScriptedPi pi = new ScriptedPi(COMPOSE);
    RemoteHost host =
        new LocalShell(shell, home) {
          @Override
          public ExecResult exec(Command command, Stdin stdin) {
            return command.argv().contains("probe.sh")
                ? pi.exec(command, Stdin.EMPTY)
                : super.exec(command, out -> stdin.writeTo(new Cut(out, limit)));
          }
        };
    Docker docker = Probe.of(host, "stack", null, false).docker();
    Stack stack =
        new Stack(
            "stack",
            project.resolve("compose.yaml"),
            false,
            new FilesSpec(null, List.of(), 10_000_000, overwrite));
    return new ComposeDirectory(
        host,
        docker,
        stack,
        LocalStack.wanted(stack),
        StackFiles.of(stack),
        FilesOnPi.parse(probed()),
        events::add);
  }

  /** What the probe's own script says. */
  private List<String> probed() throws IOException {
    Path list = Files.createTempFile(home, "list", "");
    Files.writeString(
        list, StackFiles.of(new Stack("stack", project.resolve("compose.yaml"))).manifest());
    Path script = Path.of("target/classes/io/github/rpideploy/docker/stack-files.sh");
    String line = "cd \"${1%/*}\" && . \"$1\"; cd \"$HOME\"; directory=stack; files_there \"$2\"";
    return new LocalShell(shell, home)
        .exec(Command.script(line, script.toAbsolutePath().toString(), list.toString()))
        .stdout()
        .lines()
        .toList();
  }

  private Path there(String path) {
    return home.resolve("stack").resolve(path);
  }

  private void local(String path, String content) throws IOException {
    Path file = project.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** A stream that ends without a word. */
  private static final class Cut extends FilterOutputStream {

    private long left;

    Cut(OutputStream out, long limit) {
      super(out);
      this.left = limit;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int some = (int) Math.min(length, left);
      out.write(bytes, offset, some);
      left -= some;
    }
  }
}
