package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.BuildContext;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.FilesSpec;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.SshConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever a compose file does to the digests that compose makes of its services, a second deploy
 * recreates nothing. Takes long because three versions of compose each start ten real containers.
 */
@Timeout(600)
class UnchangedIT {

  private static final String COMPOSE =
      """
      include: [common/included.yaml]
      x-service: &service
        image: web
        platform: linux/amd64
        stop_signal: SIGKILL
      services:
        plain:
          <<: *service
          healthcheck: {test: "true", interval: 5s, timeout: 10s}
        short:
          <<: *service
          depends_on: [plain]
        long:
          <<: *service
          depends_on:
            plain: {condition: service_healthy}
            short: {condition: service_started}
        profiled:
          <<: *service
          profiles: [extra]
        extended:
          extends: {file: common/base.yaml, service: base}
        interpolated:
          <<: *service
          environment: {PLACE: "${PLACE}", MOOD: "${MOOD:-good}"}
        overridden:
          <<: *service
        replicated:
          <<: *service
          deploy: {replicas: 2}
      """;

  private static final String BASE =
      """
      services:
        base: {image: web, platform: linux/amd64, stop_signal: SIGKILL, environment: {FROM: base}}
      """;

  private static final String INCLUDED =
      """
      services:
        included:
          {image: web, platform: linux/amd64, stop_signal: SIGKILL, depends_on: [plain]}
      """;

  private static final String OVERRIDE =
      """
      services:
        overridden: {environment: {PLACE: the Pi}, depends_on: [plain]}
      """;

  @TempDir private Path directory;

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private Lab pi;

  @AfterEach
  void takeDown() throws Exception {
    pi.down();
  }

  /** Compose 1.29 knows no include. */
  @ParameterizedTest(name = "compose {1}")
  @CsvSource({"bookworm, 1.29", "trixie, 2.26", "sid, 2.40"})
  void two_deploys_without_a_change_recreate_nothing(String suite, String compose)
      throws Exception {
    pi = Lab.up("unchanged-" + suite, "--suite", suite);
    boolean includes = !compose.equals("1.29");
    List<String> services =
        new ArrayList<>(List.of("plain", "short", "long", "profiled", "extended", "interpolated"));
    services.addAll(List.of("overridden", "replicated"));
    if (includes) {
      services.add("included");
    }
    put("compose.yaml", includes ? COMPOSE : COMPOSE.replaceFirst("include: .*\n", ""));
    put("compose.pi.yaml", OVERRIDE);
    put("common/base.yaml", BASE);
    put("common/included.yaml", INCLUDED);
    put(".env", "PLACE=mars\n");
    Path tarball = TestService.fast("web").smallTarball(directory, "x", "exec sleep 1000000");
    for (String service : services) {
      candidates.add(
          Candidate.read(
              new ServiceSpec(
                  service,
                  tarball,
                  "linux/amd64",
                  SmokeSpec.NONE,
                  Duration.ofMinutes(3),
                  directory.resolve(service + ".log"))));
    }

    with(deployer -> deployer.deploy(candidates));

    assertThat(events)
        .filteredOn(Event.EngineFound.class::isInstance)
        .allMatch(event -> event.toString().contains("compose=" + compose));
    assertThat(recreated()).containsExactlyElementsOf(services);
    List<String> containers = containers();
    assertThat(containers).hasSize(services.size() + 1);

    with(deployer -> deployer.plan(candidates));
    assertThat(events)
        .filteredOn(Event.Planned.class::isInstance)
        .hasSize(services.size())
        .noneMatch(planned -> ((Event.Planned) planned).recreated());
    with(deployer -> deployer.deploy(candidates));
    assertThat(recreated()).isEmpty();
    assertThat(containers()).isEqualTo(containers);

    // What does change is seen.
    put(".env", "PLACE=the moon\n");
    with(deployer -> deployer.deploy(candidates));
    assertThat(recreated()).containsExactly("interpolated");
  }

  private List<String> recreated() {
    return events.stream()
        .filter(Event.Recreated.class::isInstance)
        .map(event -> ((Event.Recreated) event).service())
        .toList();
  }

  private List<String> containers() throws Exception {
    return pi.ssh("docker ps --no-trunc --format '{{.ID}} {{.Names}}' | sort").lines().toList();
  }

  private void put(String path, String content) throws Exception {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private void with(Consumer<Deployer> work) throws Exception {
    events.clear();
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {});
        Deployer deployer =
            Deployer.connect(
                connection,
                new Stack(
                    "rpi/unchanged",
                    directory.resolve("compose.yaml"),
                    false,
                    new FilesSpec(
                        directory.resolve("compose.pi.yaml"), List.of(".env"), 10_000_000, false)),
                new BuildContext(
                    new LockRequest("", Duration.ofMinutes(1), Duration.ofMinutes(1)),
                    new Others(Others.Mode.START, Duration.ofMinutes(3), Set.of()),
                    () -> Origin.UNKNOWN,
                    LayerCompression.none(),
                    events::add,
                    InstantSource.system(),
                    Pause.SLEEP))) {
      work.accept(deployer);
    }
  }
}
