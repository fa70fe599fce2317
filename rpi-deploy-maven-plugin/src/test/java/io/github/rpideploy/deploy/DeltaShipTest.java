package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.image.TestTar;
import io.github.rpideploy.image.delta.DeltaPi;
import io.github.rpideploy.image.delta.Deltas;
import io.github.rpideploy.remote.PosixShell;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.PlannedLayer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A layer of jars of which the Pi has most. What is sent is applied by the real script and Perl.
 */
class DeltaShipTest {

  private static final int JAR = 60_000;
  private static final int ENTRY = 4_000;

  @TempDir Path directory;

  private final List<Event> events = new ArrayList<>();

  @Test
  void of_many_jars_only_the_changed_one_is_sent() throws IOException {
    for (ScriptedPi pi : bothStores()) {
      ship(pi, candidate(pi, "auth-server", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
      assertThat(pi.fileLists).isNotEmpty();
      Candidate next = candidate(pi, "auth-server", 1, 2, 3, 4, 55, 6, 7, 8, 9, 10);
      pi.changes.clear();
      pi.execs = 0;

      Event.Shipped shipped = ship(pi, next);

      // On the classic store a layer above a changed one is sent, too.
      assertThat(shipped.layersSent()).isBetween(1, 2);
      assertThat(shipped.bytesSent()).isBetween((long) JAR, JAR + 6_000L);
      assertThat(pi.changes).containsExactly("load");
      assertThat(pi.deltas).containsExactly("none", "worked");
      // The probe, the lists of files, the entries of the changed jar, the load, the new list.
      assertThat(pi.execs).isEqualTo(5);
      assertThat(pi.oldDirectories).hasSize(1).allMatch(line -> line.endsWith(" /app/libs"));
      assertThat(warnings()).isEmpty();
      assertThat(pi.hasTag(tag(next))).isTrue();
      assertThat(pi.store().isComplete(tag(next))).isTrue();
      // What was made there is known as what it is: only the small layer goes the next time.
      assertThat(ship(pi, candidate(pi, "auth-server", "more", 1, 2, 3, 4, 55, 6, 7, 8, 9, 10)))
          .satisfies(third -> assertThat(third.bytesSent()).isLessThan(6_000L));
    }
  }

  @Test
  void what_another_service_has_is_not_sent() throws IOException {
    for (ScriptedPi pi : bothStores()) {
      ship(pi, candidate(pi, "auth-server", 1, 2, 3, 4, 5, 6, 7, 8));

      Event.Shipped shipped = ship(pi, candidate(pi, "extension-server", 8, 2, 99, 3, 4, 7));

      assertThat(shipped.bytesSent()).isBetween((long) JAR, JAR + 8_000L);
      assertThat(pi.oldDirectories).allMatch(line -> line.startsWith("auth-server:rpi-"));
    }
  }

  /** As a patch release does it: another name, most entries the same, all at other places. */
  @Test
  void of_a_jar_that_has_changed_a_little_only_that_is_sent() throws IOException {
    for (ScriptedPi pi : bothStores()) {
      ship(pi, candidate(pi, "auth-server", "x", Map.of("/app/libs/a-1.0.jar", zip(0)), "one"));
      Candidate next =
          candidate(pi, "auth-server", "x", Map.of("/app/libs/a-1.1-RC2.jar", zip(3)), "two");
      pi.execs = 0;

      Event.Shipped shipped = ship(pi, next);

      assertThat(shipped.bytesSent()).isBetween(3L * ENTRY, 20L * ENTRY);
      assertThat(pi.execs).isEqualTo(5);
      assertThat(warnings()).isEmpty();
      assertThat(pi.store().isComplete(tag(next))).isTrue();

      pi.entries = (directories, questions) -> new byte[] {1, 2, 3};
      assertThat(
              ship(
                      pi,
                      candidate(
                          pi, "auth-server", "x", Map.of("/app/libs/a-1.2.jar", zip(5)), "three"))
                  .bytesSent())
          .isGreaterThan(100L * ENTRY);
      assertThat(warnings()).isEmpty();
    }
  }

  private static byte[] zip(int changed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < 200; i++) {
        byte[] content = new byte[ENTRY];
        new Random(i % 50 < changed ? -changed - i : i).nextBytes(content);
        ZipEntry entry = new ZipEntry("io/github/rpideploy/Class" + i + (changed > 0 ? "" : "Old"));
        entry.setTime(changed);
        zip.putNextEntry(entry);
        zip.write(content);
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void a_plan_tells_the_bytes_that_are_then_sent() throws IOException {
    for (ScriptedPi pi : bothStores()) {
      Candidate old = candidate(pi, "auth-server", 1, 2, 3, 4, 5, 6, 7, 8);
      ship(pi, old);
      List<Candidate> next =
          List.of(
              candidate(pi, "auth-server", 1, 2, 3, 4, 5, 6, 7, 88),
              candidate(pi, "extension-server", 1, 2, 33, 4, 5));
      pi.changes.clear();
      events.clear();

      deployer(pi).plan(next);

      assertThat(pi.changes).isEmpty();
      deployer(pi).ship(next);
      List<Event.Planned> planned = all(Event.Planned.class);
      assertThat(planned)
          .extracting(Event.Planned::bytesSent)
          .isEqualTo(all(Event.Shipped.class).stream().map(Event.Shipped::bytesSent).toList());
      long started = all(Event.SendStarted.class).get(0).total();
      assertThat(planned.stream().mapToLong(Event.Planned::bytesSent).sum()).isEqualTo(started);
      PlannedLayer layer =
          planned.get(0).layers().stream().filter(PlannedLayer::sent).findFirst().orElseThrow();
      assertThat(layer.deltaOf()).isEqualTo(tag(old));
      assertThat(layer.deltaBytes()).isBetween((long) JAR, JAR + 2_000L);
      assertThat(layer.bytes()).isGreaterThan(8L * JAR);
    }
  }

  @Test
  void what_cannot_be_made_is_sent_whole_and_told() throws IOException {
    for (ScriptedPi pi : bothStores()) {
      Candidate old = candidate(pi, "auth-server", 1, 2, 3, 4, 5, 6, 7, 8);
      ship(pi, old);
      var makes = pi.makes;
      pi.makes =
          program -> {
            byte[] archive = makes.apply(program);
            archive[1000] ^= 1;
            return archive;
          };
      events.clear();
      pi.changes.clear();
      Candidate next = candidate(pi, "auth-server", 1, 2, 3, 4, 5, 6, 7, 88);

      Event.Shipped shipped = ship(pi, next);

      assertThat(warnings())
          .singleElement()
          .asString()
          .startsWith(
              "auth-server could not be made of what is on pi@raspberrypi:22, so its layers are"
                  + " sent whole: ");
      assertThat(pi.changes).containsExactly("load", "rm " + tag(next), "load");
      assertThat(shipped.bytesSent()).isGreaterThan(9L * JAR);

      events.clear();
      ship(pi, candidate(pi, "auth-server", 1, 2, 3, 4, 5, 6, 7, 888));

      assertThat(pi.deltas).containsExactly("none", "failed", "failed");
      assertThat(warnings())
          .hasSize(2)
          .last()
          .asString()
          .startsWith("Two deltas in a row could not be applied on pi@raspberrypi:22: ");
    }
  }

  @Test
  void what_then_arrives_neither_as_a_delta_nor_whole_is_not_kept_against_deltas()
      throws IOException {
    ScriptedPi pi = bothStores().get(0);
    ship(pi, candidate(pi, "auth-server", 1, 2, 3, 4, 5, 6, 7, 8));
    pi.load = ScriptedPi.Load.FAILS;
    Candidate next = candidate(pi, "auth-server", 1, 2, 3, 4, 5, 6, 7, 88);

    assertThat(catchThrowable(() -> ship(pi, next))).isInstanceOf(DeployException.class);

    assertThat(pi.deltas).containsExactly("none");
  }

  @Test
  void with_lists_that_make_no_sense_and_with_none_the_layer_is_sent_whole() throws IOException {
    byte[] random = new byte[50_000];
    new Random(1).nextBytes(random);
    for (byte[] lists : List.of(new byte[0], random)) {
      ScriptedPi pi = bothStores().get(0);
      ship(pi, candidate(pi, "auth-server", 1, 2, 3, 4, 5, 6, 7, 8));
      pi.fileLists = lists;
      events.clear();

      Event.Shipped shipped = ship(pi, candidate(pi, "auth-server", 1, 2, 3, 4, 5, 6, 7, 88));

      assertThat(shipped.bytesSent()).isGreaterThan(8L * JAR);
      assertThat(warnings()).isEmpty();
    }
  }

  @Test
  void a_delta_that_would_fill_the_disk_is_not_sent() throws IOException {
    ScriptedPi pi = bothStores().get(0);
    ship(pi, compressible(pi, 1));
    long whole = ship(pi, compressible(pi, 2)).bytesSent();
    assertThat(whole).isLessThan(200_000);
    pi.freeKib = 4_500;

    assertThat(ship(pi, compressible(pi, 3)).bytesSent()).isGreaterThan(whole);
  }

  /** Most of it is one file that is the same in all, and large only when it is unpacked. */
  private Candidate compressible(ScriptedPi pi, int seed) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    byte[] large = new byte[3_000_000];
    byte[] part = new byte[600_000];
    new Random(7).nextBytes(part);
    System.arraycopy(part, 0, large, 0, part.length);
    files.put("/app/libs/large.jar", large);
    files.put("/app/libs/own.jar", jar(seed));
    return candidate(pi, "auth-server", "x", files, "large" + seed);
  }

  private List<ScriptedPi> bothStores() throws IOException {
    List<ScriptedPi> pis = new ArrayList<>();
    for (ScriptedPi pi :
        List.of(
            new ScriptedPi(ScriptedPi.TWO_SERVICES),
            new ScriptedPi(ScriptedPi.TWO_SERVICES).withContainerd())) {
      DeltaPi applier = new DeltaPi(PosixShell.DASH, Files.createTempDirectory(directory, "home"));
      appliers.put(pi, applier);
      pi.makes =
          program -> {
            applier.load(program, pi.oldDirectories.stream().map(DeltaShipTest::old).toList());
            try {
              return applier.loaded();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      pi.entries =
          (directories, questions) ->
              applier.entries(directories.stream().map(DeltaShipTest::old).toList(), questions);
      pis.add(pi);
    }
    return pis;
  }

  private final Map<ScriptedPi, DeltaPi> appliers = new LinkedHashMap<>();

  private static Deltas.OldDirectory old(String line) {
    return new Deltas.OldDirectory(line.split(" ", 2)[0], line.split(" ", 2)[1]);
  }

  private Event.Shipped ship(ScriptedPi pi, Candidate candidate) {
    deployer(pi).ship(List.of(candidate));
    List<Event.Shipped> shipped = all(Event.Shipped.class);
    return shipped.get(shipped.size() - 1);
  }

  private Deployer deployer(ScriptedPi pi) {
    return Deployers.connect(
        pi, new Stack("rpi/test", null), events::add, () -> Instant.EPOCH, pause -> {});
  }

  private List<String> warnings() {
    return all(Event.Warning.class).stream().map(Event.Warning::text).toList();
  }

  private <E extends Event> List<E> all(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private Candidate candidate(ScriptedPi pi, String service, Integer... jars) throws IOException {
    return candidate(pi, service, "classes", jars);
  }

  private Candidate candidate(ScriptedPi pi, String service, String classes, Integer... jars)
      throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (int jar : jars) {
      files.put("/app/libs/lib-" + jar + ".jar", jar(jar));
    }
    return candidate(pi, service, classes, files, Arrays.toString(jars));
  }

  private Candidate candidate(
      ScriptedPi pi, String service, String classes, Map<String, byte[]> files, String name)
      throws IOException {
    Map<String, TestTar.Entry> entries = new LinkedHashMap<>();
    files.forEach((path, content) -> entries.put(path.substring(1), TestTar.file(content)));
    Path tarball = directory.resolve(service + "-" + classes + name.hashCode() + ".tar");
    TestImages.named(service + ":latest")
        .layer("base", 30_000)
        .layer(TestTar.write(entries), Compression.GZIP)
        .layer(classes, 500)
        .writeDocker(tarball);
    Candidate candidate = Candidate.read(Specs.of(service, tarball, tarball.resolveSibling("log")));
    Objects.requireNonNull(appliers.get(pi)).put(tag(candidate), files);
    return candidate;
  }

  private static byte[] jar(int seed) {
    byte[] jar = new byte[JAR];
    new Random(seed).nextBytes(jar);
    return jar;
  }

  private static String tag(Candidate candidate) {
    return candidate.tarball().releaseTag(candidate.tarball().tag()).familiar();
  }
}
