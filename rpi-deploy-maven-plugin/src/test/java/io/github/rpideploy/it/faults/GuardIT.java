package io.github.rpideploy.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.it.lab.UsersMaven;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever ends a deploy, and whenever: without anybody's help each service runs a release that was
 * verified. Takes long because each of the moments is a whole deploy by a real Maven; {@code
 * -Dguard.moments=10} takes ten for each fault, as every night.
 */
class GuardIT {

  private static final int MOMENTS = Integer.getInteger("guard.moments", 4);

  private static final List<String> SERVICES = List.of("auth-server", "extension-server");

  /** They do not end when they are told to, so that compose stops each for a second. */
  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          platform: linux/arm64
          stop_grace_period: 1s
        extension-server:
          image: extension-server
          platform: linux/arm64
          stop_grace_period: 1s
      """;

  private static final String RUNS = "trap '' TERM; while :; do sleep 60; done";

  /** What ends a deploy. */
  enum Fault {
    KILL,
    INT,
    /** Cut for so long that Maven gives up. */
    CUT_LINK
  }

  /** A service as the Pi has it: its container, its image, its state. */
  private record Runs(String service, String container, String image, String state) {}

  @TempDir private static Path directory;

  private static Lab pi;
  private static Path project;
  private static UsersMaven maven;
  private static Duration live = Duration.ZERO;
  private static int version;
  private static int faults;
  private static int allTakenBack;

  @BeforeAll
  static void twoServicesRun() throws Exception {
    pi = Lab.up("guard");
    project = directory.resolve("project");
    Path compose = Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
    maven =
        UsersMaven.reactor(
            pi,
            project,
            SERVICES,
            List.of(
                "-Drpi.composeFile=" + compose,
                "-Drpi.directory=rpi/guard",
                "-Drpi.layerCache=" + directory.resolve("layers")));
    succeed();
    // The second is as all that follow: something is stopped.
    Path log = start();
    awaitLive(log);
    long begin = System.nanoTime();
    awaitSuccess(log);
    live = Duration.ofNanos(System.nanoTime() - begin);
  }

  @AfterAll
  static void takeDown() throws Exception {
    pi.down();
    if (faults == Fault.values().length) {
      assertThat(allTakenBack).as("some moments are between two releases").isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  void at_random_moments(Fault fault) throws Exception {
    long seed = Long.getLong("guard.seed", new Random().nextInt(1_000_000));
    System.out.println("GuardIT " + fault + ": -Dguard.seed=" + seed + ", live " + live);
    Random random = new Random(seed);
    int before = takenBack();
    long slowest = 0;
    for (int i = 0; i < MOMENTS; i++) {
      List<Runs> old = services();
      // Of each part of the time in which something is live, one moment.
      Duration moment = live.multipliedBy(random.nextInt(100) + 100L * i).dividedBy(100L * MOMENTS);
      Path log = start("-Drpi.confirmTimeout=1", "-Drpi.connectTimeout=2");
      awaitLive(log);
      Thread.sleep(moment.toMillis());
      long begin = System.nanoTime();
      end(fault);
      awaitVerified(fault + " after " + moment + ", " + log, old, log);
      slowest = Math.max(slowest, (System.nanoTime() - begin) / 1_000_000);
    }
    int back = takenBack() - before;
    System.out.println(
        "GuardIT %s: %d of %d deploys taken back, the slowest %d ms after its end"
            .formatted(fault, back, MOMENTS, slowest));
    faults++;
    allTakenBack += back;
    succeed();
  }

  @Test
  void Ctrl_C_says_what_becomes_of_the_service() throws Exception {
    List<Runs> old = services();
    Path log = startAndReplace();

    end(Fault.INT);

    assertThat(Files.readString(log))
        .containsPattern(
            "\\[WARNING\\] Interrupted. auth-server was recreated and not verified. The Pi lets it go"
                + " back to auth-server:rpi-\\w+ by itself\n"
                + ".*Shipped and not recreated: extension-server\n"
                + ".*See what runs: mvn rpi:status. Deploy again to go on; what the Pi has is not"
                + " sent again")
        .doesNotContain("BUILD SUCCESS");
    awaitVerified("Ctrl-C, " + log, old, log);
  }

  @Test
  void a_link_that_is_cut_for_a_while_costs_nothing_but_the_while() throws Exception {
    Path log = startAndReplace();
    gone();
    Thread.sleep(5_000);
    pi.link("none");

    assertThat(running().waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(Files.readString(log))
        .contains("was lost while", "Connected again: going on with auth-server")
        .contains("auth-server  verified", "extension-server  verified", "BUILD SUCCESS");
    assertThat(flaws(services(), log)).isEmpty();
  }

  private static void gone() throws Exception {
    pi.cut("--hold");
    pi.cut();
  }

  /** As on a laptop that is closed, and opened again after the Pi has given up waiting. */
  @Test
  void a_deploy_that_was_suspended_is_taken_back_and_learns_of_it() throws Exception {
    List<Runs> old = services();
    Path log = startAndReplace();
    signal("STOP");

    awaitVerified("suspended, " + log, old, log);
    signal("CONT");
    assertThat(running().waitFor(5, TimeUnit.MINUTES)).isTrue();

    assertThat(running().exitValue()).as(Files.readString(log)).isOne();
    assertThat(Files.readString(log)).contains("The Pi lets it go back to ", " by itself");
    assertThat(flaws(services(), log)).isEmpty();
    succeed();
  }

  @Test
  void when_the_guard_is_killed_too_the_next_deploy_goes_back_first() throws Exception {
    List<Runs> old = services();
    Path log = interruptedWithoutGuard();
    // The checks of the other tests see it: they would fail without the guard.
    assertThat(flaws(old, log)).isNotEmpty();

    Path next = start("-Drpi.lockTimeout=1m");
    awaitSuccess(next);
    assertThat(Files.readString(next))
        .contains("ended before auth-server was verified: going back first")
        .contains("auth-server is back on its last verified release");
    assertThat(pi.ssh("tail -n 2 rpi/guard/.rpi/history.jsonl | head -n 1"))
        .contains("\"outcome\":\"rolled-back\"", "\"reason\":\"not confirmed\"", "\"when\":\"20");
    assertThat(flaws(services(), next)).isEmpty();
  }

  /** Maven and the guard are killed while compose stops the old container of auth-server. */
  private static Path interruptedWithoutGuard() throws Exception {
    Path log = startAndReplace();
    pi.asRoot("pkill -KILL -f '^sh -c .*[r]pi-lock mine' || pkill -KILL -f '[r]pi-lock mine'");
    end(Fault.KILL);
    Lab.await("compose has ended", () -> pi.asRoot("pgrep -f 'compose [u]p' || true").isEmpty());
    return log;
  }

  private static @Nullable Process running;

  /** The deploy that was started last. */
  private static Process running() {
    return Objects.requireNonNull(running);
  }

  /** Starts a deploy of two new releases. */
  private static Path start(String... options) throws Exception {
    version++;
    for (String service : SERVICES) {
      Path tarball =
          new TestService(service)
              .smallTarball(directory, "v" + version, ": v" + version + "; " + RUNS);
      Files.move(
          tarball,
          project.resolve(service).resolve("target/jib-image.tar"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    Path log = directory.resolve("v" + version + ".log");
    running = maven.start(log, "deploy", options);
    return log;
  }

  /** The same, up to where auth-server is being replaced. */
  private static Path startAndReplace() throws Exception {
    Path log = start();
    awaitLive(log);
    Lab.await(
        "the way back is known",
        () -> pi.ssh("ls rpi/guard/.rpi/intents 2>/dev/null || true").contains("auth-server"));
    return log;
  }

  private static void succeed() throws Exception {
    awaitSuccess(start());
  }

  private static void awaitSuccess(Path log) throws Exception {
    assertThat(running().waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(running().exitValue()).as(Files.readString(log)).isZero();
  }

  private static void awaitLive(Path log) throws Exception {
    Lab.await(
        "everything is sent, " + log,
        () -> Files.readString(log).contains("extension-server  sent") || !running().isAlive());
    assertThat(Files.readString(log)).contains("extension-server  sent");
  }

  private static void end(Fault fault) throws Exception {
    if (fault == Fault.CUT_LINK) {
      gone();
    } else {
      signal(fault.name());
    }
    assertThat(running().waitFor(5, TimeUnit.MINUTES)).isTrue();
    pi.link("none");
  }

  private static void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, String.valueOf(running().pid())).start().waitFor();
  }

  private static void awaitVerified(String what, List<Runs> old, Path log) throws Exception {
    try {
      Lab.awaitNoFlaws(what, () -> flaws(old, log));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + Files.readString(log), e);
    }
  }

  /** What is not as it should be after a deploy. */
  private static List<String> flaws(List<Runs> old, Path log) throws Exception {
    String output = Files.readString(log);
    List<String> flaws = new ArrayList<>();
    // Asked at once: each question takes a fraction of a second.
    String[] all = pi.asRoot(SERVICES_NOW + "; echo --; " + LEFT).split("--\n?", -1);
    List<Runs> now = services(all[0]);
    for (String service : SERVICES) {
      List<Runs> mine = now.stream().filter(one -> one.service().equals(service)).toList();
      boolean verified = output.contains(service + "  verified");
      String before =
          old.stream()
              .filter(one -> one.service().equals(service))
              .findFirst()
              .orElseThrow()
              .image();
      if (mine.size() != 1) {
        flaws.add(service + " has containers " + mine);
      } else if (!mine.get(0).state().equals("running")) {
        flaws.add(service + " is " + mine.get(0).state());
      } else if (!verified && !mine.get(0).image().equals(before)) {
        flaws.add(service + " runs a release that was not verified");
      }
    }
    if (output.contains("extension-server  sent")
        && !output.contains("auth-server  verified")
        && !container(now, "extension-server").equals(container(old, "extension-server"))) {
      flaws.add("extension-server was disturbed");
    }
    if (!all[1].isEmpty()) {
      flaws.add("left: " + all[1]);
    }
    return flaws;
  }

  private static String container(List<Runs> all, String service) {
    return all.stream()
        .filter(one -> one.service().equals(service))
        .map(Runs::container)
        .findFirst()
        .orElse("");
  }

  private static final String SERVICES_NOW =
      "docker ps -aq --filter label=com.docker.compose.project=guard | xargs -r docker"
          + " inspect --format '{{index .Config.Labels \"com.docker.compose.service\"}}"
          + " {{.Id}} {{.Image}} {{.State.Status}}' 2>/dev/null || true";

  private static final String LEFT =
      "cd ~pi/rpi/guard/.rpi && ls -A intents 2>/dev/null;"
          + " flock -n lock true || echo locked;"
          + " pgrep -fa '[g]o-back.sh|[l]ock.sh|[r]ecreate.sh|[s]ettle.sh' || true";

  private static List<Runs> services() throws Exception {
    return services(pi.asRoot(SERVICES_NOW));
  }

  private static List<Runs> services(String all) {
    return all.lines()
        .map(line -> line.split(" ", -1))
        .map(words -> new Runs(words[0], words[1], words[2], words[3]))
        .toList();
  }

  private static int takenBack() throws Exception {
    return Integer.parseInt(pi.ssh("grep -c 'not confirmed' rpi/guard/.rpi/history.jsonl || true"));
  }
}
