package io.github.rpideploy.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link Command#toShell} quotes, read back by each shell that people log in with. */
@Timeout(300)
class LoginShellsIT {

  private static final int PROCESSES = 8;
  private static final int STRINGS = 500;

  private static final String[] PIECES = {
    "'",
    "\"",
    "\\",
    "`",
    "`touch canary`",
    "$(touch canary)",
    "(touch canary)",
    ";touch canary;",
    "\ntouch canary\n",
    "${HOME}",
    "$HOME",
    "$$",
    "!",
    "!!",
    "~",
    "*",
    "?",
    "[a]",
    "{a,b}",
    " ",
    "\n",
    "\t",
    "\r",
    ";",
    "&",
    "|",
    "<",
    ">",
    "#",
    "(",
    ")",
    "=",
    "=ls",
    "%",
    "%self",
    "^",
    "a",
    "-",
    "--",
    "-n",
    "/",
    "é",
    "€",
    "😀",
    "\u0001",
    "\u001b",
    "\u007f",
    "\u0085",
    "\u2028",
    "''",
    "\\'",
    "\\\\",
    "\\n",
    "\\x41",
    "\\"
  };

  /** As sshd does: the whole line is the one argument after {@code -c}. */
  @ParameterizedTest
  @CsvSource({
    "sh, C.UTF-8",
    "bash, C.UTF-8",
    "dash, C.UTF-8",
    "zsh, C.UTF-8",
    "fish, C.UTF-8",
    "tcsh, C.UTF-8",
    "bsd-csh, C.UTF-8",
    "sh, C",
    "bash, C",
    "dash, C",
    "zsh, C",
    "fish, C",
    "tcsh, C",
    "bsd-csh, C"
  })
  void every_argument_arrives_unchanged(String shell, String locale, @TempDir Path home)
      throws Exception {
    long seed = 20261125;
    Random random = new Random(seed);
    for (int process = 0; process < PROCESSES; process++) {
      List<String> args = strings(random);
      List<String> argv = new ArrayList<>(List.of("env", "printf", "%s\\0"));
      argv.addAll(args);
      assertThat(run(shell, locale, home, Command.of(argv).toShell()))
          .as("%s in locale %s, process %d of seed %d", shell, locale, process, seed)
          .containsExactlyElementsOf(args);
    }
    assertThat(home.resolve("canary")).doesNotExist();
  }

  private static List<String> strings(Random random) {
    List<String> strings =
        new ArrayList<>(List.of("", "-", "--", "-n", "--help", "~", "=ls", "\n"));
    while (strings.size() < STRINGS) {
      StringBuilder string = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        string.append(PIECES[random.nextInt(PIECES.length)]);
      }
      strings.add(string.toString());
    }
    return strings;
  }

  /** The line comes from a file: this JVM's locale may be unable to encode it as an argument. */
  private static List<String> run(String shell, String locale, Path home, String line)
      throws Exception {
    Path file = Files.writeString(home.resolve("line"), line);
    Path out = home.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", "exec \"$1\" -c \"$(cat line)\"", "bash", shell)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("LC_ALL", locale);
    builder.environment().put("HOME", home.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    int exit = process.waitFor();
    String output = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(exit).as("%s: %s", shell, output).isZero();
    Files.delete(file);
    return List.of(output.substring(0, output.length() - 1).split("\0", -1));
  }
}
