package io.github.rpideploy.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.image.TestText;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.ssh.SshConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real deploy with one fault at one point, then what must be true, then a plain deploy that must
 * succeed. Each run takes another sample of the pairs, a quarter of them as rollouts; {@code
 * lab/faults} takes all of them, {@code lab/faults rollout} all as rollouts, and {@code lab/faults
 * swarm} all on a swarm, of which {@code mvn verify} takes none: see {@link Pairs}.
 *
 * <p>This class takes one half of the pairs on the overlay2 store, {@link MoreFaultsIT} the other,
 * and two more do the same on containerd's: most of the time is waiting, so they run side by side.
 *
 * <p>Takes long because each pair is two or three deploys, and some are a boot of the Pi.
 */
class FaultsIT {

  private static final String DIRECTORY = "rpi/faults";

  private static final String RUNS = "trap '' TERM; while :; do sleep 60; done";

  /** So long the guard waits for a deploy to come back. */
  private static final Duration CONFIRM = Duration.ofSeconds(15);

  /** How long the words are that {@link TestService#image} adds. */
  private static final int WORDS = TestText.words("auth-server", 3_000_000).length();

  @TempDir private static Path directory;

  private static String store = "";
  private static int half;
  private static Lab pi;
  private static TestService auth;
  private static String other = "";
  private static Release live;
  private static int number;

  /** What replaces the services in the pair that runs. */
  private static Way way = Pairs.way();

  /** The older release of {@link Fault#LAYER_REMOVED}. */
  private @Nullable Release removed;

  private final List<Event> events = new CopyOnWriteArrayList<>();

  /** A build of auth-server. */
  private record Release(String version, Candidate candidate) {

    String tag() {
      return candidate.tarball().releaseTag(candidate.tarball().tag()).familiar();
    }
  }

  static Stream<Arguments> pairs() {
    return Pairs.of(store, half).stream()
        .map(pair -> Arguments.of(pair.fault(), pair.point(), pair.way()));
  }

  @BeforeAll
  static void twoServicesRun(TestInfo test) throws Exception {
    String name = test.getTestClass().orElseThrow().getSimpleName();
    store = name.contains("Containerd") ? "containerd" : "overlay2";
    half = name.startsWith("More") ? 1 : 0;
    pi = Lab.up("faults-" + store + half, "--disk", "--store", store);
    way.prepare(pi);
    auth = way.service("auth-server");
    live = release(false);
    Candidate second = way.service("other-server").candidate(directory, "one");
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {})) {
      deployer(connection, event -> {}).deploy(List.of(live.candidate(), second));
    }
  }

  @AfterAll
  static void takeDown() throws Exception {
    pi.down();
  }

  @ParameterizedTest(name = "{2}: {0} at {1}", allowZeroInvocations = true)
  @MethodSource("pairs")
  void the_pi_is_not_left_broken(Fault fault, Point point, Way how) throws Exception {
    way = how;
    String what = way + ": " + fault + " at " + point;
    removed = null;
    if (fault == Fault.LAYER_REMOVED) {
      removed = release(false);
      succeed(removed, what);
      live = release(false);
      succeed(live, what);
    }
    other = container("other-server");
    String before = container("auth-server");
    Release old = live;
    Release next = release(point.isOnTheWayBack(), removed == null ? "" : removed.version());
    long begin = System.nanoTime();
    DeployException failure = deploy(next, fault, point, what);
    lift(fault);
    double ended = seconds(begin);
    if (failure != null) {
      assertThat(failure.getMessage()).as(what).contains("127.0.0.1");
      assertThat(failure.hint()).as(what).isNotBlank();
    }
    if (fault.isSurvived() && way.isLive(point)) {
      assertThat(failure == null ? "" : failure.getMessage())
          .as(what + ": the deploy goes on over a new connection")
          .matches(point.isOnTheWayBack() ? "(?s).* is back on .*, verified.*" : "");
    }
    boolean verified = events.stream().anyMatch(Event.Verified.class::isInstance);
    if (!verified && failure == null) {
      throw new AssertionError(what + ": a success without a verification: " + events);
    }
    if (fault == Fault.POWER_CUT) {
      assertWhole(what, point.isBeforeAnythingLive() ? List.of(old) : List.of(old, next));
    }
    if (failure != null && point.isBeforeAnythingLive() && fault.leavesContainers()) {
      assertThat(container("auth-server"))
          .as(what + ": nothing live was touched")
          .isEqualTo(before);
    }
    if (fault.isHealedByTheNextDeploy(point)) {
      healByTheNextDeploy(what, fault);
      if (fault == Fault.POWER_CUT) {
        assertWhole(what + " and the next deploy", List.of(live));
      }
    } else {
      try {
        awaitNoFlaws(
            what + " -> " + (failure == null ? "success" : failure.getMessage()),
            fault,
            failure == null ? List.of(next) : verified ? List.of(old, next) : List.of(old));
      } catch (AssertionError e) {
        if (fault != Fault.DOCKERD_KILLED || !hasLostAProcess()) {
          throw e;
        }
        assertThat(failure == null ? "" : failure.getMessage())
            .as(what + ": where Docker says that it has lost a process, so does the message")
            .matches("(?s)(?!.*exit event).*|.*Docker has lost the process.*");
        pi.crash();
        healByTheNextDeploy(what + ", a process lost by Docker, the Pi restarted", fault);
        note("%s\t%s\t%.1f\trestart".formatted(fault, point, ended));
        return;
      }
      double healed = seconds(begin);
      live = release(false);
      succeed(live, what);
      note("%s\t%s\t%.1f\t%.1f".formatted(fault, point, ended, healed));
      return;
    }
    note("%s\t%s\t%.1f\tnext".formatted(fault, point, ended));
  }

  private void healByTheNextDeploy(String what, Fault fault) throws Exception {
    live = release(false);
    succeed(live, what);
    awaitNoFlaws(what + ", healed by the next deploy", fault, List.of(live));
  }

  /**
   * Whether the Engine can end a container no more, which is its own fault and not promised: see
   * docs/reliability.md. To be asked when the test has failed: it removes what can be removed.
   */
  private static boolean hasLostAProcess() throws Exception {
    return pi.asRoot(way.shell() + "of auth-server | xargs -r docker rm -f 2>&1 || true")
        .contains("did not receive an exit event");
  }

  /** Every file of these releases that the Pi has is as it was built. */
  private static void assertWhole(String what, List<Release> releases) throws Exception {
    for (Release release : releases) {
      String sizes =
          pi.asRoot(
              "docker image inspect "
                  + release.tag()
                  + " >/dev/null 2>&1 || { echo absent; exit; }; docker run --rm --platform "
                  + auth.platform()
                  + " "
                  + release.tag()
                  + " sh -c 'cat /app/version /app/own /app/noise /app/words | wc -c'");
      assertThat(sizes)
          .as(what + ": the files of " + release.version())
          .isIn("absent", String.valueOf(release.version().length() + 500_000 + 300_000 + WORDS));
    }
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void note(String row) throws Exception {
    String all = way.toString().toLowerCase(Locale.ROOT) + "\t" + row;
    System.out.println("FaultsIT " + all.replace('\t', ' '));
    Files.writeString(
        Path.of("target/faults.tsv"),
        store + "\t" + all + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Deploys with the fault; null when the deploy succeeded all the same. */
  private @Nullable DeployException deploy(Release release, Fault fault, Point point, String what)
      throws Exception {
    Process watch = point.action().isEmpty() ? null : watch();
    CompletableFuture<@Nullable DeployException> deploy =
        CompletableFuture.supplyAsync(() -> deployAndStrike(release, fault, point, watch, what));
    try {
      return deploy.get(8, TimeUnit.MINUTES);
    } finally {
      if (watch != null) {
        watch.destroy();
      }
    }
  }

  private @Nullable DeployException deployAndStrike(
      Release release, Fault fault, Point point, @Nullable Process watch, String what) {
    if (point == Point.CONNECT) {
      strike(fault, release);
    }
    try (SshConnection connection =
        SshConnection.open(pi.settings().withKeepAlive(Duration.ofSeconds(5)), event -> {})) {
      Strike.Without without =
          Strike.Without.valueOf(System.getProperty("faults.without", "NOTHING"));
      Strike host = new Strike(connection, point, without, () -> strike(fault, release));
      if (watch != null) {
        Thread reader = new Thread(() -> read(watch, host));
        reader.setDaemon(true);
        reader.start();
      }
      try (Deployer deployer = deployer(host, events::add)) {
        deployer.deploy(List.of(release.candidate()));
      } finally {
        host.awaitOver();
        assertThat(point == Point.CONNECT || host.hasStruck()).as(what + " was reached").isTrue();
      }
      return null;
    } catch (DeployException e) {
      return e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Process watch() throws Exception {
    return new ProcessBuilder(
            "docker",
            "exec",
            pi.container(),
            "docker",
            "events",
            "--filter",
            "type=container",
            "--filter",
            "label=" + way.label("auth-server"),
            "--format",
            "{{.Action}}")
        .start();
  }

  private static void read(Process watch, Strike host) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(watch.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        host.event(line.strip());
      }
    } catch (IOException e) {
      // The deploy is over.
    }
  }

  private void strike(Fault fault, Release release) {
    try {
      switch (fault) {
        case CUT -> pi.cut();
        case CUT_FOR_A_WHILE -> {
          gone();
          CompletableFuture.delayedExecutor(5, TimeUnit.SECONDS).execute(FaultsIT::reachable);
        }
        case GONE -> gone();
        case SILENT_LINK -> pi.cut("--hold");
        case SSHD_KILLED -> pi.asRoot("pkill -KILL -f '[s]shd.*: pi' || true");
        case SSHD_RESTARTED -> pi.asRoot("pkill -KILL sshd || true");
        case DOCKERD_KILLED -> pi.asRoot("pkill -KILL -x dockerd");
        case DOCKERD_RESTARTED -> pi.asRoot("pkill -TERM -x dockerd");
        case OUT_OF_MEMORY -> pi.asRoot("pkill -KILL '^docker(-compose)?$' || true");
        case SLOW_LINK -> pi.link("64kbit", "2000ms");
        case DISK_FULL ->
            pi.asRoot(
                "cd /var/lib/docker && fallocate -l $(df --output=avail -k . | tail -n 1)K full;"
                    + " head -c 20M /dev/zero >full2 2>/dev/null; sync -f . || true");
        case READ_ONLY -> pi.wearOut();
        case POWER_CUT -> pi.crash();
        case SECOND_DEPLOY -> second();
        case RELEASE_REMOVED -> pi.asRoot("docker image rm -f " + release.tag());
        case LAYER_REMOVED ->
            pi.asRoot("docker image rm -f " + Objects.requireNonNull(removed).tag());
        case COMPOSE_EDITED ->
            pi.asRoot("echo '# edited by hand' >>/home/pi/" + DIRECTORY + "/compose.yaml");
        case CONTAINER_REMOVED -> pi.asRoot(way.shell() + "of auth-server | xargs docker rm -f");
        case LEFTOVER_CONTAINER ->
            pi.asRoot(
                "docker create --name 0123456789ab_faults-auth-server-1 --label"
                    + " com.docker.compose.project=faults --label"
                    + " com.docker.compose.service=auth-server --label"
                    + " com.docker.compose.oneoff=False --label"
                    + " com.docker.compose.container-number=1 "
                    + live.tag());
      }
    } catch (Exception e) {
      throw new IllegalStateException(fault + " could not be made: " + e.getMessage(), e);
    }
  }

  private static void gone() throws Exception {
    pi.cut("--hold");
    pi.cut();
  }

  private static void reachable() {
    try {
      pi.link("none");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** It must be told who deploys, and change nothing. */
  private static void second() {
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {});
        Deployer deployer = deployer(connection, event -> {})) {
      deployer.deploy(List.of(release(false).candidate()));
      throw new IllegalStateException("two deploys at the same time");
    } catch (DeployException e) {
      assertThat(e).hasMessageContaining("Another deploy to rpi/faults");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** What was only for the time of the deploy ends. */
  private static void lift(Fault fault) throws Exception {
    switch (fault) {
      case GONE, CUT_FOR_A_WHILE, SILENT_LINK, SLOW_LINK -> pi.link("none");
      case DISK_FULL -> pi.asRoot("rm -f /var/lib/docker/full /var/lib/docker/full2");
      case READ_ONLY -> pi.crash();
      case LEFTOVER_CONTAINER ->
          pi.asRoot("docker rm -f 0123456789ab_faults-auth-server-1 2>/dev/null || true");
      default -> {
        // It was over at once.
      }
    }
    pi.asRoot(
        way.shell()
            + "for i in $(seq 300); do answers >/dev/null 2>&1 && [ -e /run/sshd.pid ] && exit;"
            + " sleep 0.2; done; exit 1");
  }

  private void succeed(Release release, String what) throws Exception {
    List<Event> plain = new ArrayList<>();
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {});
        Deployer deployer = deployer(connection, plain::add)) {
      deployer.deploy(List.of(release.candidate()));
    } catch (DeployException e) {
      throw new AssertionError(what + ": the next deploy failed: " + plain, e);
    }
  }

  private static void awaitNoFlaws(String what, Fault fault, List<Release> allowed)
      throws Exception {
    Lab.awaitNoFlaws(what, () -> flaws(fault, allowed));
  }

  /** After {@link Way#shell}. Asks all at once: each call takes a fraction of a second. */
  private static final String LOOK =
      """
      for id in $(of auth-server); do
        echo "auth $(docker inspect -f '{{.State.Status}} {{.Image}}' $id)"
        echo "runs $(docker exec $id cat /app/version 2>&1)"
      done
      echo "live $(echo $(live))"
      for id in $(of other-server); do
        echo "other $(docker inspect -f '{{.Id}} {{.State.StartedAt}} {{.State.Status}}' $id)"
      done
      cd /home/pi/rpi/faults/.rpi
      for i in intents/*; do [ ! -e $i ] || echo "left $i"; done
      flock -n lock true || echo 'left the lock'
      pgrep -fa '[g]o-back.sh|[l]ock.sh|[r]ecreate.sh|[s]ettle.sh|[l]oad.sh|[s]warm-' | cut -c1-40 | sed 's/^/left /'
      ls -d ../.compose.yaml.rpi swarm/.*.new /dev/shm/rpi-deploy* 2>/dev/null | sed 's/^/left /'
      docker ps -aq --filter label=io.github.rpideploy.proof | sed 's/^/proof /'
      """;

  /** What is not as it should be. */
  private static List<String> flaws(Fault fault, List<Release> allowed) throws Exception {
    List<String> flaws = new ArrayList<>();
    List<String> all = pi.asRoot(way.shell() + LOOK).lines().toList();
    List<String> containers = of(all, "auth ");
    List<String> versions = of(all, "runs ");
    if (containers.size() != 1 || !containers.get(0).startsWith("running ")) {
      flaws.add("containers " + containers);
    } else {
      if (allowed.stream().noneMatch(one -> one.version().equals(versions.get(0)))) {
        flaws.add("runs " + versions + ", not " + allowed.stream().map(Release::version).toList());
      }
      if (!of(all, "live ").equals(List.of(containers.get(0).substring("running ".length())))) {
        flaws.add("what is to run is " + of(all, "live "));
      }
    }
    String now = String.join("\n", of(all, "other "));
    if (!now.equals(other) && !(fault.restartsAll() && way.isUndisturbed(other, now))) {
      flaws.add("other-server was disturbed: " + now + ", was " + other);
    }
    of(all, "left ").forEach(left -> flaws.add("left: " + left));
    if (!fault.restartsAll() && fault != Fault.DISK_FULL) {
      of(all, "proof ").forEach(left -> flaws.add("the container of a proof is left: " + left));
    }
    return flaws;
  }

  private static List<String> of(List<String> lines, String word) {
    return lines.stream()
        .filter(line -> line.startsWith(word))
        .map(line -> line.substring(word.length()))
        .toList();
  }

  /** Its id, its restarts, its state. */
  private static String container(String service) throws Exception {
    return pi.asRoot(
        way.shell()
            + "of "
            + service
            + " | xargs -r docker inspect -f '{{.Id}} {{.State.StartedAt}} {{.State.Status}}'");
  }

  /** Another build of auth-server with half a megabyte of its own. */
  private static Release release(boolean bad) {
    return release(bad, "");
  }

  /**
   * Another build.
   *
   * @param like the version of which it has the half megabyte; empty for its own
   */
  private static Release release(boolean bad, String like) {
    String version = "v" + ++number;
    String own = like.isEmpty() ? version : like;
    TestImages image = auth.image(version, "sh", "-c", bad ? "exit 3" : RUNS);
    Path tarball =
        image
            .layer(TestImages.layerTar("app/own", TestText.noise(own, 500_000)), Compression.GZIP)
            .writeDocker(directory.resolve(version + ".tar"));
    return new Release(version, auth.candidate(tarball, way.strategy()));
  }

  /** Each time with another compose file, which means the same. */
  private static Deployer deployer(RemoteHost host, Reporter reporter) {
    try {
      Path compose =
          Files.writeString(directory.resolve("compose.yaml"), way.compose().formatted(number));
      return Deployers.connect(
          host,
          way.stack(DIRECTORY, compose),
          new LockRequest("", Duration.ZERO, CONFIRM),
          LayerCompression.none(),
          reporter,
          InstantSource.system(),
          Pause.SLEEP);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
