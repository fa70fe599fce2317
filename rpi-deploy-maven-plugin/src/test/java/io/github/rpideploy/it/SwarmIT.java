package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.FilesSpec;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.spec.TestSpec;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.LabSwarm;
import io.github.rpideploy.it.lab.ServiceLoad;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.ssh.SshConnection;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three Pis that are a swarm: two replicas behind a proxy are updated, and the client ends in the
 * middle. With {@code -Dswarm=all} also the manager's Engine, and a node, and one joins: six
 * minutes.
 */
@TestMethodOrder(OrderAnnotation.class)
class SwarmIT {

  private static final String DIRECTORY = "rpi/home";

  /** It takes a while to start, and answers for two seconds more when it is told to end. */
  private static final String SERVES =
      "sleep 1; mkdir /www; echo %s >/www/index.html; httpd -f -p 8080 -h /www &"
          + " trap 'sleep 2; exit' TERM; while :; do sleep 60 & wait $!; done";

  /** Prints something while the node is sent an image. */
  private static final String LOADING = "ls /home/pi/.cache/rpi-deploy/loading 2>/dev/null || true";

  private static final String COMPOSE =
      """
      services:
        proxy:
          image: caddy:2
          ports:
            - {target: 80, published: "8080", mode: host}
          configs:
            - {source: caddyfile, target: /etc/caddy/Caddyfile}
          deploy:
            placement: {constraints: [node.role == manager]}
        auth-server:
          image: auth-server
          stop_grace_period: 10s
          healthcheck:
            test: wget -q -O /dev/null http://127.0.0.1:8080/
            interval: 1s
            retries: 30
          deploy:
            replicas: 2
            endpoint_mode: dnsrr
            update_config: {order: start-first, failure_action: rollback, monitor: 2s}
            rollback_config: {order: start-first}
      configs:
        caddyfile: {file: ./Caddyfile}
      """;

  private static final String CADDYFILE =
      """
      :80 {
        reverse_proxy {
          dynamic a auth-server 8080 {
            refresh 1s
          }
          lb_try_duration 10s
          lb_try_interval 100ms
          transport http {
            dial_timeout 500ms
            keepalive off
          }
        }
      }
      """;

  @TempDir private static Path directory;

  private static LabSwarm swarm;
  private static TestService service;
  private static int number;

  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void threePis() throws Exception {
    swarm = LabSwarm.up("swarm", 3);
    service = TestService.fast("auth-server");
    Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
    Files.writeString(directory.resolve("Caddyfile"), CADDYFILE);
  }

  @AfterAll
  static void takeDown() throws Exception {
    swarm.down();
  }

  @Test
  @Order(1)
  void an_update_is_served_all_the_while_and_a_bad_release_goes_back() throws Exception {
    assertThat(deploy(SERVES)).isNull();
    assertThat(events)
        .filteredOn(Event.Shipped.class::isInstance)
        .singleElement()
        .extracting(event -> ((Event.Shipped) event).machines())
        .isEqualTo(3);
    assertThat(releases()).as("two replicas of one release").hasSize(2).containsOnly(last());
    assertThat(nodes()).hasSize(2);
    startProxy();

    ServiceLoad load = load();
    assertThat(deploy(SERVES)).isNull();
    assertThat(releases()).hasSize(2).containsOnly(last());
    String good = last();
    assertThat(bytes()).as("every node gets only what it lacks").isLessThan(20_000);

    assertThat(deploy("exit 3 # %s"))
        .hasMessageContaining("the swarm has rolled the update back")
        .hasMessageContaining("non-zero exit (3)")
        .hasMessageContaining("auth-server is back on " + good);
    assertThat(releases()).hasSize(2).containsOnly(good);
    end(load, "an update and a bad release");
  }

  @Test
  @Order(3)
  void a_client_that_is_gone_leaves_what_was_verified() throws Exception {
    assertThat(deploy(SERVES)).isNull();
    String good = last();

    assertThat(deploy("sleep 600 # %s", once(Event.Verifying.class, swarm.manager()::cutForGood)))
        .hasMessageContaining("The Pi lets it go back");
    swarm.manager().link("none");

    Lab.await(
        "the guard goes back",
        () ->
            swarm
                .manager()
                .ssh("ls " + DIRECTORY + "/.rpi/intents 2>&1 || true")
                .contains("No such"));
    awaitAll(good, null);
    assertThat(releases()).hasSize(2);
  }

  @Test
  @Order(4)
  @EnabledIfSystemProperty(named = "swarm", matches = "all")
  void the_Engine_of_the_manager_starts_again_in_the_middle() throws Exception {
    assertThat(deploy(SERVES)).isNull();
    String good = last();

    Throwable failure =
        deploy(
            SERVES,
            once(Event.Verifying.class, () -> swarm.manager().asRoot("pkill dockerd || true")));

    awaitAll(failure == null ? last() : good, failure);
  }

  private static void awaitAll(String release, @Nullable Throwable failure) {
    Lab.awaitNoFlaws(
        "all run what was verified: " + failure,
        () -> {
          List<String> flaws = new ArrayList<>(releases());
          if (flaws.size() == 2) {
            flaws.removeIf(release::equals);
          }
          return flaws;
        });
  }

  @Test
  @Order(5)
  @EnabledIfSystemProperty(named = "swarm", matches = "all")
  void a_node_that_dies_in_an_update_is_done_without_and_comes_back() throws Exception {
    assertThat(deploy(SERVES)).isNull();
    String good = last();
    Lab dead = swarm.node(2);

    ServiceLoad load = load();
    Throwable failure = deploy(SERVES, once(Event.Verifying.class, () -> kill(dead)));

    // The swarm waits long for a task that it has just given to the node.
    awaitAll(failure == null ? last() : good, failure);
    end(load, "a node that dies in an update" + (failure == null ? "" : ", which goes back"));
    assertThat(nodes()).noneMatch(node -> node.endsWith("-3"));

    Lab.run(List.of("docker", "start", dead.container()));
    swarm.join();
    assertThat(again(event -> {})).isNull();
    assertThat(dead.asRoot("docker image ls --format '{{.Repository}}:{{.Tag}}'"))
        .as("the next deploy brings it the image")
        .contains(last());
  }

  @Test
  @Order(6)
  @EnabledIfSystemProperty(named = "swarm", matches = "all")
  void a_node_that_dies_while_it_gets_its_image_is_left_out() throws Exception {
    Lab dead = swarm.node(1);
    String name = swarm.nameOf(dead);
    // Some seconds for each node.
    swarm.manager().link("4mbit", "20ms");

    Deed killWhileItLoads =
        () -> {
          Lab.await("it gets its image", () -> !dead.asRoot(LOADING).isEmpty());
          kill(dead);
        };
    assertThat(deploy(largeTarball(), once(Event.SendProgress.class, killWhileItLoads))).isNull();
    swarm.manager().link("none");

    assertThat(warnings()).anyMatch(text -> text.startsWith("Node " + name + " is down, and the"));
    assertThat(nodes()).doesNotContain(name);
    assertThat(releases()).hasSize(2).containsOnly(last());
    Lab.run(List.of("docker", "start", dead.container()));
    swarm.join();
  }

  @Test
  @Order(7)
  @EnabledIfSystemProperty(named = "swarm", matches = "all")
  void a_new_node_can_run_nothing_until_it_gets_the_images() throws Exception {
    assertThat(deploy(SERVES)).isNull();
    String name = swarm.nameOf(swarm.grow());

    scale(4);
    Lab.await("the swarm tries it there", () -> tasksOn(name).contains("No such image"));
    scale(2);

    Path tarball = directory.resolve("auth-server-v" + number + ".tar");
    assertThat(with(tarball, event -> {}, Deployer::ship)).isNull();
    scale(4);

    Lab.awaitNoFlaws(
        "the swarm spreads the tasks",
        () -> {
          List<String> flaws = new ArrayList<>(releases());
          flaws.removeIf(last()::equals);
          if (nodes().size() != 4) {
            flaws.add("only on " + nodes());
          }
          return flaws;
        });
    assertThat(nodes()).contains(name);
    scale(2);
  }

  private static void scale(int replicas) throws Exception {
    swarm.manager().asRoot("docker service scale --detach home_auth-server=" + replicas);
  }

  /** What has become of the tasks of a node. */
  private static String tasksOn(String node) throws Exception {
    return swarm
        .manager()
        .asRoot(
            "docker service ps --no-trunc --filter node="
                + node
                + " --format '{{.CurrentState}} {{.Error}}' home_auth-server");
  }

  private List<String> warnings() {
    return events.stream()
        .filter(Event.Warning.class::isInstance)
        .map(event -> ((Event.Warning) event).text())
        .toList();
  }

  private static void kill(Lab node) throws Exception {
    Lab.run(List.of("docker", "kill", node.container()));
  }

  private interface Deed {
    void run() throws Exception;
  }

  private static Consumer<Event> once(Class<? extends Event> when, Deed deed) {
    boolean[] done = new boolean[1];
    return event -> {
      if (when.isInstance(event) && !done[0]) {
        done[0] = true;
        try {
          deed.run();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  private static void startProxy() throws Exception {
    swarm.manager().load(Lab.proxy("caddy"));
    String proxy = COMPOSE.replaceFirst("(?s)  auth-server:\n.*?(?=configs:\n  caddyfile)", "");
    Path file =
        Files.writeString(
            directory.resolve("proxy.yaml"),
            "version: '3.9'\n" + proxy.replace("\"8080\"", "8080"));
    Lab.run(
        List.of(
            "sh",
            "-c",
            "docker exec -i "
                + swarm.manager().container()
                + " sh -c 'cat >/tmp/proxy.yaml' <"
                + file));
    swarm
        .manager()
        .asRoot(
            "cd /home/pi/"
                + DIRECTORY
                + " && cp /tmp/proxy.yaml . && docker stack deploy --resolve-image never -c proxy.yaml home && rm proxy.yaml");
    Lab.await(
        "the proxy",
        () ->
            swarm.manager().ssh("curl -sf http://localhost:8080/ || true").contains("v" + number));
  }

  private static ServiceLoad load() throws Exception {
    return ServiceLoad.start(
            Path.of(System.getProperty("lab"), "pi"),
            List.of("auth-server=20=http://" + swarm.manager().address() + ":8080/"))
        .awaitBegun();
  }

  private static void end(ServiceLoad load, String meanwhile) throws Exception {
    ServiceLoad.Asked asked = load.end().get("auth-server");
    System.out.printf(
        "SwarmIT %s: %d requests, %d lost%n", meanwhile, asked.requests(), asked.failed().size());
    assertThat(asked.failed()).isEmpty();
    assertThat(asked.requests()).isGreaterThan(100);
  }

  /** Of the tasks that run, the release each. */
  private static List<String> releases() throws Exception {
    String images =
        swarm
            .manager()
            .asRoot("docker image ls --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}'");
    return tasks()
        .lines()
        .map(line -> line.split(" ", 3))
        .map(
            words ->
                images
                    .lines()
                    .filter(line -> line.startsWith(words[1] + " ") && line.contains(":rpi-"))
                    .map(line -> line.substring(line.indexOf(' ') + 1))
                    .findFirst()
                    .orElse(words[1]))
        .toList();
  }

  private static Set<String> nodes() throws Exception {
    Set<String> nodes = new TreeSet<>();
    tasks().lines().forEach(line -> nodes.add(line.split(" ", 2)[0]));
    return nodes;
  }

  /** Node, image and id of each task that runs and is to run. */
  private static String tasks() throws Exception {
    return swarm
        .manager()
        .asRoot(
            "docker service ps --no-trunc --filter desired-state=running"
                + " --format '{{.Node}} {{.Image}} {{.ID}} {{.CurrentState}}' home_auth-server"
                + " | sed -n 's/ Running .*//p' | sort");
  }

  private String last() {
    return events.stream()
        .filter(Event.ReleaseChosen.class::isInstance)
        .map(event -> ((Event.ReleaseChosen) event).release())
        .reduce((one, other) -> other)
        .orElse("");
  }

  private long bytes() {
    return events.stream()
        .filter(Event.Shipped.class::isInstance)
        .mapToLong(event -> ((Event.Shipped) event).bytesSent())
        .reduce(0, (one, other) -> other);
  }

  private @Nullable Throwable deploy(String command) throws Exception {
    return deploy(command, event -> {});
  }

  private @Nullable Throwable deploy(String command, Consumer<Event> during) throws Exception {
    String version = "v" + ++number;
    return deploy(service.smallTarball(directory, version, command.formatted(version)), during);
  }

  /** One that takes long to send. */
  private static Path largeTarball() {
    String version = "v" + ++number;
    return service
        .image(version, "sh", "-c", SERVES.formatted(version))
        .writeDocker(directory.resolve("auth-server-" + version + ".tar"));
  }

  private @Nullable Throwable again(Consumer<Event> during) throws Exception {
    return deploy(directory.resolve("auth-server-v" + number + ".tar"), during);
  }

  private @Nullable Throwable deploy(Path tarball, Consumer<Event> during) throws Exception {
    return with(tarball, during, Deployer::deploy);
  }

  private @Nullable Throwable with(
      Path tarball, Consumer<Event> during, BiConsumer<Deployer, List<Candidate>> deed)
      throws Exception {
    Candidate candidate =
        Candidate.read(
            new ServiceSpec(
                "auth-server",
                tarball,
                service.platform(),
                new SmokeSpec(
                    List.of(new TestSpec.Http(null, "/", 8080, 200, false, Map.of(), List.of())),
                    Duration.ZERO),
                Patience.of(Duration.ofMinutes(2)),
                directory.resolve("auth-server.log"),
                new Policy(Policy.Rollback.SERVICE, false)));
    SshRequest request = swarm.manager().settings();
    Reporter reporter =
        event -> {
          events.add(event);
          during.accept(event);
        };
    try (SshConnection connection = SshConnection.open(request, event -> {});
        Deployer deployer =
            Deployers.onSwarm(
                connection,
                request,
                new Stack(
                    DIRECTORY, directory.resolve("compose.yaml"), false, FilesSpec.DEFAULT, true),
                reporter)) {
      return catchThrowable(() -> deed.accept(deployer, List.of(candidate)));
    }
  }
}
