package io.github.rpideploy.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.remote.InEveryShell;
import io.github.rpideploy.remote.PosixShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A command in a container, with a docker that runs it here, in each shell. A limit of one second
 * takes one second.
 */
@Timeout(60)
@InEveryShell
class InContainerTest {

  /** In the environment of all that a test starts. */
  private static final String MARK = "RPI_IN_CONTAINER_TEST";

  private final PosixShell shell;

  @TempDir private Path home;

  InContainerTest(PosixShell shell) {
    this.shell = shell;
  }

  private record Ended(int status, List<String> said) {}

  private Ended execute(String commandLine, int seconds) throws Exception {
    return execute(shell.process("-c", line(commandLine, seconds)));
  }

  /**
   * The client is a process of its own, as docker's is: what it runs survives it. What that prints
   * is in a file, so that a survivor does not hold the test's pipe open.
   */
  private String line(String commandLine, int seconds) throws IOException {
    Path docker = home.resolve("docker");
    if (Files.notExists(docker)) {
      Files.writeString(
          docker,
          """
          #!/bin/sh
          [ "$1 $2" = "exec c1" ] || exit 9
          shift 2
          "$@" >%1$s 2>&1 &
          wait $!
          status=$?
          while read -r said; do echo "$said"; done <%1$s
          exit $status
          """
              .formatted(home.resolve("said")));
      assertThat(docker.toFile().setExecutable(true)).isTrue();
    }
    return Containers.execution(
            DockerCommand.of("", docker.toString()), "c1", commandLine, Duration.ofSeconds(seconds))
        .toShell();
  }

  private Ended execute(ProcessBuilder builder) throws Exception {
    builder.environment().put(MARK, home.toString());
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    List<String> said = process.inputReader(UTF_8).lines().toList();
    return new Ended(process.waitFor(), said);
  }

  @Test
  void what_it_prints_and_its_status_are_those_of_the_command() throws Exception {
    assertThat(execute("echo \"it's\"; echo no >&2; exit 3", 30))
        .isEqualTo(new Ended(3, List.of("it's", "no")));
    assertThat(execute("true", 30)).isEqualTo(new Ended(0, List.of()));
    assertThat(execute("exec 2>/dev/null; kill -KILL $$", 30).status()).isEqualTo(137);
  }

  @Test
  void what_hangs_is_ended_in_the_container_with_all_that_it_has_started() throws Exception {
    Ended late =
        execute("echo $$; sh -c 'trap \"\" TERM; echo $$; sleep 61; :' & sleep 61 | cat", 1);

    List<String> processes = Files.readAllLines(home.resolve("said"));
    assertThat(processes).hasSize(2);
    assertThat(survivors()).isEmpty();
    assertThat(late).isEqualTo(new Ended(124, processes));
  }

  @Test
  void a_command_that_ends_in_time_leaves_nothing() throws Exception {
    assertThat(execute("true", 63).status()).isZero();
    assertThat(survivors()).isEmpty();
  }

  @Test
  void where_there_is_no_sleep_the_command_runs_all_the_same() throws Exception {
    Path bare = Files.createDirectory(home.resolve("bare"));
    shell.in(bare);
    Files.createSymbolicLink(bare.resolve("timeout"), Path.of("/usr/bin/timeout"));
    ProcessBuilder builder = shell.process("-c", line("echo hi; exit 3", 30));
    builder.environment().put("PATH", bare.toString());

    assertThat(execute(builder)).isEqualTo(new Ended(3, List.of("hi")));
  }

  /**
   * What this test has started and still runs. The kernel takes a moment to end what was killed;
   * what was not killed runs for a minute.
   */
  private List<Long> survivors() {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    List<Long> found = marked();
    while (!found.isEmpty() && System.nanoTime() < end) {
      Thread.onSpinWait();
      found = marked();
    }
    return found;
  }

  private List<Long> marked() {
    return ProcessHandle.allProcesses().map(ProcessHandle::pid).filter(this::isMarked).toList();
  }

  private boolean isMarked(long process) {
    try {
      Path environment = Path.of("/proc", String.valueOf(process), "environ");
      return new String(Files.readAllBytes(environment), ISO_8859_1).contains(MARK + "=" + home);
    } catch (IOException gone) {
      return false;
    }
  }
}
