package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.FilesSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.spec.Strategy;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.LabSwarm;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.PlannedNode;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.ssh.SshConnection;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a user may count on, whatever replaces the services. */
class OrchestratorIT {

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          stop_grace_period: 1s
          deploy:
            endpoint_mode: dnsrr
            update_config: {order: start-first, monitor: 1s}
      """;

  /** What replaces the service. */
  enum Way {
    RECREATE,
    ROLLOUT,
    SWARM;

    String directory() {
      return "rpi/by-" + name().toLowerCase(Locale.ROOT);
    }
  }

  @TempDir private static Path directory;

  private static LabSwarm swarm;
  private static Lab pi;
  private static TestService service;

  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void twoPis() throws Exception {
    swarm = LabSwarm.up("contract", 2);
    pi = swarm.manager();
    service = TestService.fast("auth-server");
    Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
  }

  @AfterAll
  static void takeDown() throws Exception {
    swarm.down();
  }

  @ParameterizedTest
  @EnumSource
  void a_deploy_does_what_it_promises(Way way) throws Exception {
    assertThat(deploy(way, "one", TestService.RUNS)).as("a first deploy").isNull();
    assertThat(running(way)).containsExactly("one");
    String before = containers(way);

    assertThat(deploy(way, "one", TestService.RUNS)).as("nothing has changed").isNull();
    assertThat(events).hasAtLeastOneElementOfType(Event.Unchanged.class);
    assertThat(containers(way)).as("left alone").isEqualTo(before);

    assertThat(deploy(way, "two", TestService.RUNS)).as("another release").isNull();
    assertThat(running(way)).containsExactly("two");

    assertThat(deploy(way, "bad", "exit 3"))
        .as("a bad release")
        .hasMessageContaining("is not good")
        .hasMessageContaining("auth-server is back on auth-server:rpi-");
    assertThat(running(way)).containsExactly("two");

    assertThat(
            deploy(
                way,
                "three",
                "sleep 600",
                event -> {
                  if (event instanceof Event.Recreated) {
                    pi.cutForGood();
                  }
                }))
        .as("a client that is gone")
        .isNotNull();
    pi.link("none");
    Lab.await("the guard has gone back", () -> intents(way).isEmpty());
    assertThat(running(way)).containsExactly("two");
    assertThat(history(way))
        .as("the history tells each of them")
        .hasSize(5)
        .last()
        .asString()
        .contains("rolled-back", "not confirmed");

    assertThat(deploy(way, "four", TestService.RUNS)).as("the next deploy").isNull();
    assertThat(running(way)).containsExactly("four");
  }

  @Test
  void a_node_gets_what_was_planned_for_it_by_itself_and_no_other() throws Exception {
    Lab attic = swarm.node(1);
    String name = swarm.nameOf(attic);
    Candidate next = candidate(Way.SWARM, "next", TestService.RUNS);

    assertThat(with("rpi/by-node", true, event -> {}, deployer -> deployer.plan(List.of(next))))
        .isNull();
    Event.Planned planned = event(Event.Planned.class);
    assertThat(planned.nodes()).extracting(PlannedNode::node).containsExactly(name);
    assertThat(planned.nodes().get(0).bytesSent()).isPositive();

    assertThat(ship(next, "atic"))
        .hasMessageStartingWith("The swarm has no node atic: it has ")
        .hasMessageContaining(name);
    assertThat(images(pi) + images(attic)).doesNotContain(planned.release());
    assertThat(ship(next, name)).isNull();
    assertThat(event(Event.Shipped.class).bytesSent())
        .isEqualTo(planned.nodes().get(0).bytesSent());
    assertThat(images(attic)).contains(planned.release());
    assertThat(images(pi)).doesNotContain(planned.release());

    assertThat(ship(next)).isNull();
    assertThat(event(Event.Shipped.class).bytesSent())
        .as("the node has it, and the manager gets what was planned for it")
        .isEqualTo(planned.bytesSent());
  }

  private @Nullable Throwable ship(Candidate candidate, String... nodes) throws Exception {
    return with(
        "rpi/by-node",
        true,
        event -> {},
        deployer -> deployer.ship(List.of(candidate), List.of(nodes)));
  }

  private static String images(Lab node) throws Exception {
    return node.asRoot("docker image ls --format '{{.Repository}}:{{.Tag}}'");
  }

  private <T extends Event> T event(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
  }

  private static String intents(Way way) throws Exception {
    return pi.ssh("ls " + way.directory() + "/.rpi/intents 2>/dev/null || true");
  }

  private static List<String> history(Way way) throws Exception {
    return pi.ssh("cat " + way.directory() + "/.rpi/history.jsonl").lines().toList();
  }

  /** The versions that run, on whichever Pi. */
  private static List<String> running(Way way) throws Exception {
    List<String> versions = new ArrayList<>();
    for (Lab node : swarm.nodes()) {
      node.asRoot(
              "for c in $(docker ps -q "
                  + filter(way)
                  + "); do docker exec $c cat "
                  + TestService.VERSION_FILE
                  + "; echo; done")
          .lines()
          .forEach(versions::add);
    }
    return versions;
  }

  private static String containers(Way way) throws Exception {
    StringBuilder all = new StringBuilder();
    for (Lab node : swarm.nodes()) {
      all.append(node.asRoot("docker ps -q --no-trunc " + filter(way)));
    }
    return all.toString();
  }

  private static String filter(Way way) {
    String project = way.directory().replace("rpi/", "");
    return way == Way.SWARM
        ? "--filter label=com.docker.swarm.service.name=" + project + "_auth-server"
        : "--filter label=com.docker.compose.project=" + project;
  }

  private @Nullable Throwable deploy(Way way, String version, String command) throws Exception {
    return deploy(way, version, command, event -> {});
  }

  private @Nullable Throwable deploy(
      Way way, String version, String command, Consumer<Event> during) throws Exception {
    Candidate candidate = candidate(way, version, command);
    return with(
        way.directory(), way == Way.SWARM, during, deployer -> deployer.deploy(List.of(candidate)));
  }

  private static Candidate candidate(Way way, String version, String command) throws Exception {
    return service.candidate(
        service.smallTarball(directory, version, command + " # " + version),
        way == Way.ROLLOUT
            ? new Strategy(Strategy.Mode.ROLLOUT, Duration.ZERO, "")
            : Strategy.RECREATE);
  }

  private @Nullable Throwable with(
      String where, boolean onSwarm, Consumer<Event> during, Consumer<Deployer> work)
      throws Exception {
    events.clear();
    SshRequest request = pi.settings();
    Reporter reporter =
        event -> {
          events.add(event);
          during.accept(event);
        };
    Path compose = directory.resolve("compose.yaml");
    try (SshConnection connection = SshConnection.open(request, event -> {});
        Deployer deployer =
            Deployers.onSwarm(
                connection,
                request,
                new Stack(where, compose, false, FilesSpec.DEFAULT, onSwarm),
                reporter)) {
      return catchThrowable(() -> work.accept(deployer));
    }
  }
}
