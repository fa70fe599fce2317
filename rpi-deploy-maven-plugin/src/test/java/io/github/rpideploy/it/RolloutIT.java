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
import io.github.rpideploy.it.lab.UsersMaven;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A service behind the proxies of {@code docs/zero-downtime.md}, by the files that stand there, is
 * asked 20 times a second while it is rolled out twice. With {@code -Drollouts=10} it is rolled out
 * ten times, and asked 50 times a second: that needs a quiet machine. With {@code
 * -Drollouts.samples=true} the sample auth-server is rolled out too.
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
                        pi.cutForGood();
                      }
                    }))
        .hasMessageContaining("The Pi lets it go back");
    pi.link("none");

    assertThat(during.get(0)).as("beside the old one").hasLineCount(2).contains(before);
    Lab.awaitNoFlaws("the guard removes the new one", () -> flaws(before));
  }

  /** Takes two minutes: two builds by a Maven of their own, and starts of Spring Boot. */
  @Test
  @EnabledIfSystemProperty(named = "rollouts.samples", matches = "true")
  void no_request_to_the_sample_auth_server_is_lost() throws Exception {
    Path project = samples();
    String stack = "rpi/samples";
    UsersMaven maven =
        UsersMaven.of(
            pi,
            project,
            List.of(
                "-Dbase.image=tar://" + Lab.jre(),
                "-Drpi.platform=linux/" + Lab.architecture(),
                "-Drpi.directory=" + stack,
                "-Drpi.timeout=5m",
                "-Dmaven.install.skip=true",
                "-DskipTests"));
    build(maven, 0, "10m");
    pi.load(Lab.proxy("caddy"));
    pi.ssh("cd " + stack + " && docker compose up -d --no-deps proxy 2>&1");
    String keys = "/.well-known/jwks.json";
    Lab.await(
        "the proxy",
        () -> pi.ssh("curl -sf http://localhost:8080" + keys + " || true").contains("keys"));
    String before = containers();

    ServiceLoad load = load(20, keys);
    build(maven, 0, "9m");
    Duration silence = assertNoneLost("Spring Boot behind Caddy, a rollout", load).silence();
    assertThat(containers()).hasLineCount(1).isNotEqualTo(before);

    before = containers();
    load = load(20, keys);
    assertThat(build(maven, 1, "-1m"))
        .contains("auth.token-lifetime must be a positive duration")
        .contains("auth-server is back on");
    assertThat(containers()).as("the old one was not touched").isEqualTo(before);
    assertNoneLost("Spring Boot behind Caddy, a release that cannot start", load);

    // Caddy asks again for ten seconds, so a short absence shows as a wait.
    load = load(20, keys);
    build(maven, 0, "8m", "-Drpi.strategy=recreate");
    assertThat(asked("Spring Boot behind Caddy, recreate", load).silence())
        .isGreaterThan(silence.multipliedBy(2));
  }

  /** As a user changes them who has read the page; for this machine's own processor. */
  private static Path samples() throws Exception {
    Path project = Files.createDirectories(directory.resolve("samples"));
    Path original = DOCS.resolveSibling("../sample-services");
    Lab.run(
        List.of(
            "sh",
            "-c",
            "tar -C \"$1\" --exclude=target -c . | tar -C \"$2\" -x",
            "sh",
            original.toString(),
            project.toString()));
    edit(
        project.resolve("pom.xml"),
        "<architecture>arm64</",
        "<architecture>" + Lab.architecture() + "</");
    edit(project.resolve("compose.yaml"), "    ports:\n      - \"127.0.0.1:8081:8081\"\n", "");
    String proxy = fromTheDocs("Caddy", "compose.yaml");
    edit(
        project.resolve("compose.yaml"),
        "\nservices:\n",
        "\n" + proxy.substring(0, proxy.indexOf("  auth-server:")));
    Files.writeString(project.resolve("Caddyfile"), fromTheDocs("Caddy", "Caddyfile"));
    edit(project.resolve("Caddyfile"), "auth-server 8080", "auth-server 8081");
    edit(
        project.resolve("auth-server/pom.xml"),
        "<properties>",
        "<properties><rpi.strategy>rollout</rpi.strategy><rpi.smokePort>8081</rpi.smokePort>");
    return project;
  }

  private static void edit(Path file, String from, String to) throws Exception {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  /**
   * Builds and deploys auth-server as a release of its own.
   *
   * @param lifetime of its tokens; none that is negative lets it start
   * @return what Maven said
   */
  private static String build(UsersMaven maven, int status, String lifetime, String... options)
      throws Exception {
    Path log = directory.resolve("samples" + lifetime + ".log");
    List<String> words = new ArrayList<>(List.of("deploy", "-pl", "auth-server"));
    words.add("-Djib.container.environment=AUTH_TOKEN_LIFETIME=" + lifetime);
    words.addAll(List.of(options));
    int ended = maven.build(log, words.toArray(String[]::new));
    String said = Files.readString(log);
    assertThat(ended).as(said).isEqualTo(status);
    return said;
  }

  /** The verdict is in, and nothing goes back. */
  @Test
  void a_deploy_that_is_cut_while_the_old_one_is_drained_goes_on() throws Exception {
    Stack stack = stack("Caddy", "Caddyfile");
    deploy(stack, SERVES, Strategy.Mode.ROLLOUT);
    String before = containers();
    List<Event> cut = new ArrayList<>();

    deploy(
        stack,
        SERVES,
        Strategy.Mode.ROLLOUT,
        event -> {
          if (event instanceof Event.Waiting waiting && waiting.state().startsWith("good; ")) {
            cut.add(event);
            CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(RolloutIT::cut);
          }
        });

    assertThat(cut).hasSize(1);
    assertThat(containers()).hasLineCount(1).isNotEqualTo(before);
  }

  private static void cut() {
    try {
      pi.cut();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> flaws(String before) throws Exception {
    String now = containers();
    String left = pi.ssh("ls rpi/caddy/.rpi/intents 2>/dev/null || true");
    return now.equals(before) && left.isEmpty() ? List.of() : List.of(now, left);
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
    return load(EVERY_MILLIS, "/");
  }

  private static ServiceLoad load(int everyMillis, String path) throws Exception {
    ServiceLoad load =
        ServiceLoad.start(
                Path.of(System.getProperty("lab"), "pi"),
                List.of("auth-server=" + everyMillis + "=http://" + pi.address() + ":8080" + path))
            .awaitBegun();
    Thread.sleep(2000);
    return load;
  }

  private static ServiceLoad.Asked assertNoneLost(String what, ServiceLoad load) throws Exception {
    ServiceLoad.Asked asked = asked(what, load);
    assertThat(asked.failed()).as(what).isEmpty();
    assertThat(asked.requests()).as(what).isGreaterThan(50);
    return asked;
  }

  private static ServiceLoad.Asked asked(String what, ServiceLoad load) throws Exception {
    Thread.sleep(1000);
    ServiceLoad.Asked asked = load.end().get("auth-server");
    System.out.printf(
        "RolloutIT %s: %d requests, %d lost, the longest silence %d ms%n",
        what, asked.requests(), asked.failed().size(), asked.silence().toMillis());
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
