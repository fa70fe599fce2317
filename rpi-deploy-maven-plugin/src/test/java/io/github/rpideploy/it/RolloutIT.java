package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.spec.Strategy;
import io.github.rpideploy.deploy.spec.TestSpec;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.ServiceLoad;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.ssh.SshConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A service behind the proxies of {@code docs/zero-downtime.md}, by the files that stand there, is
 * asked 20 times a second while it is rolled out twice. With {@code -Drollouts=10} it is rolled out
 * ten times, and asked 50 times a second: that needs a quiet machine.
 */
class RolloutIT {

  private static final Path DOCS =
      Path.of(System.getProperty("lab")).resolveSibling("docs").resolve("zero-downtime.md");

  private static final int ROLLOUTS = Integer.getInteger("rollouts", 2);

  /** BusyBox' server lets nine wait: more often than that the machine is measured. */
  private static final int EVERY_MILLIS = ROLLOUTS > 2 ? 20 : 50;

  /** It takes a while to start, and ends at once when it is told to, in the middle of an answer. */
  private static final String SERVES =
      "sleep 3; mkdir /www; echo %s >/www/index.html; httpd -f -p 8080 -h /www & trap exit TERM; wait";

  @TempDir private static Path directory;

  private static Lab pi;
  private static TestService service;
  private static int number;

  @BeforeAll
  static void aPi() throws Exception {
    pi = Lab.up("rollout");
    service = TestService.fast("auth-server");
  }

  @AfterEach
  void nothingRuns() throws Exception {
    pi.asRoot("docker ps -aq | xargs -r docker rm -f");
  }

  @AfterAll
  static void takeDown() throws Exception {
    pi.down();
  }

  @ParameterizedTest
  @CsvSource({"Caddy, Caddyfile", "HAProxy, haproxy.cfg", "nginx, nginx.conf"})
  void no_request_is_lost(String proxy, String file) throws Exception {
    Stack stack = stack(proxy, file);
    deploy(stack, SERVES, Strategy.Mode.ROLLOUT);
    startProxy(proxy, stack);
    ServiceLoad load = load();
    for (int i = 0; i < ROLLOUTS; i++) {
      deploy(stack, SERVES, Strategy.Mode.ROLLOUT);
    }
    assertNoneLost(proxy + ", " + ROLLOUTS + " rollouts", load);
    String before = containers();

    load = load();
    assertThatThrownBy(() -> deploy(stack, "exit 3 # %s", Strategy.Mode.ROLLOUT))
        .hasMessageContaining("is not good")
        .hasMessageContaining("auth-server is back on");
    assertThat(containers()).as("the old one was not touched").isEqualTo(before);
    assertNoneLost(proxy + ", a release that never becomes good", load);
  }

  /** That the load can lose requests. */
  @Test
  void a_recreate_beside_it_loses_some() throws Exception {
    Stack stack = stack("nginx", "nginx.conf");
    deploy(stack, SERVES, Strategy.Mode.RECREATE);
    startProxy("nginx", stack);
    ServiceLoad load = load();

    deploy(stack, SERVES, Strategy.Mode.RECREATE);

    ServiceLoad.Asked asked = asked("nginx, recreate", load);
    assertThat(asked.failed()).isNotEmpty();
  }

  @Test
  void a_deploy_that_is_cut_off_leaves_the_old_one_alone_and_serving() throws Exception {
    Stack stack = stack("Caddy", "Caddyfile");
    deploy(stack, SERVES, Strategy.Mode.ROLLOUT);
    String before = containers();
    List<String> during = new ArrayList<>();

    assertThatThrownBy(
            () ->
                deploy(
                    stack,
                    "sleep 60 # %s",
                    Strategy.Mode.ROLLOUT,
                    event -> {
                      if (event instanceof Event.Verifying) {
                        during.add(containers());
                        cutForGood();
                      }
                    }))
        .hasMessageContaining("The Pi lets it go back");
    pi.link("none");

    assertThat(during.get(0)).as("beside the old one").hasLineCount(2).contains(before);
    Lab.awaitNoFlaws("the guard removes the new one", () -> flaws(before));
  }

  private static List<String> flaws(String before) throws Exception {
    String now = containers();
    String left = pi.ssh("ls rpi/caddy/.rpi/intents 2>/dev/null || true");
    return now.equals(before) && left.isEmpty() ? List.of() : List.of(now, left);
  }

  private static void cutForGood() {
    try {
      pi.cut("--hold");
      pi.cut();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stack stack(String proxy, String file) throws Exception {
    Path folder = Files.createDirectories(directory.resolve(proxy));
    Files.writeString(folder.resolve(file), fromTheDocs(proxy, file));
    return new Stack(
        "rpi/" + proxy.toLowerCase(Locale.ROOT),
        Files.writeString(folder.resolve("compose.yaml"), fromTheDocs(proxy, "compose.yaml")));
  }

  private static String fromTheDocs(String proxy, String file) throws Exception {
    String docs = Files.readString(DOCS);
    String part = docs.substring(docs.indexOf("### " + proxy + "\n"));
    Matcher block =
        Pattern.compile("(?s)\n`" + Pattern.quote(file) + "`\n\n```\\w+\n(.*?)```").matcher(part);
    assertThat(block.find()).as(proxy + ": " + file).isTrue();
    return block.group(1);
  }

  private static void startProxy(String proxy, Stack stack) throws Exception {
    pi.load(Lab.proxy(proxy.toLowerCase(Locale.ROOT)));
    pi.ssh("cd " + stack.directory() + " && docker compose up -d --no-deps proxy 2>&1");
    Lab.await(
        "the proxy",
        () -> pi.ssh("curl -sf http://localhost:8080/ || true").contains("v" + number));
  }

  private static String containers() {
    try {
      return pi.asRoot(
          "docker ps -aq --no-trunc --filter label=com.docker.compose.service=auth-server");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static ServiceLoad load() throws Exception {
    ServiceLoad load =
        ServiceLoad.start(
            Path.of(System.getProperty("lab"), "pi"),
            List.of("auth-server=" + EVERY_MILLIS + "=http://" + pi.address() + ":8080/"));
    Thread.sleep(2000);
    return load;
  }

  private static void assertNoneLost(String what, ServiceLoad load) throws Exception {
    ServiceLoad.Asked asked = asked(what, load);
    assertThat(asked.failed()).as(what).isEmpty();
    assertThat(asked.requests()).as(what).isGreaterThan(50);
  }

  private static ServiceLoad.Asked asked(String what, ServiceLoad load) throws Exception {
    Thread.sleep(1000);
    ServiceLoad.Asked asked = load.end().get("auth-server");
    System.out.printf(
        "RolloutIT %s: %d requests, %d lost%n", what, asked.requests(), asked.failed().size());
    return asked;
  }

  private static void deploy(Stack stack, String command, Strategy.Mode mode) throws Exception {
    deploy(stack, command, mode, event -> {});
  }

  private static void deploy(Stack stack, String command, Strategy.Mode mode, Reporter reporter)
      throws Exception {
    String version = "v" + ++number;
    Path tarball = service.smallTarball(directory, version, command.formatted(version));
    Strategy strategy = new Strategy(mode, Duration.ofSeconds(3), "");
    Candidate candidate =
        Candidate.read(
            new ServiceSpec(
                "auth-server",
                tarball,
                service.platform(),
                new SmokeSpec(
                    List.of(new TestSpec.Http(null, "/", 8080, 200, false, Map.of(), List.of())),
                    Duration.ZERO),
                Patience.DEFAULT,
                directory.resolve("auth-server.log"),
                new Policy(Policy.Rollback.SERVICE, false, 3, strategy)));
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {});
        Deployer deployer =
            Deployers.connect(
                connection,
                stack,
                new LockRequest("", Duration.ZERO, Duration.ofSeconds(2)),
                LayerCompression.none(),
                reporter,
                InstantSource.system(),
                Pause.SLEEP)) {
      deployer.deploy(List.of(candidate));
    }
  }
}
