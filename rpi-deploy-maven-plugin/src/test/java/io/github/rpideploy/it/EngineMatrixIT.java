package io.github.rpideploy.it;

import static io.github.rpideploy.image.Compression.GZIP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.spec.Strategy;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.image.TestTar;
import io.github.rpideploy.image.TestText;
import io.github.rpideploy.it.lab.BeforeLoad;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.SavedImage;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.PlannedLayer;
import io.github.rpideploy.ssh.SshConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of Docker Engine that a Pi may have, with both of its image stores. */
class EngineMatrixIT {

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          platform: linux/arm64
          init: true
          depends_on: [other]
        other:
          image: other
          platform: linux/arm64
      """;

  @TempDir private Path directory;

  private final List<Event> events = new ArrayList<>();
  private @Nullable Lab pi;
  private final BeforeLoad beforeLoad = new BeforeLoad();

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "bookworm, overlay2, 20.",
    "trixie, overlay2, 26.",
    "trixie, containerd, 26.",
    "sid, overlay2, 28.",
    "sid, containerd, 28."
  })
  void a_release_arrives_whole_or_thin_and_what_fails_touches_nothing_live(
      String suite, String store, String engine) throws Exception {
    Lab lab = Lab.up("matrix", "--suite", suite, "--store", store);
    pi = lab;
    try (SshConnection connection = SshConnection.open(lab.settings(), events::add);
        LayerCompression compression = LayerCompression.in(directory.resolve("layers"))) {
      Path compose = Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
      Stack stack = new Stack("rpi/matrix", compose);
      Deployer deployer =
          Deployers.connect(
              beforeLoad.on(connection),
              stack,
              compression,
              events::add,
              InstantSource.system(),
              Pause.SLEEP);
      Event.EngineFound found = last(Event.EngineFound.class);
      assertThat(found.version()).startsWith(engine);
      assertThat(found.store()).isEqualTo(store);

      TestService auth = new TestService("auth-server");
      wholeAndThin(deployer, auth, !engine.equals("20."));
      withoutTheOldRelease(deployer, auth);
      healed(deployer);
      madeOfOldFiles(deployer, auth);
      deployer.finish();
      refused(auth);
      thereAndBack(auth);
    } finally {
      lab.down();
    }
  }

  private void wholeAndThin(Deployer deployer, TestService auth, boolean zstd) throws Exception {
    Candidate one = auth.candidate(directory, "one");
    int layers = one.tarball().layers().size();
    Event.Shipped whole = planAndShip(deployer, one);
    assertThat(whole.layersSent()).isEqualTo(layers);
    // The words are worth it, and only an Engine from 23 on reads it.
    assertThat(whole.bytesSent() < one.tarball().layerBytes()).as("sent as zstd").isEqualTo(zstd);
    assertRunsAndIsWhole(one, "one");
    deployer.recreate(one);
    deployer.verify(one);
    deployer.finish();

    for (String version : List.of("two", "three")) {
      Candidate next = auth.candidate(directory, version);
      Event.Shipped shipped = planAndShip(deployer, next);
      assertThat(shipped.layersSent()).as(version).isEqualTo(1);
      assertThat(shipped.bytesSent()).as(version).isLessThan(10_000);
      assertRunsAndIsWhole(next, version);
    }
    assertThat(planAndShip(deployer, one).bytesSent()).isZero();
  }

  private void withoutTheOldRelease(Deployer deployer, TestService auth) throws Exception {
    Candidate two = auth.candidate(directory, "two");
    Candidate three = auth.candidate(directory, "three");
    lab().ssh("docker image rm " + tag(two));
    Candidate four = auth.candidate(directory, "four");
    assertThat(planAndShip(deployer, four).layersSent()).isEqualTo(1);
    lab().ssh("docker image rm " + tag(three));
    assertRunsAndIsWhole(four, "four");
  }

  /** What the other service's layers lie on goes between the probe and the load. */
  private void healed(Deployer deployer) throws Exception {
    TestService other = new TestService("other");
    Candidate old = other.candidate(directory, "old");
    planAndShip(deployer, old);
    Candidate next = other.candidate(directory, "next");
    events.clear();
    beforeLoad.once(lab(), "docker image rm " + tag(old));

    deployer.ship(List.of(next));

    assertThat(events)
        .filteredOn(Event.Warning.class::isInstance)
        .singleElement()
        .extracting(warning -> ((Event.Warning) warning).text())
        .asString()
        .contains("other is not usable on", "so it is sent with all its layers");
    assertThat(last(Event.Shipped.class).layersSent()).isGreaterThan(1);
    assertRunsAndIsWhole(next, "next");
  }

  /** Of some jars one has changed. */
  private void madeOfOldFiles(Deployer deployer, TestService auth) throws Exception {
    planAndShip(deployer, withJars(auth, "jars", 1));
    Candidate next = withJars(auth, "other jars", 2);
    events.clear();

    assertThat(planAndShip(deployer, next).bytesSent()).isLessThan(100_000);
    assertThat(events).doesNotHaveAnyElementsOfTypes(Event.Warning.class);
    assertRunsAndIsWhole(next, "jars");
  }

  private Candidate withJars(TestService auth, String name, int changed) throws Exception {
    Map<String, TestTar.Entry> jars = new TreeMap<>();
    for (int i = 0; i < 20; i++) {
      byte[] jar = new byte[40_000];
      new Random(i == 7 ? -changed : i).nextBytes(jar);
      jars.put("app/libs/" + i + ".jar", TestTar.file(jar));
    }
    return auth.candidate(
        auth.image("jars")
            .layer(TestTar.write(jars), GZIP)
            .writeDocker(directory.resolve(name + ".tar")));
  }

  private void refused(TestService auth) throws Exception {
    // Found when the small archive is made, and in the middle of a large one, by which time much of
    // it is on the Pi.
    Candidate small = corrupt(auth, auth.image("corrupt"), "small");
    assertRefused(small, "small.tar is damaged: layer " + topmost(small).entry());
    byte[] more = TestImages.layerTar("app/more", TestText.noise("more", 2_000_000));
    Candidate large = corrupt(auth, auth.image("corrupt").layer(more, GZIP), "large");
    assertRefused(large, "large.tar is damaged: layer " + topmost(large).entry());

    // What the tarball states fits, but the layer is not the one of the config: the Engine sees it.
    Path lying =
        auth.image("lying")
            .config(EngineMatrixIT::changeLastDiffId)
            .writeDocker(directory.resolve("lying.tar"));
    assertRefused(auth.candidate(lying), "auth-server did not arrive usable");

    Candidate good = auth.candidate(directory, "good");
    shipByAnother(good);
    assertRunsAndIsWhole(good, "good");
  }

  /** What is rolled out is written down, can be looked at, and can be gone back from. */
  private void thereAndBack(TestService auth) throws Exception {
    ServiceSpec spec =
        new ServiceSpec(
            "auth-server",
            auth.tarball(directory, "five"),
            "linux/arm64",
            SmokeSpec.NONE,
            Patience.of(Duration.ofMinutes(3)),
            directory.resolve("five.log"),
            new Policy(
                Policy.Rollback.SERVICE,
                false,
                2,
                new Strategy(Strategy.Mode.ROLLOUT, Duration.ZERO, "")));
    String one = tag(auth.candidate(directory, "one"));
    String five = tag(Candidate.read(spec));
    int before = history().size();
    try (SshConnection connection = SshConnection.open(lab().settings(), events::add);
        Deployer deployer =
            Deployers.connect(
                connection,
                new Stack("rpi/matrix", directory.resolve("compose.yaml")),
                events::add,
                InstantSource.system(),
                Pause.SLEEP)) {
      deployer.deploy(List.of(Candidate.read(spec)));
      assertRuns(deployer, five);
      events.clear();
      deployer.deploy(List.of(Candidate.read(spec)));
      assertThat(events).hasAtLeastOneElementOfType(Event.Unchanged.class);
      deployer.rollBack(List.of(spec), "1");
      assertRuns(deployer, one);
    }
    List<String> lines = history().subList(before, before + 3);
    assertThat(lines.get(0)).contains("\"before\":\"" + one + "\",\"runs\":\"" + five + "\"");
    assertThat(lines.get(1)).contains("\"outcome\":\"unchanged\"");
    assertThat(lines.get(2)).contains("\"before\":\"" + five + "\",\"runs\":\"" + one + "\"");
    // Others were shipped, and are nothing to go back to.
    assertThat(lab().ssh("docker image ls --format '{{.Repository}}:{{.Tag}}' auth-server").lines())
        .containsExactlyInAnyOrder("auth-server:latest", one, five);
  }

  private static void assertRuns(Deployer deployer, String release) {
    assertThat(deployer.view().status(List.of("auth-server"), List.of()))
        .singleElement()
        .satisfies(
            status -> {
              assertThat(status.state()).isEqualTo("running");
              assertThat(status.release()).isEqualTo(release);
              assertThat(Instant.parse(status.since())).isAfter(Instant.EPOCH);
              assertThat(status.drift()).isNull();
            });
  }

  private List<String> history() throws Exception {
    return lab().ssh("cat rpi/matrix/.rpi/history.jsonl").lines().toList();
  }

  private Candidate corrupt(TestService auth, TestImages image, String name) throws Exception {
    Path tarball = image.writeDocker(directory.resolve(name + ".tar"));
    Candidate candidate = auth.candidate(tarball);
    Layer topmost = topmost(candidate);
    byte[] bytes = Files.readAllBytes(tarball);
    bytes[(int) (topmost.offset() + topmost.size() / 2)] ^= 1;
    Files.write(tarball, bytes);
    return candidate;
  }

  private static Layer topmost(Candidate candidate) {
    List<Layer> layers = candidate.tarball().layers();
    return layers.get(layers.size() - 1);
  }

  private void assertRefused(Candidate candidate, String message) throws Exception {
    String live = live();
    assertThatThrownBy(() -> shipByAnother(candidate))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining(message);
    assertThat(live()).isEqualTo(live);
    assertThat(lab().ssh("docker image ls -q " + tag(candidate))).isEmpty();
  }

  /** After a failure a deployer does nothing more, so each has one of its own. */
  private void shipByAnother(Candidate candidate) throws Exception {
    try (SshConnection connection = SshConnection.open(lab().settings(), events::add);
        Deployer deployer =
            Deployers.connect(
                connection,
                new Stack("rpi/matrix", directory.resolve("compose.yaml")),
                events::add,
                InstantSource.system(),
                Pause.SLEEP)) {
      deployer.ship(List.of(candidate));
    }
  }

  private static void changeLastDiffId(JsonObject config) {
    JsonArray diffIds = config.getAsJsonObject("rootfs").getAsJsonArray("diff_ids");
    String last = diffIds.remove(diffIds.size() - 1).getAsString();
    diffIds.add(last.substring(0, last.length() - 1) + (last.endsWith("0") ? "1" : "0"));
  }

  /** The plan before and the ship after agree on layers and bytes. */
  private Event.Shipped planAndShip(Deployer deployer, Candidate candidate) {
    deployer.plan(List.of(candidate));
    Event.Planned planned = last(Event.Planned.class);
    deployer.ship(List.of(candidate));
    Event.Shipped shipped = last(Event.Shipped.class);
    assertThat(shipped.bytesSent()).isEqualTo(planned.bytesSent());
    assertThat(planned.layers().stream().filter(PlannedLayer::sent)).hasSize(shipped.layersSent());
    return shipped;
  }

  private void assertRunsAndIsWhole(Candidate candidate, String version) throws Exception {
    String tag = tag(candidate);
    assertThat(
            lab()
                .ssh(
                    "docker run --rm --platform linux/arm64 "
                        + tag
                        + " cat "
                        + TestService.VERSION_FILE))
        .endsWith(version);
    SavedImage.of(lab(), tag).assertIsWhole(candidate.tarball());
  }

  /** The image and the container that are live. */
  private String live() throws Exception {
    return lab()
        .ssh(
            "docker image inspect -f '{{.Id}}' auth-server:latest;"
                + " docker inspect -f '{{.Id}} {{.State.Status}} {{.State.StartedAt}}'"
                + " $(docker ps -aq --filter label=com.docker.compose.service=auth-server)");
  }

  private Lab lab() {
    return Objects.requireNonNull(pi);
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
