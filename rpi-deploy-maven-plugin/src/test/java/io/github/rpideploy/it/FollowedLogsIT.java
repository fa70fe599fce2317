package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.it.lab.UsersMaven;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mvn rpi:logs -Drpi.follow} beside a real Engine, until somebody ends it. */
class FollowedLogsIT {

  @TempDir private Path directory;

  private Lab pi;
  private UsersMaven maven;

  @BeforeEach
  void setUp() throws Exception {
    pi = Lab.up("logs");
    Path tarball =
        new TestService("auth-server")
            .image("one")
            .config(FollowedLogsIT::speaks)
            .writeDocker(directory.resolve("image.tar"));
    Path compose = Files.writeString(directory.resolve("compose.yaml"), TestService.COMPOSE);
    maven =
        new UsersMaven(
            pi,
            directory.resolve("project"),
            "auth-server",
            List.of(
                "-Drpi.imageTar=" + tarball,
                "-Drpi.composeFile=" + compose,
                "-Drpi.directory=rpi/logs",
                "-Drpi.layerCache=" + directory.resolve("layers")));
    assertThat(end(maven.start(directory.resolve("deploy.log"), "deploy"))).isZero();
  }

  @AfterEach
  void takeDown() throws Exception {
    pi.down();
  }

  /** Once by Ctrl-C, once when Maven can do nothing any more, once by the end of the container. */
  @Test
  void lines_come_as_they_are_logged_and_nothing_stays_on_the_Pi_when_it_ends() throws Exception {
    for (String signal : List.of("INT", "KILL")) {
      Process following = follow(signal);
      Lab.run(List.of("kill", "-" + signal, "" + following.pid()));
      assertThat(end(following)).as(signal).isNotZero();
      Lab.await("nobody follows on the Pi after " + signal, () -> followers().isEmpty());
    }

    Process following = follow("removal");
    pi.ssh("docker rm --force $(docker ps -q)");
    assertThat(end(following)).isZero();
    assertThat(followers()).isEmpty();
  }

  /** Nothing is logged any more when it returns: an end must be noticed without that. */
  private Process follow(String name) throws Exception {
    Path log = directory.resolve(name + ".log");
    Process process = maven.start(log, "logs", "-Drpi.follow", "-Drpi.tail=1");
    for (String line : List.of("first for " + name, "second for " + name)) {
      pi.ssh("docker exec $(docker ps -q) sh -c 'echo " + line + " > /proc/1/fd/1'");
      Lab.await(
          line + " in " + log,
          () -> Files.readString(log).contains("auth-server | " + line) || !process.isAlive());
      assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
    }
    assertThat(followers()).isNotEmpty();
    return process;
  }

  /** The processes of the Pi that have to do with it; the pattern does not find its own shell. */
  private String followers() throws Exception {
    return pi.asRoot("pgrep -fa '[d]ocker.*logs' || true");
  }

  private static int end(Process process) throws Exception {
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  private static void speaks(JsonObject config) {
    JsonArray command = new JsonArray();
    List.of("sh", "-c", "echo started; while :; do sleep 1; done").forEach(command::add);
    config.getAsJsonObject("config").add("Cmd", command);
  }
}
