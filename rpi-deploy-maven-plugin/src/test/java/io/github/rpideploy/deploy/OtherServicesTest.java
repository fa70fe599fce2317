package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.Others.Mode;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.report.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherServicesTest {

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          depends_on:
            migration: {condition: service_completed_successfully, required: true}
            db: {condition: service_healthy, required: true}
            cache: {condition: service_started, required: false}
        extension-server:
          image: extension-server
          depends_on: [auth-server, proxy]
        migration:
          image: shop/migration
          depends_on:
            db: {condition: service_healthy}
        db: {image: "postgres:17"}
        cache: {image: redis}
        proxy: {image: caddy}
        grafana: {image: grafana/grafana, depends_on: [prometheus]}
        prometheus: {image: prom/prometheus}
      """;

  private static final String COMPLETED = ScriptedPi.state("exited", ",\"ExitCode\":0");
  private static final String FAILED = ScriptedPi.state("exited", ",\"ExitCode\":3");
  private static final String STARTING = ScriptedPi.health("starting");
  private static final String HEALTHY = ScriptedPi.health("healthy");

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi(COMPOSE);
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private Mode mode = Mode.START;
  private @Nullable Path composeFile;

  private void everythingGoesWell() {
    pi.others.statesOnceStarted.put("db", List.of(STARTING, STARTING, HEALTHY));
    pi.others.statesOnceStarted.put("migration", List.of(ScriptedPi.running(), COMPLETED));
  }

  @Test
  void what_a_service_needs_is_pulled_before_and_started_in_order_of_its_conditions() {
    everythingGoesWell();

    deploy("auth-server");

    assertThat(pi.changes)
        .containsExactly(
            "pull postgres:17",
            "pull shop/migration",
            "pull redis",
            "load",
            "start db",
            "start migration",
            "start cache",
            "tag " + tag("auth-server") + " auth-server:latest",
            "recreate auth-server");
    assertThat(events)
        .filteredOn(Event.OtherReady.class::isInstance)
        .extracting(event -> (Event.OtherReady) event)
        .extracting(Event.OtherReady::service, Event.OtherReady::evidence)
        .containsExactly(
            tuple("db", "healthy"), tuple("migration", "completed"), tuple("cache", "running"));
    assertThat(waiting())
        .contains(
            "db: pulling postgres:17: 0 of 1 layers",
            "db: pulling postgres:17: 1 of 1 layers",
            "db: health: starting, needed by auth-server, migration");
    assertThat(events)
        .filteredOn(Event.Pulled.class::isInstance)
        .extracting(event -> ((Event.Pulled) event).service())
        .containsExactly("db", "migration", "cache");
    assertThat(events).filteredOn(Event.Idle.class::isInstance).hasSize(1);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void an_image_that_is_there_already_is_not_called_pulled() {
    everythingGoesWell();
    pi.others.images.put("postgres:17", "linux/arm64");

    deploy("auth-server");

    assertThat(events)
        .filteredOn(Event.Pulled.class::isInstance)
        .extracting(event -> ((Event.Pulled) event).service())
        .containsExactly("migration", "cache");
  }

  @Test
  void one_that_must_be_healthy_and_has_no_health_check_is_warned_of() {
    everythingGoesWell();
    pi.others.statesOnceStarted.remove("db");

    deploy("auth-server");

    assertThat(warnings())
        .containsExactly(
            "db has no health check, so that it runs is all that auth-server, migration can wait"
                + " for, although the compose file says service_healthy");
  }

  @Test
  void it_is_started_by_the_new_compose_file() throws IOException {
    everythingGoesWell();
    composeFile =
        Files.writeString(
            directory.resolve("compose.yaml"), COMPOSE.replace("postgres:17", "postgres:18"));

    deploy("auth-server");

    assertThat(pi.changes)
        .containsSubsequence("pull postgres:18", "load", "upload", "start db", "start migration");
  }

  @Test
  void what_was_not_shipped_in_this_build_is_pulled_before_it_is_started() {
    everythingGoesWell();
    try (Deployer shipping = deployer()) {
      shipping.ship(List.of(candidate("auth-server")));
    }
    pi.changes.clear();
    pi.others.images.clear();

    try (Deployer recreating = deployer()) {
      recreating.recreate(candidate("auth-server"));
    }

    assertThat(pi.changes)
        .startsWith("pull postgres:17", "start db", "pull shop/migration", "start migration");
  }

  @Test
  void who_has_the_port_is_told_when_one_cannot_be_started() {
    everythingGoesWell();
    pi.others.refused.put("db", "Bind for 0.0.0.0:5432 failed: port is already allocated");
    pi.portHolder = "old-postgres\n";

    assertThat(failureOf("auth-server"))
        .hasMessageContaining("port 5432 on the Pi is already in use by container old-postgres");
  }

  @Test
  void what_is_optional_for_one_and_required_by_another_is_required() {
    everythingGoesWell();
    pi.composeYaml = COMPOSE.replace("{image: caddy}", "{image: caddy, depends_on: [cache]}");
    pi.others.registry.put("redis", "Error: manifest for redis:latest not found\npulled 1\n");

    assertThat(failureOf("auth-server", "extension-server"))
        .hasMessageStartingWith("The Pi cannot pull redis for cache: ");
  }

  @Test
  void a_plan_warns_of_one_that_is_not_good_and_tells_no_idle_one_that_has_run() {
    everythingGoesWell();
    pi.others.runs("db", ScriptedPi.health("unhealthy"));
    pi.others.runs("grafana", COMPLETED);

    try (Deployer deployer = deployer()) {
      deployer.plan(List.of(candidate("auth-server")));
    }

    assertThat(warnings())
        .containsExactly(
            "db, needed by auth-server, migration, is not good: health: unhealthy. A deploy would"
                + " fail");
    assertThat(events).noneMatch(Event.Idle.class::isInstance);
  }

  @Test
  void what_a_module_needs_that_is_not_deployed_now_is_started_too_but_no_module() {
    everythingGoesWell();
    pi.putImage("auth-server:latest", "sha256:old");
    pi.others.runs("auth-server", ScriptedPi.running());

    deploy("extension-server");

    assertThat(pi.changes)
        .containsSubsequence("start db", "start migration", "start cache", "start proxy")
        .doesNotContain("start auth-server", "start prometheus", "recreate auth-server");
  }

  @Test
  void where_all_of_it_runs_nothing_is_done_and_nothing_more_is_asked() {
    everythingGoesWell();
    deploy("auth-server", "extension-server");
    pi.changes.clear();
    events.clear();
    List<String> commands = new ArrayList<>();
    pi.heard = commands::add;

    deploy("auth-server", "extension-server");

    assertThat(pi.changes).noneMatch(change -> change.matches("(start|pull) .*"));
    assertThat(commands).noneMatch(line -> line.matches("(?s).*(start|pull)\\.sh .*"));
    assertThat(commands)
        .noneMatch(line -> line.matches(".* container inspect .*container-(db|cache|proxy)"));
    assertThat(events).noneMatch(Event.OtherReady.class::isInstance);
  }

  @Test
  void one_that_has_stopped_is_started_and_a_migration_that_has_failed_runs_again() {
    everythingGoesWell();
    pi.others.runs("db", COMPLETED);
    pi.others.runs("migration", FAILED);
    pi.others.runs("cache", ScriptedPi.running());

    deploy("auth-server");

    assertThat(pi.changes)
        .containsSubsequence("start db", "start migration", "recreate auth-server")
        .doesNotContain("start cache", "pull redis");
    assertThat(events)
        .contains(
            new Event.StartingOther(
                "db", "auth-server, migration", false, "it has exited (code 0)"),
            new Event.StartingOther("migration", "auth-server", false, "it has exited (code 3)"));
  }

  @Test
  void one_that_runs_but_is_not_healthy_yet_is_waited_for() {
    pi.others.runs("db", STARTING, STARTING, HEALTHY);
    pi.others.runs("migration", COMPLETED);
    pi.others.runs("cache", ScriptedPi.running());

    deploy("auth-server");

    assertThat(pi.changes).doesNotContain("start db").contains("recreate auth-server");
    assertThat(waiting()).contains("db: health: starting, needed by auth-server, migration");
  }

  @Test
  void one_that_gets_unhealthy_fails_with_its_log_and_no_deployed_service_was_touched() {
    everythingGoesWell();
    pi.others.statesOnceStarted.put("db", List.of(STARTING, ScriptedPi.health("unhealthy")));
    pi.logs.put("db", "initdb: error: no space\n");

    DeployException failure = failureOf("auth-server");

    assertThat(failure)
        .hasMessageStartingWith("db on pi@raspberrypi:22 is not good: health: unhealthy")
        .hasMessageContaining(
            "It is needed by auth-server, migration (depends_on), and no deployed service was touched");
    assertThat(failure.hint()).contains("docker compose logs db", "-Drpi.others=leave");
    assertThat(events)
        .filteredOn(Event.LogCollected.class::isInstance)
        .extracting(event -> ((Event.LogCollected) event).lastLines())
        .containsExactly(List.of("initdb: error: no space"));
    assertThat(pi.changes).doesNotContain("recreate auth-server", "start migration");
  }

  @Test
  void a_migration_that_fails_stops_the_deploy() {
    everythingGoesWell();
    pi.others.statesOnceStarted.put("migration", List.of(ScriptedPi.running(), FAILED));

    assertThat(failureOf("auth-server"))
        .hasMessageContaining("migration on pi@raspberrypi:22 is not good: exited (code 3)");
    assertThat(pi.changes).doesNotContain("recreate auth-server");
  }

  @Test
  void one_that_takes_too_long_fails_after_the_time_it_has() {
    everythingGoesWell();
    pi.others.statesOnceStarted.put("migration", List.of(ScriptedPi.running()));

    assertThat(failureOf("auth-server"))
        .hasMessageContaining("is not good: running, still after 300 s");
    assertThat(now.get()).as("db took 2 s").isEqualTo(Instant.EPOCH.plusSeconds(302));
  }

  @Test
  void what_compose_cannot_start_is_told_in_its_words() {
    everythingGoesWell();
    pi.others.refused.put("db", "Error: No such image: test-db:latest");

    assertThat(failureOf("auth-server"))
        .hasMessageContaining("Compose could not start db on pi@raspberrypi:22: Error: No such")
        .hasMessageContaining("no deployed service was touched");
  }

  @Test
  void what_the_compose_file_calls_optional_is_only_warned_of() {
    everythingGoesWell();
    pi.others.registry.put("redis", "Error: manifest for redis:latest not found\npulled 1\n");
    pi.others.statesOnceStarted.put("cache", List.of(FAILED));

    assertThatCode(() -> deploy("auth-server")).doesNotThrowAnyException();

    assertThat(warnings())
        .as("and is then left alone")
        .singleElement()
        .asString()
        .endsWith("(the compose file calls it optional)");
    assertThat(pi.changes).contains("recreate auth-server").doesNotContain("start cache");
  }

  @Test
  void a_pull_that_fails_comes_before_anything_is_sent() {
    pi.others.registry.put(
        "postgres:17",
        "Error response from daemon: Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup"
            + " registry-1.docker.io: no such host\npulled 1\n");

    DeployException failure = failureOf("auth-server");

    assertThat(failure)
        .hasMessageStartingWith(
            "The Pi cannot pull postgres:17 for db: the Pi cannot reach its registry\n"
                + "Docker on pi@raspberrypi:22 said: Error response from daemon: Get")
        .hasMessageContaining("no deployed service was touched");
    assertThat(failure.hint())
        .isEqualTo(
            "Give the Pi access to the registry, or send the image from here: docker pull --platform"
                + " linux/arm64 postgres:17 && docker save postgres:17 | ssh pi@raspberrypi 'cd"
                + " rpi/test && docker load'");
    assertThat(pi.changes).containsExactly("pull postgres:17");
  }

  @Test
  void an_image_for_another_processor_is_refused_before_it_runs() {
    pi.others.images.put("postgres:17", "linux/s390x");

    assertThat(failureOf("auth-server"))
        .hasMessageContaining(
            "The Pi cannot run postgres:17 of db: it is made for linux/s390x, and the Engine on"
                + " pi@raspberrypi:22 is linux/arm64");
    assertThat(pi.changes).isEmpty();
  }

  @Test
  void the_plan_says_what_would_be_started_and_pulled_and_names_once_what_nothing_starts() {
    pi.putImage("redis:latest", "sha256:" + "d".repeat(64));
    pi.others.runs("db", STARTING);

    try (Deployer deployer = deployer()) {
      deployer.plan(List.of(candidate("auth-server"), candidate("extension-server")));
      deployer.plan(List.of(candidate("auth-server")));
    }

    assertThat(events)
        .filteredOn(Event.PlannedOther.class::isInstance)
        .hasSize(5)
        .startsWith(
            new Event.PlannedOther(
                "migration", "auth-server", "shop/migration", true, "it has no container yet"),
            new Event.PlannedOther(
                "cache", "auth-server", "redis", false, "it has no container yet"));
    assertThat(events)
        .filteredOn(Event.Idle.class::isInstance)
        .containsExactly(
            new Event.Idle(
                List.of("grafana"),
                "ssh pi@raspberrypi 'cd rpi/test && docker compose up -d grafana'"));
    assertThat(events)
        .filteredOn(Event.PlanTotal.class::isInstance)
        .first()
        .satisfies(
            total -> {
              assertThat(((Event.PlanTotal) total).started()).isEqualTo(3);
              assertThat(((Event.PlanTotal) total).pulled()).isEqualTo(2);
              assertThat(((Event.PlanTotal) total).bytesSent()).isPositive();
            });
    assertThat(pi.changes).isEmpty();
  }

  @Test
  void with_leave_nothing_is_done() {
    mode = Mode.LEAVE;

    deploy("auth-server");

    assertThat(pi.changes)
        .containsExactly(
            "load", "tag " + tag("auth-server") + " auth-server:latest", "recreate auth-server");
    assertThat(events).noneMatch(Event.Idle.class::isInstance);
  }

  @Test
  void with_update_one_whose_part_of_the_file_has_changed_is_recreated_and_no_other() {
    everythingGoesWell();
    deploy("auth-server");
    pi.changes.clear();
    pi.composeYaml = COMPOSE.replace("postgres:17", "postgres:18");

    deploy("auth-server");
    assertThat(pi.changes).doesNotContain("recreate db");

    mode = Mode.UPDATE;
    deploy("auth-server");
    assertThat(pi.changes).contains("pull postgres:18", "recreate db");
    assertThat(pi.changes).doesNotContain("recreate migration", "start migration");
  }

  @Test
  void a_rollback_does_not_touch_them() {
    everythingGoesWell();
    deploy("auth-server");
    deployBuild("auth-server", "next");
    pi.others.runs("db", COMPLETED);
    pi.changes.clear();

    try (Deployer deployer = deployer()) {
      deployer.rollBack(List.of(candidate("auth-server").spec()), "1");
    }

    assertThat(pi.changes).doesNotContain("start db").contains("recreate auth-server");
  }

  private List<String> warnings() {
    return events.stream()
        .filter(Event.Warning.class::isInstance)
        .map(event -> ((Event.Warning) event).text())
        .toList();
  }

  private List<String> waiting() {
    return events.stream()
        .filter(Event.Waiting.class::isInstance)
        .map(event -> ((Event.Waiting) event).service() + ": " + ((Event.Waiting) event).state())
        .toList();
  }

  private DeployException failureOf(String... services) {
    return catchThrowableOfType(DeployException.class, () -> deploy(services));
  }

  private void deploy(String... services) {
    try (Deployer deployer = deployer()) {
      deployer.deploy(List.of(services).stream().map(this::candidate).toList());
    }
  }

  private void deployBuild(String service, String build) {
    try (Deployer deployer = deployer()) {
      deployer.deploy(List.of(Specs.candidate(directory, service, build, Policy.DEFAULT)));
    }
  }

  private Deployer deployer() {
    return Deployer.connect(
        pi,
        new Stack("rpi/test", composeFile),
        new BuildContext(
            new LockRequest("", Duration.ZERO, Duration.ZERO),
            new Others(mode, Duration.ofMinutes(5), Set.of("auth-server", "extension-server")),
            () -> Origin.UNKNOWN,
            LayerCompression.none(),
            events::add,
            now::get,
            pause -> now.updateAndGet(instant -> instant.plus(pause))));
  }

  private Candidate candidate(String service) {
    return Specs.candidate(directory, service, "one", Policy.DEFAULT);
  }

  private String tag(String service) {
    return service + ":rpi-" + candidate(service).tarball().configDigest().shortHex();
  }
}
