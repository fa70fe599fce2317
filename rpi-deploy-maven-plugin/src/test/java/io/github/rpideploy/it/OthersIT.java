package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.BuildContext;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.Registry;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A stack with a database that is healthy after a while, a migration that must complete, and a
 * service that needs both; a real Engine pulls them from a real registry. Nothing is emulated: what
 * matters here is how compose and the Engine wait, and PostgreSQL would take half a minute.
 */
class OthersIT {

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          platform: linux/amd64
          stop_signal: SIGKILL
          depends_on:
            db: {condition: service_healthy}
            migration: {condition: service_completed_successfully}
        migration:
          image: 127.0.0.1:5000/shop/migration:1
          platform: linux/amd64
          depends_on:
            db: {condition: service_healthy}
        db:
          image: 127.0.0.1:5000/database:17
          platform: linux/amd64
          stop_signal: SIGKILL
          healthcheck: {test: "test -e /ready", interval: 1s, timeout: 10s, retries: 30}
        admin:
          image: 127.0.0.1:5000/admin:1
      """;

  /** The real thing. */
  private static final String POSTGRES =
      """
      services:
        auth-server:
          image: auth-server
          platform: linux/amd64
          stop_signal: SIGKILL
          depends_on:
            db: {condition: service_healthy}
            migration: {condition: service_completed_successfully}
        migration:
          image: 127.0.0.1:5000/postgres:17
          platform: linux/amd64
          command: psql -h db -c "create table users (name text)" -c "insert into users values ('ann')"
          depends_on:
            db: {condition: service_healthy}
        db:
          image: 127.0.0.1:5000/postgres:17
          platform: linux/amd64
          stop_signal: SIGKILL
          healthcheck: {test: "pg_isready -q", interval: 2s, timeout: 20s, retries: 80}
      """;

  private static final String DB =
      "sleep 3; mkdir /www; echo yes >/www/index.html; touch /ready; exec httpd -f -p 8080 -h /www";

  /** Fails where the database does not answer. */
  private static final String MIGRATION = "wget -qO /dev/null http://db:8080/index.html";

  @TempDir private Path directory;

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private Others.Mode mode = Others.Mode.START;
  private String compose = COMPOSE;
  private Lab pi;
  private Registry registry;

  private void up(String... options) throws Exception {
    pi = Lab.up("others", options);
    registry = new Registry(pi);
    registry.add("database:17", small("database", DB));
    registry.add("shop/migration:1", small("migration", MIGRATION));
  }

  @AfterEach
  void takeDown() throws Exception {
    registry.close();
    pi.down();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"bookworm", "trixie"})
  void a_whole_stack_from_nothing(String suite) throws Exception {
    up("--suite", suite);

    deploy("one");

    assertThat(registry.asked()).anyMatch(path -> path.startsWith("/v2/database/blobs/"));
    assertThat(ready()).containsExactly("db: healthy", "migration: completed");
    assertThat(events)
        .filteredOn(Event.Pulled.class::isInstance)
        .extracting(event -> ((Event.Pulled) event).image())
        .containsExactly("127.0.0.1:5000/database:17", "127.0.0.1:5000/shop/migration:1");
    assertThat(events)
        .filteredOn(Event.Idle.class::isInstance)
        .extracting(event -> ((Event.Idle) event).services())
        .containsExactly(List.of("admin"));
    String containers = containers();
    assertThat(containers.lines()).hasSize(3);

    // Nothing has changed.
    events.clear();
    deploy("one");
    assertThat(events).anyMatch(Event.Unchanged.class::isInstance);
    assertThat(ready()).isEmpty();
    assertThat(containers()).isEqualTo(containers);
    assertThat(registry.asked()).isEmpty();

    // What has stopped is started again, and not made anew.
    pi.ssh("cd rpi/others && docker stop $(docker ps -q --filter name=db) >/dev/null");
    events.clear();
    deploy("two");
    assertThat(ready()).containsExactly("db: healthy");
    assertThat(container("db")).isEqualTo(idOf(containers, "db"));
    assertThat(container("migration")).isEqualTo(idOf(containers, "migration"));

    // Its part of the file has changed: that counts only where the user wants it.
    compose = COMPOSE.replace("retries: 30", "retries: 31");
    deploy("three");
    assertThat(container("db")).isEqualTo(idOf(containers, "db"));
    mode = Others.Mode.UPDATE;
    events.clear();
    deploy("four");
    assertThat(container("db")).isNotEqualTo(idOf(containers, "db"));
    assertThat(container("migration")).isEqualTo(idOf(containers, "migration"));
    String updated = container("db");
    deploy("five");
    assertThat(container("db")).isEqualTo(updated);
  }

  @Test
  void a_PostgreSQL_a_migration_that_must_complete_and_a_service_that_needs_both()
      throws Exception {
    up();
    registry.add("postgres:17", Lab.postgres("amd64"));
    compose = POSTGRES;

    deploy("one");

    assertThat(registry.asked()).anyMatch(path -> path.startsWith("/v2/postgres/blobs/"));
    assertThat(ready()).containsExactly("db: healthy", "migration: completed");
    assertThat(users()).isEqualTo("ann");
    String containers = containers();

    // Neither is made or run again, so the data stays as it is.
    events.clear();
    deploy("two");
    assertThat(ready()).isEmpty();
    assertThat(registry.asked()).isEmpty();
    assertThat(container("db")).isEqualTo(idOf(containers, "db"));
    assertThat(container("migration")).isEqualTo(idOf(containers, "migration"));
    assertThat(container("auth-server")).isNotEqualTo(idOf(containers, "auth-server"));
    assertThat(users()).isEqualTo("ann");
  }

  private String users() throws Exception {
    return pi.ssh(
        "docker exec $(docker ps -q --filter name=db) psql -tAc 'select name from users'");
  }

  @Test
  void what_cannot_be_pulled_or_does_not_run_is_told_and_nothing_is_touched() throws Exception {
    up();
    mode = Others.Mode.LEAVE;
    deploy("one");
    final String service = container("auth-server");
    mode = Others.Mode.START;
    registry.add("elsewhere:1", small("elsewhere", DB), "s390x");
    registry.addIndex("elsewhere:2", small("elsewhere", DB), "s390x");
    registry.add("broken:1", small("broken", "echo 'no space for the database'; exit 3"));
    List<String> flaws = new ArrayList<>();
    fails(flaws, "database:99", "there is no such image or tag in its registry", "Check image:");
    fails(flaws, "limited/db:1", "its registry limits how much is pulled", "docker login");
    fails(flaws, "private/db:1", "or its registry wants a login", "docker login 127.0.0.1:5000");
    fails(flaws, "elsewhere:2", "it is not made for linux/amd64", "Name an image");
    fails(flaws, "elsewhere:1", "", "Name an image");
    fails(flaws, "broken:1", "db on pi@127.0.0.1", "docker compose logs db");
    assertThat(events)
        .filteredOn(Event.LogCollected.class::isInstance)
        .anyMatch(event -> event.toString().contains("no space for the database"));
    registry.close();
    fails(flaws, "database:18", "the Pi cannot reach its registry", "docker save");

    assertThat(flaws).isEmpty();
    assertThat(container("auth-server")).isEqualTo(service);
  }

  /** The link is cut while a layer is on its way; the next deploy goes on. */
  @Test
  void a_pull_that_is_cut_leaves_nothing_behind_and_the_next_one_goes_on() throws Exception {
    up();
    registry.hang(true);
    Thread cutter =
        new Thread(
            () -> {
              try {
                Lab.await(
                    "the pull is on its way",
                    () -> registry.asked().stream().anyMatch(path -> path.contains("/blobs/")));
                Lab.await("signs of life", () -> signs() >= 2);
                pi.cut();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    cutter.start();
    DeployException failure = catchThrowableOfType(DeployException.class, () -> deploy("one"));
    assertThat(failure).hasMessageContaining("lost");
    cutter.join();
    assertThat(pi.ssh("docker ps -aq")).isEmpty();
    registry.hang(false);

    deploy("one");

    assertThat(ready()).containsExactly("db: healthy", "migration: completed");
  }

  private long signs() {
    return events.stream()
        .filter(Event.Waiting.class::isInstance)
        .filter(event -> event.toString().contains("pulling 127.0.0.1:5000/database:17"))
        .count();
  }

  private void fails(List<String> flaws, String image, String says, String hint) throws Exception {
    compose = COMPOSE.replace("127.0.0.1:5000/database:17", "127.0.0.1:5000/" + image);
    DeployException failure = catchThrowableOfType(DeployException.class, () -> deploy("two"));
    if (failure == null) {
      flaws.add(image + " did not fail");
      return;
    }
    System.out.println("OthersIT " + image + ":\n" + failure.getMessage() + "\n" + failure.hint());
    if (!failure.getMessage().contains(says)
        || !failure.getMessage().contains("no deployed service was touched")
        || !failure.hint().contains(hint)) {
      flaws.add(image + ": " + failure.getMessage() + " -> " + failure.hint());
    }
    pi.ssh("docker ps -aq --filter name=db | xargs -r docker rm -f");
  }

  private List<String> ready() {
    return events.stream()
        .filter(Event.OtherReady.class::isInstance)
        .map(Event.OtherReady.class::cast)
        .map(ready -> ready.service() + ": " + ready.evidence())
        .toList();
  }

  /** All of the project, in no order that counts. */
  private String containers() throws Exception {
    return pi.ssh("docker ps -a --no-trunc --format '{{.ID}} {{.Names}}' | sort");
  }

  private String container(String service) throws Exception {
    return idOf(containers(), service);
  }

  private static String idOf(String containers, String service) {
    return containers
        .lines()
        .filter(line -> line.matches(".*others[-_]" + service + "[-_]1"))
        .map(line -> line.split(" ", -1)[0])
        .findFirst()
        .orElseThrow();
  }

  private void deploy(String version) throws Exception {
    Path file = Files.writeString(directory.resolve("compose.yaml"), compose);
    Candidate candidate =
        TestService.fast("auth-server")
            .candidate(small("auth-server", TestService.RUNS + " # " + version));
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {});
        Deployer deployer =
            Deployer.connect(
                connection,
                new Stack("rpi/others", file),
                new BuildContext(
                    new LockRequest("", Duration.ofMinutes(1), Duration.ofMinutes(1)),
                    new Others(mode, Duration.ofMinutes(3), Set.of("auth-server")),
                    () -> Origin.UNKNOWN,
                    LayerCompression.none(),
                    events::add,
                    InstantSource.system(),
                    Pause.SLEEP))) {
      deployer.deploy(List.of(candidate));
    }
  }

  private Path small(String name, String command) throws Exception {
    return TestService.fast(name).smallTarball(directory, "x", command);
  }
}
