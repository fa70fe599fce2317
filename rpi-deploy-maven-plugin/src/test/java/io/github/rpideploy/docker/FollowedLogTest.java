package io.github.rpideploy.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.remote.InEveryShell;
import io.github.rpideploy.remote.PosixShell;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@InEveryShell
class FollowedLogTest {

  private final PosixShell shell;

  @TempDir private Path home;

  FollowedLogTest(PosixShell shell) {
    this.shell = shell;
  }

  private Process follow(String script) throws IOException {
    Path docker = home.resolve("docker");
    Files.writeString(docker, "#!/bin/sh\n" + script);
    assertThat(docker.toFile().setExecutable(true)).isTrue();
    String line =
        FollowedLog.command(DockerCommand.of("", docker.toString()), "logs", "--follow", "c 1")
            .toShell();
    return shell.process("-c", line).start();
  }

  @Test
  void it_ends_when_the_log_ends_although_its_input_does_not() throws Exception {
    Process process = follow("echo \"$# $3\"; echo error >&2; exit 3\n");
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(said).isEqualTo("3 c 1\nerror\n");
    assertThat(process.waitFor()).isEqualTo(3);
  }

  @Test
  void it_ends_with_its_input_also_when_nothing_is_logged() throws Exception {
    Process process = follow("echo $$; exec sleep 600\n");
    BufferedReader said = process.inputReader(UTF_8);
    long docker = Long.parseLong(said.readLine());
    assertThat(ProcessHandle.of(docker)).isPresent();

    process.getOutputStream().close();

    assertThat(said.readLine()).isNull();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(ProcessHandle.of(docker).filter(ProcessHandle::isAlive)).isEmpty();
  }
}
