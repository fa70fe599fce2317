package io.github.rpideploy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@InEveryShell
@Timeout(30)
class CommandTest {

  private static final String[] PIECES = {
    "'", "\"", "\\", "`", "$(id)", "${HOME}", "$$", "!", "!!", "~", "*", "?", "[a]", "{a,b}", " ",
    "\n", "\t", "\r", ";", "&", "|", "<", ">", "#", "(", ")", "=", "%", "^", "a", "-", "--", "/",
    "é", "€", "😀", "\u0001", "\u007f", "''", "\\'", "\\\\"
  };

  private final PosixShell shell;

  CommandTest(PosixShell shell) {
    this.shell = shell;
  }

  /** The script goes by standard input, so that no locale of this JVM stands in between. */
  @Test
  void every_argument_arrives_unchanged_in_a_real_shell() throws Exception {
    Random random = new Random(20261123);
    List<String> args = new ArrayList<>(List.of("", "-n", "plain/word_1.2:3@4,5+6", "a b"));
    for (int i = 0; i < 1000; i++) {
      StringBuilder arg = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        arg.append(PIECES[random.nextInt(PIECES.length)]);
      }
      args.add(arg.toString());
    }
    List<String> argv = new ArrayList<>(List.of("printf", "%s\\0"));
    argv.addAll(args);
    byte[] output = run(Command.of(argv).toShell());
    assertThat(new String(output, StandardCharsets.UTF_8).split("\0", -1))
        .startsWith(args.toArray(String[]::new))
        .hasSize(args.size() + 1);
  }

  @Test
  void simple_words_are_not_quoted() {
    assertThat(Command.of("docker", "load", "--input=/tmp/a b").toShell())
        .isEqualTo("docker load '--input=/tmp/a b'");
  }

  /** fish reads a backslash between single quotes, POSIX shells do not: both stand outside. */
  @Test
  void quotes_and_backslashes_stand_outside_single_quotes() {
    assertThat(Command.quote("a'b\\c")).isEqualTo("'a'\\''b'\\\\'c'");
  }

  @Test
  void a_script_gets_its_arguments_as_parameters() throws Exception {
    Command script = Command.script("printf '%s|' \"$0\" \"$@\"", "one two", "$HOME");
    assertThat(run(script.toShell())).asString().isEqualTo("sh|one two|$HOME|");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "with space", "-", "-dash", "quo'te", "a\\b"})
  void a_command_can_run_in_a_directory_below_the_home(String name, @TempDir Path home)
      throws Exception {
    Path directory = Files.createDirectory(home.resolve(name));
    Command pwd = Command.of("pwd").in(name);
    assertThat(run(home, pwd.toShell())).asString().isEqualTo(directory.toRealPath() + "\n");
  }

  @Test
  void a_command_can_run_in_an_absolute_directory() throws Exception {
    assertThat(run(Command.of("pwd").in("/").toShell())).asString().isEqualTo("/\n");
  }

  @Test
  void a_missing_directory_fails_the_command() throws Exception {
    String line = Command.of("echo", "ran").in("/no/such/directory").toShell() + " 2>/dev/null";
    assertThat(run(line)).isEmpty();
  }

  @Test
  void a_derived_command_keeps_the_timeout() {
    Command command = Command.of("docker", "load").within(Duration.ofMinutes(30)).in("app");
    assertThat(command.timeout()).isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void a_command_needs_a_program_and_no_nul() {
    assertThatThrownBy(() -> Command.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Command.of("a\0b")).isInstanceOf(IllegalArgumentException.class);
  }

  private byte[] run(String script) throws IOException, InterruptedException {
    return run(Path.of("/"), script);
  }

  private byte[] run(Path directory, String script) throws IOException, InterruptedException {
    Process process =
        shell
            .process()
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Thread writer =
        new Thread(
            () -> {
              try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(script.getBytes(StandardCharsets.UTF_8));
              } catch (IOException e) {
                // The shell's output will show it.
              }
            });
    writer.start();
    byte[] output = process.getInputStream().readAllBytes();
    process.waitFor();
    return output;
  }
}
