package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.image.TestText;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.it.lab.UsersMaven;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.SshConnection;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left on the Pi when a stream ends in the middle: what was there before. */
class InterruptedShipIT {

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          platform: linux/arm64
          init: true
      """;

  /** Slow enough for the stream to be interrupted on the slowest machine: it takes two minutes. */
  private static final String[] SLOW = {"500kbit", "20ms"};

  private static final long MIDDLE = 300_000;

  /**
   * What is sent, about 7 MB. It has to be much more than sshd takes ahead, 2 MB: of a smaller
   * stream all bytes are on their way when it is "interrupted", and arrive.
   */
  private static final int NOISE = 9_000_000;

  @TempDir private static Path directory;

  private static Lab pi;
  private static TestService auth;
  private static Path compose;

  private final List<Event> events = new ArrayList<>();
  private String live = "";
  private int number;

  @BeforeAll
  static void aServiceRuns() throws Exception {
    pi = Lab.up("interrupted");
    auth = new TestService("auth-server");
    compose = Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {})) {
      deployer(connection, new ArrayList<>()).deploy(List.of(auth.candidate(directory, "live")));
    }
  }

  @AfterAll
  static void takeDown() throws Exception {
    pi.down();
  }

  @BeforeEach
  void look() throws Exception {
    pi.link("none");
    live = live();
  }

  @Test
  void a_connection_that_is_cut_fails_at_once() throws Exception {
    Candidate candidate = large("cut");
    // Not by missing signs of life, which would be looked for much later.
    SshRequest settings = pi.settings().withKeepAlive(Duration.ofMinutes(10));
    CompletableFuture<Void> ship = shipSlowly(candidate, settings);
    pi.cut();

    assertLost(ship);
    pi.link("none");
    assertNothingIsLeft(candidate);
  }

  @Test
  void a_link_that_goes_silent_is_noticed_by_missing_signs_of_life() throws Exception {
    SshRequest settings = pi.settings();
    Candidate candidate = large("silent");
    CompletableFuture<Void> ship =
        shipSlowly(candidate, settings.withKeepAlive(Duration.ofSeconds(2)));
    pi.cut("--hold");

    assertLost(ship);
    pi.link("none");
    assertNothingIsLeft(candidate);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void a_Maven_that_is_told_to_stop_leaves_the_Pi_as_it_was(String signal) throws Exception {
    Candidate candidate = large(signal);
    pi.link(SLOW);
    long before = pi.bytesUp();
    Path log = directory.resolve(signal + ".log");
    Process maven = maven(candidate.spec().imageTar(), log);
    try {
      Lab.await(
          "Maven sends, its log: " + log, () -> pi.bytesUp() - before > MIDDLE || !maven.isAlive());
      assertThat(maven.isAlive()).as(Files.readString(log)).isTrue();
      new ProcessBuilder("kill", "-" + signal, String.valueOf(maven.pid())).start().waitFor();
      assertThat(maven.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      maven.destroyForcibly();
    }
    assertThat(maven.exitValue()).isNotZero();
    pi.link("none");
    assertNothingIsLeft(candidate);
  }

  /** What is sent is new each time, so that much has to be sent. */
  private Candidate large(String version) {
    Path tarball =
        auth.image(version)
            .layer(
                TestImages.layerTar("app/more", TestText.noise(version, NOISE)), Compression.GZIP)
            .writeDocker(directory.resolve(version + "-" + number++ + ".tar"));
    return auth.candidate(tarball);
  }

  private CompletableFuture<Void> shipSlowly(Candidate candidate, SshRequest settings)
      throws Exception {
    pi.link(SLOW);
    long before = pi.bytesUp();
    CompletableFuture<Void> ship =
        CompletableFuture.runAsync(
            () -> {
              try (SshConnection connection = SshConnection.open(settings, event -> {})) {
                deployer(connection, events).ship(List.of(candidate));
              }
            });
    Lab.await("the stream is in the middle", () -> pi.bytesUp() - before > MIDDLE || ship.isDone());
    assertThat(ship).isNotDone();
    return ship;
  }

  private static void assertLost(CompletableFuture<Void> ship) {
    assertThatThrownBy(() -> ship.get(2, TimeUnit.MINUTES))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(DeployException.class)
        .cause()
        .hasMessageContaining("pi@127.0.0.1")
        .hasMessageContaining("lost");
  }

  private void assertNothingIsLeft(Candidate candidate) throws Exception {
    String tag = candidate.tarball().releaseTag(candidate.tarball().tag()).familiar();
    Lab.await(
        "docker load has ended", () -> pi.asRoot("pgrep -f '[l]oad --quiet' || true").isEmpty());
    Lab.await("dockerd has tidied its tmp", () -> pi.asRoot("ls /var/lib/docker/tmp").isEmpty());
    assertThat(pi.ssh("docker image ls -q " + tag)).isEmpty();
    assertThat(live()).isEqualTo(live);
    assertThat(pi.ssh("ls -A /dev/shm /run/user/$(id -u) 2>/dev/null | grep rpi-deploy || true"))
        .isEmpty();

    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {})) {
      deployer(connection, events).ship(List.of(candidate));
    }
    assertThat(
            pi.ssh(
                "docker run --rm --platform linux/arm64 "
                    + tag
                    + " cat "
                    + TestService.VERSION_FILE))
        .isNotEmpty();
  }

  private static Deployer deployer(SshConnection connection, List<Event> events) {
    return Deployers.connect(
        connection,
        new Stack("rpi/interrupted", compose),
        events::add,
        InstantSource.system(),
        Pause.SLEEP);
  }

  private static String live() throws Exception {
    return pi.ssh(
        "docker image inspect -f '{{.Id}}' auth-server:latest; docker inspect -f '{{.Id}}"
            + " {{.State.Status}} {{.State.StartedAt}}' $(docker ps -aq)");
  }

  /** A user's Maven that ships the tarball. */
  private static Process maven(Path tarball, Path log) throws Exception {
    return new UsersMaven(
            pi,
            directory.resolve("project"),
            "auth-server",
            List.of(
                "-Drpi.imageTar=" + tarball,
                "-Drpi.composeFile=" + compose,
                "-Drpi.directory=rpi/interrupted",
                "-Drpi.layerCache=" + directory.resolve("layers")))
        .start(log, "ship");
  }
}
