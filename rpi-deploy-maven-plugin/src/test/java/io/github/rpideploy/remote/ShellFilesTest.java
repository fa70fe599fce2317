package io.github.rpideploy.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every shell file of this checkout is clean for shellcheck. {@code lab/lint}, which the build runs
 * before the tests, installs what is missing where it can; a machine where it cannot says so.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ShellFilesTest {

  private static final Path LINT = Path.of("../lab/lint");
  private static final String NOT_CHECKED = "not fully checked here";

  private record Linted(int status, String said) {}

  @Test
  void every_shell_file_is_clean() throws Exception {
    Linted all = lint();

    assertThat(all.status()).as(all.said()).isZero();
    assumeThat(all.said()).doesNotContain(NOT_CHECKED);
    assertThat(all.said()).containsPattern("[0-9]{2} shell files are clean");
  }

  @Test
  void the_scripts_of_the_Pi_run_in_every_shell() throws Exception {
    assumeThat(lint("--tools").said()).doesNotContain(NOT_CHECKED);

    assertThat(PosixShell.values()).allMatch(PosixShell::isHere);
  }

  /** The test can fail: in a script, and in one that stands in another only. */
  @Test
  void a_finding_is_found(@TempDir Path checkout) throws Exception {
    assumeThat(lint("--tools").said()).doesNotContain(NOT_CHECKED);
    Path room = Files.createDirectories(checkout.resolve("src/main/resources/room"));
    Files.writeString(room.resolve("main.sh"), "# Says it.\nset -u\nword=$1\n. ./part.sh\nsay\n");
    Files.writeString(room.resolve("part.sh"), "say() { echo \"$word\"; }\n");
    assertThat(lint(checkout.toString()).status()).isZero();

    Files.writeString(room.resolve("part.sh"), "say() { echo $word; }\n");
    assertThat(lint(checkout.toString()))
        .returns(1, Linted::status)
        .extracting(Linted::said)
        .asString()
        .contains("part.sh", "SC2086");

    Files.writeString(room.resolve("part.sh"), "say() { echo \"$word\"; }\n");
    Files.writeString(checkout.resolve("run"), "#!/bin/bash\necho $1\n");
    assertThat(lint(checkout.toString()).status()).isEqualTo(1);
  }

  private static Linted lint(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("bash", LINT.toString());
    builder.command().addAll(List.of(arguments));
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Linted(process.waitFor(), said);
  }
}
