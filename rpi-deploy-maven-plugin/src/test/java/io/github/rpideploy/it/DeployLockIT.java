package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Several real Mavens deploy to one directory of one Pi at the same time. */
class DeployLockIT {

  /** A smoke test that nobody answers: such a deploy goes on until somebody ends it. */
  private static final String[] ENDLESS = {
    "-Drpi.smokePath=/", "-Drpi.smokePort=1", "-Drpi.timeout=2h", "-Drpi.force"
  };

  @TempDir private Path directory;

  private Lab pi;
  private UsersMaven maven;

  @BeforeEach
  void setUp() throws Exception {
    pi = Lab.up("lock");
    Path tarball = new TestService("auth-server").tarball(directory, "one");
    Path compose = Files.writeString(directory.resolve("compose.yaml"), TestService.COMPOSE);
    maven =
        new UsersMaven(
            pi,
            directory.resolve("project"),
            "auth-server",
            List.of(
                "-Drpi.imageTar=" + tarball,
                "-Drpi.composeFile=" + compose,
                "-Drpi.directory=rpi/lock",
                "-Drpi.layerCache=" + directory.resolve("layers")));
  }

  @AfterEach
  void takeDown() throws Exception {
    pi.down();
  }

  @Test
  void one_at_a_time_and_a_holder_that_dies_leaves_nothing_locked() throws Exception {
    Process first = holder("first");
    try {
      Path second = directory.resolve("second.log");
      assertThat(end(maven.start(second, "deploy"))).isNotZero();
      assertThat(Files.readString(second))
          .contains("Another deploy to rpi/lock on pi@127.0.0.1")
          .contains(System.getProperty("user.name") + "@")
          .contains(", process " + first.pid() + ", since ")
          .contains("-Drpi.lockTimeout=")
          .doesNotContain("sending");

      Path third = directory.resolve("third.log");
      Process patient = maven.start(third, "deploy", "-Drpi.lockTimeout=30m");
      await(patient, third, "waiting at most");
      assertThat(patient.isAlive()).isTrue();
      new ProcessBuilder("kill", "-KILL", String.valueOf(first.pid())).start().waitFor();

      assertThat(end(patient)).as(Files.readString(third)).isZero();
    } finally {
      first.destroyForcibly();
    }

    Process fourth = holder("fourth");
    try {
      // For good: it would come back otherwise.
      pi.cut("--hold");
      pi.cut();
      Lab.await("the lock is free", this::isFree);
      assertThat(end(fourth)).isNotZero();
    } finally {
      fourth.destroyForcibly();
    }
  }

  private boolean isFree() throws Exception {
    return pi.asRoot("flock -n ~pi/rpi/lock/.rpi/lock echo free || true").equals("free");
  }

  private Process holder(String name) throws Exception {
    Path log = directory.resolve(name + ".log");
    Process process = maven.start(log, "deploy", ENDLESS);
    await(process, log, "auth-server  verifying");
    assertThat(isFree()).isFalse();
    return process;
  }

  private static void await(Process process, Path log, String line) throws Exception {
    Lab.await(
        line + " in " + log, () -> Files.readString(log).contains(line) || !process.isAlive());
    assertThat(Files.readString(log)).contains(line);
  }

  private static int end(Process process) throws Exception {
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }
}
