package io.github.rpideploy.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.TestTar;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is left on the Pi when a stream ends in the middle, of layers or of a delta that is applied
 * there: what was there before.
 */
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

  /** Files before and after which a delta has new bytes. */
  private static final Map<String, String> OLD =
      Map.of(
          "app/more/a", TestText.noise("a", NOISE / 2),
          "app/more/z", TestText.noise("z", NOISE / 2));

  /** Every container of a proof or of an old release. */
  private static final String NOT_STARTED =
      "docker ps -aq --filter label=io.github.rpideploy.proof";

  /** How a layer is sent. */
  enum Sent {
    WHOLE,
    DELTA
  }

  @TempDir private static Path directory;

  private static Lab pi;
  private static TestService auth;
  private static Path compose;
  private static int number;

  private final List<Event> events = new ArrayList<>();
  private String live = "";

  @BeforeAll
  static void aServiceRuns() throws Exception {
    pi = Lab.up("interrupted");
    auth = new TestService("auth-server");
    compose = Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {})) {
      deployer(connection, new ArrayList<>()).deploy(List.of(candidate("live", OLD)));
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

  @ParameterizedTest
  @EnumSource
  void a_connection_that_is_cut_fails_at_once(Sent sent) throws Exception {
    Candidate candidate = large("cut", sent);
    // Not by missing signs of life, which would be looked for much later.
    SshRequest settings = pi.settings().withKeepAlive(Duration.ofMinutes(10));
    CompletableFuture<Void> ship = shipSlowly(candidate, settings);
    assertThat(pi.asRoot(NOT_STARTED).isEmpty()).isEqualTo(sent == Sent.WHOLE);
    pi.cut();

    assertLost(ship);
    pi.link("none");
    assertNothingIsLeft(candidate, sent);
  }

  @Test
  void a_link_that_goes_silent_is_noticed_by_missing_signs_of_life() throws Exception {
    SshRequest settings = pi.settings();
    Candidate candidate = large("silent", Sent.DELTA);
    CompletableFuture<Void> ship =
        shipSlowly(candidate, settings.withKeepAlive(Duration.ofSeconds(2)));
    pi.cut("--hold");

    assertLost(ship);
    pi.link("none");
    assertNothingIsLeft(candidate, Sent.DELTA);
  }

  /** It stops what runs: that is not of our doing. What failed is sent again by the same deploy. */
  @ParameterizedTest
  @EnumSource
  void an_Engine_that_is_started_again_leaves_no_half_image(Sent sent) throws Exception {
    Candidate candidate = large("engine", sent);
    CompletableFuture<Void> ship = shipSlowly(candidate, pi.settings());
    assertThat(pi.asRoot(NOT_STARTED).isEmpty()).isEqualTo(sent == Sent.WHOLE);
    // One that is told to end takes what is still coming.
    pi.asRoot("pkill -KILL -x dockerd");
    Lab.await(
        "docker load has ended", () -> pi.asRoot("pgrep -f '^[^ ]*docker load' || true").isEmpty());
    pi.link("none");
    Throwable failure = catchThrowable(() -> ship.get(3, TimeUnit.MINUTES));

    if (failure == null) {
      assertThat(events).anyMatch(Event.Warning.class::isInstance);
    } else {
      assertThat(failure.getCause()).isInstanceOf(DeployException.class);
    }
    Lab.await(
        "the Engine is back",
        () -> pi.asRoot("docker ps -q >/dev/null && echo up || true").equals("up"));
    Lab.await("no old release is read", () -> pi.asRoot(NOT_STARTED).isEmpty());
    pi.ssh("docker start $(docker ps -aq --filter label=com.docker.compose.project)");
    String started = live();
    assertThat(withoutTimes(started)).isEqualTo(withoutTimes(live));
    live = started;
    // The Engine was back soon enough.
    if (failure == null) {
      pi.ssh("docker image rm " + tag(candidate));
    }
    assertNothingIsLeft(candidate, sent);
  }

  private static String withoutTimes(String live) {
    return live.replaceAll(" \\d{4}-.*", "");
  }

  @ParameterizedTest
  @CsvSource({"INT, WHOLE", "TERM, DELTA", "KILL, DELTA"})
  void a_Maven_that_is_told_to_stop_leaves_the_Pi_as_it_was(String signal, Sent sent)
      throws Exception {
    Candidate candidate = large(signal, sent);
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
    assertNothingIsLeft(candidate, sent);
  }

  /** What is sent is new each time, so that much has to be sent; half of a delta is there. */
  private Candidate large(String version, Sent sent) {
    Map<String, String> files = new TreeMap<>(sent == Sent.DELTA ? OLD : Map.of());
    files.put("app/more/new", TestText.noise(version + sent, NOISE));
    return candidate(version + sent, files);
  }

  private static Candidate candidate(String version, Map<String, String> files) {
    Map<String, TestTar.Entry> entries = new TreeMap<>();
    files.forEach((name, text) -> entries.put(name, TestTar.file(text.getBytes(UTF_8))));
    return auth.candidate(
        auth.image(version)
            .layer(TestTar.write(entries), Compression.GZIP)
            .writeDocker(directory.resolve(version + "-" + number++ + ".tar")));
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

  private void assertNothingIsLeft(Candidate candidate, Sent sent) throws Exception {
    String tag = tag(candidate);
    Lab.await(
        "docker load has ended", () -> pi.asRoot("pgrep -f '[l]oad --quiet' || true").isEmpty());
    Lab.await("no old release is read", () -> pi.asRoot(NOT_STARTED).isEmpty());
    assertThat(pi.asRoot("pgrep -f '[d]ocker cp' || true")).isEmpty();
    Lab.await("no load is noted", () -> pi.ssh("ls -A ~/.cache/rpi-deploy/loading").isEmpty());
    Lab.await("dockerd has tidied its tmp", () -> pi.asRoot("ls /var/lib/docker/tmp").isEmpty());
    assertThat(pi.ssh("docker image ls -q " + tag)).isEmpty();
    assertThat(live()).isEqualTo(live);
    assertThat(pi.ssh("ls -A /dev/shm /run/user/$(id -u) 2>/dev/null | grep rpi-deploy || true"))
        .isEmpty();

    events.clear();
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {})) {
      Deployer deployer = deployer(connection, events);
      deployer.plan(List.of(candidate));
      deployer.ship(List.of(candidate));
    }
    assertThat(events).noneMatch(Event.Warning.class::isInstance);
    assertThat(events)
        .filteredOn(Event.Planned.class::isInstance)
        .singleElement()
        .satisfies(
            planned ->
                assertThat(((Event.Planned) planned).layers())
                    .filteredOn(layer -> layer.sent() && layer.bytes() > MIDDLE)
                    .singleElement()
                    .satisfies(
                        layer ->
                            assertThat(layer.deltaOf().isEmpty()).isEqualTo(sent == Sent.WHOLE)));
    assertThat(
            pi.ssh(
                "docker run --rm --platform linux/arm64 "
                    + tag
                    + " cat "
                    + TestService.VERSION_FILE))
        .isNotEmpty();
  }

  private static String tag(Candidate candidate) {
    return candidate.tarball().releaseTag(candidate.tarball().tag()).familiar();
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
