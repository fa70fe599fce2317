package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.TestSpec;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.report.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the user is told of a service that is not good, and what is left in target/rpi. */
class WhyItFailedTest {

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
        extension-server:
          image: extension-server
          depends_on: [auth-server]
      """;

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi(COMPOSE);
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private SmokeSpec smoke = SmokeSpec.NONE;

  @Test
  void the_cause_is_named_in_the_failure_s_first_line() {
    states(ScriptedPi.state("exited", ",\"ExitCode\":1"));
    pi.logs.put("extension-server", "java.net.UnknownHostException: auth-server\n");

    assertThat(failure().getMessage().lines().findFirst())
        .contains(
            "extension-server on pi@raspberrypi:22 is not good: the container exited (code 1);"
                + " cause: it cannot find the host auth-server: service auth-server is "
                + "not running, or shares no network with it");
    assertThat(events)
        .filteredOn(Event.Failed.class::isInstance)
        .extracting(event -> ((Event.Failed) event).reason())
        .singleElement()
        .asString()
        .contains("cause: it cannot find the host auth-server");
  }

  @Test
  void the_log_of_what_it_depends_on_is_collected_too_without_the_secrets_of_either() {
    states(ScriptedPi.state("exited", ",\"ExitCode\":1"));
    pi.environments.put("extension-server", "[\"DB_PASSWORD=s3cr3t\"]");
    pi.environments.put("auth-server", "[\"SIGNING_KEY=t0ps3cr3t\"]");
    pi.logs.put("extension-server", "key t0ps3cr3t\n");
    pi.logs.put("auth-server", "refused s3cr3t\n");

    failure();

    Path own = directory.resolve("rpi/extension-server.log");
    Path needed = directory.resolve("rpi/extension-server.needs-auth-server.log");
    assertThat(own).hasContent("key [SIGNING_KEY]\n");
    assertThat(needed).hasContent("refused [DB_PASSWORD]\n");
    assertThat(events)
        .contains(
            new Event.LogCollected("extension-server", List.of("key [SIGNING_KEY]"), own + ""),
            new Event.LogCollected("auth-server", List.of(), needed + ""));
  }

  @Test
  void of_what_logged_nothing_there_is_no_file() {
    states(ScriptedPi.state("exited", ",\"ExitCode\":1"));

    failure();

    assertThat(directory.resolve("rpi/extension-server.log")).isEmptyFile();
    assertThat(directory.resolve("rpi/extension-server.needs-auth-server.log")).doesNotExist();
  }

  @Test
  void a_container_that_runs_again_is_known_by_the_Engine_s_events() {
    states(ScriptedPi.running(), ScriptedPi.state("restarting", ",\"ExitCode\":137"));
    pi.exits = "oom \ndie 137\n";

    assertThat(failure())
        .hasMessageContaining("the container exited (code 137); cause: out of memory");
  }

  @Test
  void an_unhealthy_service_is_told_by_its_health_check_without_secrets() {
    pi.environments.put("extension-server", "[\"API_TOKEN=s3cr3t\"]");
    states(
        ScriptedPi.state(
            "running",
            ",\"Health\":{\"Status\":\"unhealthy\",\"Log\":[{\"Output\":\"old\"},"
                + "{\"Output\":\"401 for\\ns3cr3t\"}]}"));

    assertThat(failure())
        .hasMessageContaining(
            "health: unhealthy, still after 30 s; cause: its health check says: 401 for"
                + " [API_TOKEN]");
  }

  @Test
  void a_health_check_that_the_image_cannot_run_is_not_waited_for() {
    states(
        ScriptedPi.state(
            "running",
            ",\"Health\":{\"Status\":\"unhealthy\",\"Log\":[{\"Output\":\"/bin/sh: curl: not"
                + " found\\n\"}]}"));

    assertThat(failure())
        .hasMessageContaining(
            "is not good: health: unhealthy; cause: its health check calls "
                + "curl, which is not in its image");
    assertThat(now.get()).isEqualTo(Instant.EPOCH.plusSeconds(4));
  }

  @Test
  void a_command_that_fails_in_the_container_is_told_with_what_it_printed() {
    pi.environments.put("extension-server", "[\"API_TOKEN=s3cr3t\"]");
    smoke = new SmokeSpec(List.of(new TestSpec.InContainer("ready -t s3cr3t")), Duration.ZERO);
    pi.inContainer = new ExecResult(2, null, "no response\n", "with s3cr3t\n");

    assertThat(failure())
        .hasMessageContaining(
            "command ready in the container exits with 2, not 0, still after 30 s; cause: the"
                + " answer was: no response with [API_TOKEN]");
    assertThat(pi.inContainers)
        .last()
        .asString()
        .startsWith("timeout 15 /usr/bin/docker exec container-extension-server sh -c ")
        .endsWith(" in-container.sh 10 ready -t s3cr3t");
  }

  @Test
  void a_command_that_does_not_end_is_no_success() {
    smoke = new SmokeSpec(List.of(new TestSpec.InContainer("sleep 100")), Duration.ZERO);
    pi.inContainer = new ExecResult(124, null, "", "");

    assertThat(failure())
        .hasMessageContaining(
            "command sleep in the container does not end within 10 s, still after 30 s");
  }

  @Test
  void the_last_status_and_body_of_the_smoke_test_are_told_without_secrets() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "refused t0k3n-of-caller\nfor s3cr3t".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(503, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      pi.environments.put("extension-server", "[\"API_TOKEN=s3cr3t\"]");
      String url = "http://localhost:" + server.getAddress().getPort() + "/health";
      smoke =
          new SmokeSpec(
              List.of(
                  new TestSpec.Http(
                      url,
                      "/",
                      null,
                      200,
                      true,
                      Map.of("Authorization", "Bearer t0k3n-of-caller"),
                      List.of())),
              Duration.ZERO);

      assertThat(failure())
          .hasMessageContaining(
              "is not good: GET "
                  + url
                  + " answers 503, not 200, still after 30 s; cause: the answer was: refused"
                  + " [Authorization] for [API_TOKEN]");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void all_smoke_tests_must_pass() {
    smoke =
        new SmokeSpec(
            List.of(new TestSpec.InContainer("one"), new TestSpec.InContainer("PW=s3cr3t two")),
            Duration.ZERO);

    deployer().deploy(List.of(candidate("extension-server", smoke)));

    assertThat(events)
        .last()
        .extracting(event -> ((Event.Verified) event).evidence())
        .isEqualTo(
            "command one in the container exits with 0, command in the container exits with 0");
  }

  @Test
  void who_has_the_port_is_named_when_compose_cannot_start_the_service() {
    pi.recreateResult =
        result -> ScriptedPi.failed("Bind for 0.0.0.0:8081 failed: port is already allocated");
    pi.portHolder = "nginx\n";

    assertThat(failureOf(candidate("extension-server", smoke)).getMessage().lines().findFirst())
        .contains(
            "Compose could not recreate extension-server on pi@raspberrypi:22: port 8081 on "
                + "the Pi is already in use by container nginx");

    pi.portHolder = "";
    assertThat(failureOf(candidate("auth-server", smoke)))
        .hasMessageContaining(
            "in use by a process outside Docker (on the Pi: sudo ss -lptn 'sport =" + " :8081')");
  }

  private void states(String... states) {
    pi.states.put("extension-server", new ArrayDeque<>(List.of(states)));
  }

  private DeployException failure() {
    return failureOf(
        candidate("auth-server", SmokeSpec.NONE), candidate("extension-server", smoke));
  }

  private DeployException failureOf(Candidate... candidates) {
    return catchThrowableOfType(
        DeployException.class, () -> deployer().deploy(List.of(candidates)));
  }

  private Deployer deployer() {
    return pi.deployer(null, events, now);
  }

  private Candidate candidate(String service, SmokeSpec smoke) {
    Path tarball = directory.resolve(service + ".tar");
    TestImages.typical(service + ":latest").layer(service, 500).writeDocker(tarball);
    return Candidate.read(
        Specs.of(service, tarball, directory.resolve("rpi").resolve(service + ".log"), smoke));
  }

  @Test
  void a_collected_log_does_not_command_the_terminal_that_shows_it() {
    states(ScriptedPi.state("exited", ",\"ExitCode\":1"));
    pi.logs.put("extension-server", "\u001b[31mbye\u001b[0m\t\u001b]52;c;eA==\u0007\u009b2J\n");

    failure();

    Path own = directory.resolve("rpi/extension-server.log");
    assertThat(own).hasContent("bye\t?]52;c;eA==??2J\n");
    assertThat(events)
        .contains(
            new Event.LogCollected(
                "extension-server", List.of("bye\t?]52;c;eA==??2J"), own.toString()));
  }

  @Test
  void a_name_from_the_Pi_never_makes_a_path() {
    pi.composeYaml = COMPOSE.replace("[auth-server]", "['/../../evil']");
    pi.logs.put("/../../evil", "pwned\n");
    states(ScriptedPi.state("exited", ",\"ExitCode\":1"));

    assertThat(failureOf(candidate("extension-server", smoke)))
        .hasMessageContaining("names a service '/../../evil', which no service can be called");
    assertThat(directory.resolve("evil.log")).doesNotExist();
    assertThat(directory.resolve("rpi")).doesNotExist();
    assertThat(pi.changes).isEmpty();
  }
}
