package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.TestTar;
import io.github.rpideploy.it.lab.BeforeLoad;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.SavedImage;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.PlannedLayer;
import io.github.rpideploy.ssh.SshConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A layer of jars of which the Pi has most: with its Perl or Python, its tar streams, and both
 * stores.
 */
class DeltaIT {

  private static final int JARS = 60;
  private static final int JAR = 50_000;

  @TempDir private Path directory;

  private final List<Event> events = new ArrayList<>();
  private final BeforeLoad beforeLoad = new BeforeLoad();

  @ParameterizedTest
  @ValueSource(strings = {"overlay2", "containerd"})
  void of_many_jars_only_the_changed_one_is_sent(String store) throws Exception {
    Lab pi = Lab.up("delta", "--store", store);
    try (SshConnection connection = SshConnection.open(pi.settings(), events::add)) {
      Deployer deployer = deployer(connection);
      assertThat(last(Event.EngineFound.class).store()).isEqualTo(store);
      TestService auth = new TestService("auth-server");
      Candidate one = candidate(auth, 1);
      planAndShip(deployer, one);

      Candidate two = candidate(auth, 2);
      PlannedLayer planned = planAndShip(deployer, two);
      assertThat(planned.deltaOf()).isEqualTo(tag(one));
      assertThat(last(Event.Shipped.class).bytesSent()).isLessThan(2L * JAR);
      assertThat(warnings()).isEmpty();
      assertIsThere(pi, two, 2);

      // Whatever the old release was, the new one does not need it.
      pi.ssh("docker image rm " + tag(one));
      assertIsThere(pi, two, 2);
      planAndShip(deployer, candidate(auth, 3));
      assertThat(last(Event.Shipped.class).bytesSent()).isLessThan(2L * JAR);

      withoutTheOldReleases(pi, deployer, auth);
      withoutPerl(pi, deployer, auth);
      withoutAnInterpreter(pi, deployer, auth);
      assertThat(pi.ssh("docker ps -aq")).isEmpty();
    } finally {
      pi.down();
    }
  }

  private Deployer deployer(SshConnection connection) throws IOException {
    Path compose = Files.writeString(directory.resolve("compose.yaml"), TestService.COMPOSE);
    return Deployers.connect(
        beforeLoad.on(connection),
        new Stack("rpi/delta", compose),
        events::add,
        InstantSource.system(),
        Pause.SLEEP);
  }

  /** They go between the plan and the load. */
  private void withoutTheOldReleases(Lab pi, Deployer deployer, TestService auth) throws Exception {
    Candidate four = candidate(auth, 4);
    beforeLoad.once(
        pi, "docker image rm " + tag(candidate(auth, 2)) + " " + tag(candidate(auth, 3)));

    deployer.ship(List.of(four));

    assertThat(warnings().get(0))
        .contains("auth-server could not be made of what is on", "No such image");
    assertThat(last(Event.Shipped.class).bytesSent()).isGreaterThan((long) JARS * JAR);
    assertIsThere(pi, four, 4);
    events.removeIf(Event.Warning.class::isInstance);
  }

  /** Python does it. */
  private void withoutPerl(Lab pi, Deployer deployer, TestService auth) throws Exception {
    pi.asRoot("mv /usr/bin/perl /usr/bin/perl.not");
    Candidate five = candidate(auth, 5);
    assertThat(planAndShip(deployer, five).deltaOf()).startsWith("auth-server:rpi-");
    assertThat(last(Event.Shipped.class).bytesSent()).isLessThan(2L * JAR);
    assertThat(warnings()).isEmpty();
    assertIsThere(pi, five, 5);
  }

  private void withoutAnInterpreter(Lab pi, Deployer deployer, TestService auth) throws Exception {
    pi.asRoot("mv /usr/bin/python3 /usr/bin/python3.not");
    Candidate six = candidate(auth, 6);
    assertThat(planAndShip(deployer, six).deltaOf()).isEmpty();
    assertThat(last(Event.Shipped.class).bytesSent()).isGreaterThan((long) JARS * JAR);
    assertThat(warnings()).isEmpty();
    assertIsThere(pi, six, 6);
  }

  /** What the plan says of the layer with the jars, after the ship has sent as many bytes. */
  private PlannedLayer planAndShip(Deployer deployer, Candidate candidate) {
    deployer.plan(List.of(candidate));
    Event.Planned planned = last(Event.Planned.class);
    deployer.ship(List.of(candidate));
    assertThat(last(Event.Shipped.class).bytesSent()).isEqualTo(planned.bytesSent());
    return planned.layers().get(planned.layers().size() - 1);
  }

  private static void assertIsThere(Lab pi, Candidate candidate, int version) throws Exception {
    String said =
        pi.ssh(
            "docker run --rm --platform linux/arm64 "
                + tag(candidate)
                + " sha256sum /app/libs/lib-7.jar /app/libs/lib-8.jar");
    assertThat(said).contains(Digest.of(jar(7 + 1000 * version)).hex(), Digest.of(jar(8)).hex());
    SavedImage.of(pi, tag(candidate)).assertIsWhole(candidate.tarball());
  }

  private Candidate candidate(TestService service, int version) throws IOException {
    Map<String, TestTar.Entry> entries = new LinkedHashMap<>();
    for (int i = 0; i < JARS; i++) {
      entries.put("app/libs/lib-" + i + ".jar", TestTar.file(jar(i == 7 ? 7 + 1000 * version : i)));
    }
    entries.put("app/libs/zip-1." + version + ".jar", TestTar.file(zip(version)));
    return service.candidate(
        service
            .image("one")
            .layer(TestTar.write(entries), Compression.GZIP)
            .writeDocker(directory.resolve(version + ".tar")));
  }

  /** Most entries are the same in every version, at other places. */
  private static byte[] zip(int version) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < 100; i++) {
        byte[] content = new byte[10_000 + (i == 3 ? version : 0)];
        new Random(i == 3 ? -version : i).nextBytes(content);
        ZipEntry entry = new ZipEntry("io/github/rpideploy/Class" + i);
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] jar(int seed) {
    byte[] jar = new byte[JAR];
    new Random(seed).nextBytes(jar);
    return jar;
  }

  private List<String> warnings() {
    return events.stream()
        .filter(Event.Warning.class::isInstance)
        .map(event -> ((Event.Warning) event).text())
        .toList();
  }

  private <T extends Event> T last(Class<T> kind) {
    return events.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  private static String tag(Candidate candidate) {
    return candidate.tarball().releaseTag(candidate.tarball().tag()).familiar();
  }
}
