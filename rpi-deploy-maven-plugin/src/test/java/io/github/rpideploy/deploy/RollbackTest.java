package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.TestSpec;
import io.github.rpideploy.report.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollbackTest {

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
        extension-server:
          image: extension-server
        mail-server:
          image: mail-server
      """;

  private static final String EXITED = ScriptedPi.state("exited", ",\"ExitCode\":1");

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi(COMPOSE);
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private Policy policy = Policy.DEFAULT;
  private SmokeSpec smoke = SmokeSpec.NONE;
  private @Nullable Path composeFile;

  @Test
  void a_service_that_is_not_good_goes_back_to_the_image_of_its_container_and_is_verified() {
    deploy(candidate("auth-server", "good"));
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);

    DeployException failure = failureOf(bad);

    assertThat(pi.changes)
        .endsWith(
            "tag " + id("auth-server", "good") + " auth-server:latest", "recreate auth-server");
    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "good"));
    assertThat(pi.idOf("auth-server:latest")).isEqualTo(id("auth-server", "good"));
    assertThat(failure)
        .hasMessageContaining("auth-server on pi@raspberrypi:22 is not good: the container exited")
        .hasMessageContaining(
            "auth-server is back on " + tag("auth-server", "good") + ", verified");
    assertThat(failure.hint()).contains("works again").contains("auth-server.log");
    assertThat(events)
        .last()
        .isEqualTo(
            new Event.RolledBack(
                "auth-server",
                tag("auth-server", "good"),
                "running, no restart",
                Duration.ofSeconds(4)));
  }

  @Test
  void what_the_live_tag_names_is_no_release_of_it_when_its_container_runs_another() {
    deploy(candidate("auth-server", "good"));
    pi.putImage("auth-server:latest", "sha256:of-another-project");
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);

    failureOf(bad);

    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "good"));
  }

  @Test
  void a_live_tag_without_a_container_is_nothing_to_go_back_to() {
    pi.putImage("auth-server:latest", "sha256:of-another-project");
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);

    DeployException failure = failureOf(bad);

    assertThat(failure)
        .hasMessageContaining("There is nothing to go back to: auth-server had no container before")
        .hasMessageContaining("left for inspection");
    assertThat(failure.hint()).contains("docker compose logs auth-server");
    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "bad"));
    assertThat(pi.changes).filteredOn("recreate auth-server"::equals).hasSize(1);
  }

  @Test
  void a_failed_release_whose_container_is_gone_has_no_log() {
    deploy(candidate("auth-server", "good"));
    pi.recreateResult =
        result -> {
          pi.recreateResult = same -> same;
          pi.heard =
              line -> {
                if (line.contains(" container inspect ")) {
                  pi.heard = any -> {};
                  pi.containers.remove(List.of("container-auth-server"));
                }
              };
          return result;
        };

    DeployException failure = failureOf(candidate("auth-server", "new"));

    assertThat(failure).hasMessageContaining("is not good: ").hasMessageContaining("is back on");
    assertThat(failure.hint()).isEqualTo("The Pi works again. Fix auth-server and deploy again");
  }

  @Test
  void a_first_release_of_which_nothing_was_made_is_not_left_for_inspection() {
    pi.recreateResult =
        result -> {
          pi.containers.remove(List.of("container-auth-server"));
          return ScriptedPi.failed("invalid mount config");
        };

    assertThat(failureOf(candidate("auth-server", "bad")).getMessage().lines())
        .last()
        .isEqualTo(
            "There is nothing to go back to: auth-server had no container before, and has none"
                + " now");
  }

  @Test
  void what_may_have_been_made_is_left_for_inspection_when_the_Pi_does_not_tell() {
    pi.recreateResult =
        result -> {
          pi.heard =
              line -> {
                if (line.contains(" containers.sh ")) {
                  throw new DeployException("no answer", "wait");
                }
              };
          return ScriptedPi.failed("invalid mount config");
        };

    assertThat(failureOf(candidate("auth-server", "bad")))
        .hasMessageContaining("invalid mount config")
        .hasMessageContaining("left for inspection");
  }

  @Test
  void with_none_it_is_left_and_the_way_back_is_named() {
    deploy(candidate("auth-server", "good"));
    policy = new Policy(Policy.Rollback.NONE, false);
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);

    DeployException failure = failureOf(bad);

    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "bad"));
    assertThat(failure).hasMessageContaining("It was left as it is");
    assertThat(failure.hint())
        .contains(
            "docker tag "
                + id("auth-server", "good")
                + " auth-server:latest && docker compose up -d --force-recreate --no-deps"
                + " auth-server");
  }

  @Test
  void with_none_a_first_release_has_no_way_back_to_be_named() {
    policy = new Policy(Policy.Rollback.NONE, false);
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);

    DeployException failure = failureOf(bad);

    assertThat(failure).hasMessageContaining("It was left as it is");
    assertThat(failure.hint()).startsWith("Inspect it: ").doesNotContain("Go back");
  }

  @Test
  void with_service_the_ones_that_were_verified_before_it_stay() {
    deploy(candidate("auth-server", "good"), candidate("extension-server", "good"));
    Candidate bad = candidate("extension-server", "bad");
    breakIt(bad);
    List<String> asked = new ArrayList<>();
    onTheWayBack("hashes.sh", () -> asked.add("of which file they are"));

    failureOf(candidate("auth-server", "new"), bad);

    assertThat(asked).as("the compose file is the same").isEmpty();
    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "new"));
    assertThat(pi.runs("extension-server")).isEqualTo(id("extension-server", "good"));
  }

  @Test
  void with_all_every_service_goes_back_the_last_one_first() {
    deploy(
        candidate("auth-server", "good"),
        candidate("mail-server", "good"),
        candidate("extension-server", "good"));
    policy = new Policy(Policy.Rollback.ALL, false);
    Candidate bad = candidate("extension-server", "bad");
    breakIt(bad);
    pi.changes.clear();

    DeployException failure =
        failureOf(candidate("auth-server", "new"), candidate("mail-server", "new"), bad);

    assertThat(pi.changes)
        .filteredOn(change -> change.startsWith("recreate"))
        .containsExactly(
            "recreate auth-server",
            "recreate mail-server",
            "recreate extension-server",
            "recreate extension-server",
            "recreate mail-server",
            "recreate auth-server");
    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "good"));
    assertThat(pi.runs("mail-server")).isEqualTo(id("mail-server", "good"));
    assertThat(pi.runs("extension-server")).isEqualTo(id("extension-server", "good"));
    assertThat(failure.getMessage().lines().skip(1))
        .containsExactly(
            "extension-server is back on " + tag("extension-server", "good") + ", verified",
            "mail-server is back on " + tag("mail-server", "good") + ", verified",
            "auth-server is back on " + tag("auth-server", "good") + ", verified");
  }

  @Test
  void with_all_the_others_go_back_although_the_failed_one_is_a_first_release() {
    deploy(candidate("auth-server", "good"));
    policy = new Policy(Policy.Rollback.ALL, false);
    Candidate bad = candidate("extension-server", "bad");
    breakIt(bad);

    DeployException failure = failureOf(candidate("auth-server", "new"), bad);

    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "good"));
    assertThat(pi.runs("extension-server")).isEqualTo(id("extension-server", "bad"));
    assertThat(failure.getMessage().lines().skip(1))
        .containsExactly(
            "There is nothing to go back to: extension-server had no container before. The new one"
                + " was left for inspection, with image "
                + tag("extension-server", "bad"),
            "auth-server is back on " + tag("auth-server", "good") + ", verified");
    assertThat(failure.hint()).startsWith("Inspect it: ");
  }

  @Test
  void the_Pi_goes_back_by_itself_when_it_is_lost_on_the_way_back() {
    deploy(candidate("auth-server", "good"));
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);
    onTheWayBack(" recreate.sh ", pi::loseLock);

    DeployException failure = failureOf(bad);

    assertThat(failure.getMessage().lines().skip(1))
        .containsExactly(
            "auth-server was not confirmed before the Pi was lost. The Pi lets it go back to "
                + tag("auth-server", "good")
                + " by itself");
    assertThat(failure.hint()).isEqualTo("See what runs: mvn rpi:status; then deploy again");
  }

  @Test
  void a_verdict_on_the_old_image_counts_although_the_Pi_is_lost_after_it() {
    deploy(candidate("auth-server", "good"));
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);
    breakIt(candidate("auth-server", "good"));
    onTheWayBack(" logs ", pi::loseLock);

    assertThat(failureOf(bad))
        .hasMessageContaining("auth-server could not go back to " + tag("auth-server", "good"))
        .hasMessageContaining("it is not good with that either")
        .hasMessageNotContaining("tries it once more");
  }

  @Test
  void what_is_back_is_back_although_the_Pi_is_lost_after_it() {
    deploy(candidate("auth-server", "good"));
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);
    Deployer deployer =
        pi.deployer(
            composeFile,
            event -> {
              if (event instanceof Event.RolledBack) {
                pi.loseLock();
              }
            },
            now::get,
            pause -> now.updateAndGet(instant -> instant.plus(pause)));

    DeployException failure =
        catchThrowableOfType(DeployException.class, () -> deployer.deploy(List.of(bad)));

    assertThat(failure.getMessage().lines().skip(1))
        .containsExactly("auth-server is back on " + tag("auth-server", "good") + ", verified");
  }

  @Test
  void an_interrupted_build_takes_nothing_back() {
    deploy(candidate("auth-server", "good"));
    pi.changes.clear();
    pi.heard =
        line -> {
          if (line.contains("container inspect") && pi.intents.containsKey("auth-server")) {
            Thread.currentThread().interrupt();
            throw new DeployException("interrupted on purpose", "Deploy again");
          }
        };

    DeployException failure = failureOf(candidate("auth-server", "new"));

    assertThat(Thread.interrupted()).as("it still is").isTrue();
    assertThat(failure).hasMessage("interrupted on purpose");
    assertThat(pi.changes).filteredOn("recreate auth-server"::equals).hasSize(1);
    assertThat(pi.intents).as("for the guard").containsKey("auth-server");
  }

  @Test
  void what_is_not_good_with_the_old_image_either_is_said() {
    deploy(candidate("auth-server", "good"));
    Candidate bad = candidate("auth-server", "bad");
    breakIt(bad);
    pi.statesOfImage.put(
        id("auth-server", "good"),
        new ArrayDeque<>(List.of(ScriptedPi.running(), ScriptedPi.state("restarting", ""))));
    pi.logs.put("auth-server", "it does not start\n");

    DeployException failure = failureOf(bad);

    assertThat(failure)
        .hasMessageContaining("auth-server could not go back to " + tag("auth-server", "good"))
        .hasMessageContaining("it is not good with that either");
    assertThat(failure.hint()).contains("Inspect it");
    assertThat(events).filteredOn(Event.RollbackFailed.class::isInstance).hasSize(1);
    assertThat(directory.resolve("rpi"))
        .as("a log of each container")
        .isDirectoryContaining("glob:**/auth-server.log")
        .isDirectoryContaining("glob:**/auth-server.rollback.log");
  }

  @Test
  void a_recreate_that_compose_refuses_goes_back_too() {
    deploy(candidate("auth-server", "good"));
    pi.recreateResult =
        result -> {
          pi.recreateResult = same -> same;
          return ScriptedPi.failed("Bind for 127.0.0.1:8081 failed: port is already allocated");
        };

    DeployException failure = failureOf(candidate("auth-server", "new"));

    assertThat(failure)
        .hasMessageContaining("port is already allocated")
        .hasMessageContaining("auth-server is back on");
    assertThat(failure.hint())
        .as("there is no log")
        .isEqualTo("The Pi works again. Fix auth-server and deploy again");
    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "good"));
  }

  @Test
  void the_compose_file_that_was_replaced_goes_back_before_the_service() throws IOException {
    deploy(candidate("auth-server", "good"), candidate("extension-server", "good"));
    composeFile = changedFile();
    Candidate bad = candidate("extension-server", "bad");
    breakIt(bad);

    failureOf(
        candidate("auth-server", "new"),
        candidate("mail-server", "new"),
        candidate("new-server", "new"),
        bad);

    assertThat(pi.composeYaml).isEqualTo(COMPOSE);
    assertThat(pi.changes)
        .containsSubsequence("upload", "recreate extension-server", "restore")
        .endsWith("recreate extension-server");
    assertThat(warnings())
        .as("mail-server is the same in both files, and new-server is not in the old one")
        .singleElement()
        .asString()
        .startsWith("auth-server runs with the new compose file, but the old one is back");
  }

  @Test
  void a_compose_file_that_cannot_be_restored_keeps_no_service_from_going_back()
      throws IOException {
    deploy(candidate("auth-server", "good"), candidate("extension-server", "good"));
    composeFile = changedFile();
    Candidate bad = candidate("extension-server", "bad");
    breakIt(bad);
    List<String> heard = new ArrayList<>();
    pi.heard =
        line -> {
          heard.add(line);
          if (line.contains(" restore.sh ")) {
            heard.clear();
            throw new DeployException("read-only file system", "Mount it again");
          }
        };

    DeployException failure = failureOf(candidate("auth-server", "new"), bad);

    assertThat(pi.runs("extension-server")).isEqualTo(id("extension-server", "good"));
    assertThat(failure.getMessage().lines().skip(1))
        .containsExactly(
            "read-only file system",
            "extension-server is back on " + tag("extension-server", "good") + ", verified");
    assertThat(failure.hint()).as("not all is well").startsWith("Inspect it: ");
    assertThat(heard)
        .as("the new file is still there")
        .noneMatch(l -> l.contains("docker compose config --hash"));
  }

  @Test
  void what_cannot_be_known_of_the_services_that_stay_is_said_and_no_failure() throws IOException {
    deploy(candidate("auth-server", "good"), candidate("extension-server", "good"));
    composeFile = changedFile();
    Candidate bad = candidate("extension-server", "bad");
    breakIt(bad);
    onTheWayBack(
        "hashes.sh",
        () -> {
          throw new DeployException("compose does not answer", "Ask again");
        });

    DeployException failure = failureOf(candidate("auth-server", "new"), bad);

    assertThat(failure.getMessage().lines().skip(1))
        .containsExactly(
            "extension-server is back on " + tag("extension-server", "good") + ", verified");
    assertThat(failure.hint()).startsWith("The Pi works again");
    assertThat(warnings())
        .containsExactly(
            "Whether other services run with the new compose file is not known: compose does not"
                + " answer");
  }

  @Test
  void the_smoke_test_of_the_way_back_goes_to_the_port_of_the_compose_file_that_is_back()
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      int port = server.getAddress().getPort();
      pi.name = "pi@localhost:22";
      pi.composeYaml = publishing(port);
      smoke =
          new SmokeSpec(
              List.of(new TestSpec.Http(null, "/", null, 200, true, Map.of(), List.of())),
              Duration.ZERO);
      deploy(candidate("auth-server", "good"));
      composeFile = Files.writeString(directory.resolve("compose.yaml"), publishing(1));
      Candidate bad = candidate("auth-server", "bad");
      breakIt(bad);

      assertThat(failureOf(bad))
          .hasMessageContaining(
              "auth-server is back on " + tag("auth-server", "good") + ", verified");

      assertThat(events).last().asString().contains("RolledBack", "http://localhost:" + port + "/");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void the_same_image_goes_back_when_only_the_compose_file_was_bad() throws IOException {
    deploy(candidate("auth-server", "good"));
    composeFile = changedFile();
    pi.states.put("auth-server", new ArrayDeque<>(List.of(ScriptedPi.running(), EXITED)));
    Candidate same = candidate("auth-server", "good");

    DeployException failure = failureOf(same);

    assertThat(pi.composeYaml).isEqualTo(COMPOSE);
    assertThat(failure).hasMessageContaining("auth-server");
    assertThat(pi.changes).endsWith("recreate auth-server");
  }

  @Test
  void nothing_goes_back_to_the_same_image_with_the_same_compose_file() {
    deploy(candidate("auth-server", "good"));
    policy = new Policy(Policy.Rollback.SERVICE, true);
    breakIt(candidate("auth-server", "good"));

    assertThat(failureOf(candidate("auth-server", "good")))
        .hasMessageContaining("ran the same image before, with the same compose file");
  }

  @Test
  void what_runs_already_and_is_good_is_left_alone() {
    deploy(candidate("auth-server", "good"));
    pi.changes.clear();
    events.clear();

    deploy(candidate("auth-server", "good"));

    assertThat(pi.changes).doesNotContain("recreate auth-server");
    assertThat(events).last().isEqualTo(new Event.Unchanged("auth-server", "running, no restart"));
  }

  @Test
  void what_runs_already_is_recreated_when_it_is_not_healthy_or_its_part_of_the_file_changed() {
    deploy(candidate("auth-server", "good"));
    pi.changes.clear();
    pi.states.put(
        "auth-server",
        new ArrayDeque<>(List.of(ScriptedPi.health("unhealthy"), ScriptedPi.health("healthy"))));
    deploy(candidate("auth-server", "good"));
    assertThat(pi.changes).contains("recreate auth-server");
    pi.changes.clear();

    pi.composeYaml = COMPOSE.replace("image: auth-server", "image: auth-server\n    user: root");
    deploy(candidate("auth-server", "good"));

    assertThat(pi.changes).contains("recreate auth-server");
  }

  @Test
  void force_recreates_all_the_same() {
    deploy(candidate("auth-server", "good"));
    pi.changes.clear();
    policy = new Policy(Policy.Rollback.SERVICE, true);

    deploy(candidate("auth-server", "good"));

    assertThat(pi.changes).contains("recreate auth-server");
  }

  /** Another environment for auth-server, and one service more. */
  private Path changedFile() throws IOException {
    return Files.writeString(
        directory.resolve("compose.yaml"),
        COMPOSE.replace("image: auth-server", "image: auth-server\n    environment: {A: b}")
            + "  new-server:\n    image: new-server\n");
  }

  private static String publishing(int port) {
    return COMPOSE.replace(
        "image: auth-server", "image: auth-server\n    ports: [\"" + port + ":80\"]");
  }

  /** When the Pi is sent such a command after a service has failed: once. */
  private void onTheWayBack(String command, Runnable what) {
    pi.heard =
        line -> {
          boolean failed = events.stream().anyMatch(event -> event instanceof Event.RollingBack);
          if (failed && line.contains(command)) {
            pi.heard = any -> {};
            what.run();
          }
        };
  }

  private List<String> warnings() {
    return events.stream()
        .filter(Event.Warning.class::isInstance)
        .map(event -> ((Event.Warning) event).text())
        .toList();
  }

  private void breakIt(Candidate candidate) {
    // The image's id on a classic store is its config's digest.
    pi.statesOfImage.put(
        candidate.tarball().configDigest().toString(), new ArrayDeque<>(List.of(EXITED)));
  }

  private void deploy(Candidate... candidates) {
    deployer().deploy(List.of(candidates));
  }

  private DeployException failureOf(Candidate... candidates) {
    return catchThrowableOfType(DeployException.class, () -> deploy(candidates));
  }

  private Deployer deployer() {
    return pi.deployer(composeFile, events, now);
  }

  private Candidate candidate(String service, String build) {
    return Specs.candidate(directory, service, build, smoke, policy);
  }

  private String id(String service, String build) {
    return candidate(service, build).tarball().configDigest().toString();
  }

  private String tag(String service, String build) {
    return service + ":rpi-" + candidate(service, build).tarball().configDigest().shortHex();
  }
}
