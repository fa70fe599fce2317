package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.it.lab.UsersMaven;
import io.github.rpideploy.ssh.SshConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many deploys after each other leave nothing behind, here or on the Pi. {@code -Dsoak.deploys=200
 * -Dsoak.builds=50} takes a quarter of an hour; without them it is a sample.
 */
class SoakIT {

  private static final int DEPLOYS = Integer.getInteger("soak.deploys", 5);
  private static final int BUILDS = Integer.getInteger("soak.builds", 1);

  /** After these, all classes are loaded and as many releases are kept as ever will be. */
  private static final int FIRST = 5;

  @TempDir private static Path directory;

  private static Lab pi;
  private static int version;

  @BeforeAll
  static void up() throws Exception {
    pi = Lab.up("soak");
    Files.writeString(directory.resolve("compose.yaml"), TestService.COMPOSE);
  }

  @AfterAll
  static void takeDown() throws Exception {
    pi.down();
  }

  @Test
  void nothing_is_left_behind() throws Exception {
    for (int i = 0; i < FIRST; i++) {
      deploy();
    }
    Map<String, Long> here = here();
    Map<String, Long> there = there();

    for (int i = 0; i < DEPLOYS; i++) {
      deploy();
    }
    Map<String, Long> hereLater = here();
    System.out.printf(
        "SoakIT: %d deploys in one JVM%n  here %s%n    -> %s%n", DEPLOYS, here, hereLater);
    assertThat(hereLater.get("threads")).isLessThanOrEqualTo(here.get("threads"));
    assertThat(hereLater.get("open files")).isLessThanOrEqualTo(here.get("open files") + 2);
    assertThat(hereLater.get("temporary files")).isLessThanOrEqualTo(here.get("temporary files"));
    assertThat(hereLater.get("heap")).isLessThan(here.get("heap") + (4 << 20));
    assertSame(there);

    UsersMaven maven =
        new UsersMaven(
            pi,
            directory.resolve("project"),
            "auth-server",
            List.of(
                "-Drpi.composeFile=" + directory.resolve("compose.yaml"),
                "-Drpi.directory=rpi/soak",
                "-Drpi.settle=0",
                "-Drpi.layerCache=" + directory.resolve("layers")));
    for (int i = 0; i < BUILDS; i++) {
      build(maven);
    }
    System.out.println("SoakIT: " + BUILDS + " builds");
    assertSame(there);
  }

  private static void deploy() throws Exception {
    Path tarball = tarball();
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {});
        Deployer deployer =
            Deployers.connect(
                connection,
                new Stack("rpi/soak", directory.resolve("compose.yaml")),
                event -> {},
                InstantSource.system(),
                pause -> Pause.SLEEP.of(pause.dividedBy(10)))) {
      deployer.deploy(List.of(new TestService("auth-server").candidate(tarball)));
    }
    Files.delete(tarball);
  }

  private static void build(UsersMaven maven) throws Exception {
    Path target = Files.createDirectories(directory.resolve("project/target"));
    Files.move(tarball(), target.resolve("jib-image.tar"), StandardCopyOption.REPLACE_EXISTING);
    Path log = directory.resolve("build.log");
    Process build = maven.start(log, "deploy");
    assertThat(build.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(build.exitValue()).as(Files.readString(log)).isZero();
  }

  private static Path tarball() throws Exception {
    version++;
    return new TestService("auth-server")
        .smallTarball(directory, "v" + version, ": v" + version + "; " + TestService.RUNS);
  }

  /** What this JVM holds. Threads and sockets end a moment after a connection. */
  private static Map<String, Long> here() throws Exception {
    Map<String, Long> here = new TreeMap<>();
    here.put("threads", least(() -> (long) Thread.getAllStackTraces().size()));
    here.put("open files", least(() -> entries(Path.of("/proc/self/fd"), "")));
    here.put(
        "temporary files",
        entries(Path.of(System.getProperty("java.io.tmpdir")), "rpi-deploy-ssh"));
    here.put(
        "heap",
        least(
            () -> {
              System.gc();
              return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            }));
    return here;
  }

  private static long least(Callable<Long> measure) throws Exception {
    long least = measure.call();
    for (int i = 0; i < 10; i++) {
      Thread.sleep(100);
      least = Math.min(least, measure.call());
    }
    return least;
  }

  private static long entries(Path folder, String prefix) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(entry -> entry.getFileName().toString().startsWith(prefix)).count();
    }
  }

  /** What the Pi holds. */
  private static Map<String, Long> there() throws Exception {
    Map<String, Long> there = new TreeMap<>();
    there.put("releases", number("docker image ls -q | sort -u | wc -l"));
    there.put("containers", number("docker ps -aq | wc -l"));
    there.put("layers", number("ls /var/lib/docker/overlay2 | wc -l"));
    there.put("our files", number("find ~pi/rpi ~pi/.cache/rpi-deploy -type f | wc -l"));
    there.put("our processes", number("pgrep -fc '[l]ock.sh|[g]o-back.sh|[r]ecreate.sh' || true"));
    there.put("KiB", number("du -sk /var/lib/docker/overlay2 | cut -f1"));
    return there;
  }

  private static long number(String commandLine) throws Exception {
    return Long.parseLong(pi.asRoot(commandLine).strip());
  }

  private static void assertSame(Map<String, Long> before) throws Exception {
    Map<String, Long> now = there();
    System.out.printf("  the Pi %s%n      -> %s%n", before, now);
    assertThat(now.get("KiB")).isLessThan(before.get("KiB") + 200);
    now.put("KiB", before.get("KiB"));
    assertThat(now).isEqualTo(before);
  }
}
