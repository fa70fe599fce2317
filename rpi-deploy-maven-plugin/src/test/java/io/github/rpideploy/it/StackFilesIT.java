package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.FilesSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.SshConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A compose file with all kinds of files beside it, deployed to a real Engine. Takes long because
 * each deploy recreates real containers.
 */
@Timeout(600)
class StackFilesIT {

  private static final String COMPOSE =
      """
      include: [common/broker.yaml]
      services:
        auth-server:
          image: auth-server
          platform: linux/arm64
          stop_signal: SIGKILL
          env_file: [auth.env]
          volumes: ["./conf/app.yml:/conf/app.yml:ro"]
          secrets: [signing-key]
        extension-server:
          extends: {file: common/base.yaml, service: base}
          image: extension-server
          configs: [{source: limits, target: /limits.json}]
          volumes:
            - {type: bind, source: ./static, target: /www, read_only: true}
      configs:
        limits: {file: ./limits.json}
      secrets:
        signing-key: {file: secrets/signing.key}
      """;

  private static final String DIRECTORY = "rpi/files";

  @TempDir private static Path directory;

  private static Lab pi;
  private static TestService auth;
  private static TestService extension;
  private static Path project;
  private static List<Candidate> releases;

  private final List<Event> events = new ArrayList<>();
  private FilesSpec spec = FilesSpec.DEFAULT;

  @BeforeAll
  static void aPi() throws Exception {
    pi = Lab.up("files");
    auth = new TestService("auth-server");
    extension = new TestService("extension-server");
    releases = List.of(small(auth, "1", TestService.RUNS), small(extension, "1", TestService.RUNS));
  }

  @AfterAll
  static void takeDown() throws Exception {
    pi.down();
  }

  private static Candidate small(TestService service, String version, String command) {
    return service.candidate(service.smallTarball(directory, version, command));
  }

  @BeforeEach
  void aFreshProjectThatIsDeployed() throws Exception {
    pi.ssh(
        "docker ps -aq --filter label=com.docker.compose.project=files | xargs -r docker rm -f;"
            + " rm -rf "
            + DIRECTORY);
    project = Files.createTempDirectory(directory, "project");
    put("compose.yaml", COMPOSE, "rw-r--r--");
    put("auth.env", "GREETING=hello\n", "rw-------");
    put("conf/app.yml", "level: 1\n", "rw-r--r--");
    put("secrets/signing.key", "key 1\n", "rw-------");
    put("limits.json", "{}\n", "rw-r--r--");
    put("static/index.html", "<p>1</p>\n", "rw-r--r--");
    put("static/sub/a b.html", "<p>a b</p>\n", "rwxr-xr-x");
    put(
        "common/base.yaml",
        "services: {base: {platform: linux/arm64, stop_signal: SIGKILL, env_file: base.env}}\n",
        "rw-r--r--");
    put("common/base.env", "COMMON=yes\n", "rw-r--r--");
    put(
        "common/broker.yaml",
        "services: {broker: {image: none, profiles: [never], env_file: broker.env}}\n",
        "rw-r--r--");
    put("common/broker.env", "X=1\n", "rw-r--r--");
    deploy(releases);
  }

  @Test
  void a_first_deploy_brings_all_files_with_their_modes_and_a_second_one_nothing()
      throws Exception {
    assertThat(
            pi.ssh(
                "cd "
                    + DIRECTORY
                    + " && find . -type f ! -path './.rpi/*' ! -name 'compose.yaml' -printf '%m %P\\n' | sort -k 2"))
        .isEqualTo(
            """
            600 auth.env
            644 common/base.env
            644 common/base.yaml
            644 common/broker.env
            644 common/broker.yaml
            644 conf/app.yml
            644 limits.json
            600 secrets/signing.key
            644 static/index.html
            755 static/sub/a b.html
            """
                .strip());
    assertThat(in("auth-server", "cat /conf/app.yml /run/secrets/signing-key; echo $GREETING"))
        .isEqualTo("level: 1\nkey 1\nhello");
    assertThat(in("extension-server", "cat /limits.json '/www/sub/a b.html'; echo $COMMON"))
        .isEqualTo("{}\n<p>a b</p>\nyes");
    List<String> containers = containers();

    deploy(releases);

    assertThat(containers()).isEqualTo(containers);
    assertThat(of(Event.Unchanged.class)).hasSize(2);
    assertThat(of(Event.FilesSent.class)).isEmpty();
    assertThat(plan())
        .filteredOn(Event.Planned.class::isInstance)
        .allMatch(planned -> !((Event.Planned) planned).recreated());
  }

  @Test
  void a_changed_file_recreates_the_service_that_mounts_it() throws Exception {
    List<String> before = containers();
    put("static/index.html", "<p>2</p>\n", "rw-r--r--");

    assertThat(plan())
        .contains(
            new Event.FilesPlanned(List.of(new Event.SentFile("static/index.html", 9)), List.of()))
        .anyMatch(
            event ->
                event instanceof Event.Planned planned
                    && planned.reason().equals("because static/index.html has changed"));
    deploy(releases);

    assertThat(containers().get(0)).isEqualTo(before.get(0));
    assertThat(containers().get(1)).isNotEqualTo(before.get(1));
    assertThat(in("extension-server", "cat /www/index.html")).isEqualTo("<p>2</p>");
    assertThat(events)
        .contains(
            new Event.FilesChanged("extension-server", "because static/index.html has changed"));

    put("auth.env", "GREETING=good morning\n", "rw-------");
    deploy(releases);
    assertThat(of(Event.Recreated.class))
        .extracting(Event.Recreated::service)
        .containsExactly("auth-server");
    assertThat(in("auth-server", "echo $GREETING")).isEqualTo("good morning");

    put("common/base.env", "COMMON=no\n", "rw-r--r--");
    deploy(releases);
    assertThat(of(Event.Recreated.class))
        .extracting(Event.Recreated::service)
        .containsExactly("extension-server");
  }

  @Test
  void a_file_that_was_changed_on_the_Pi_stops_the_deploy_until_it_may_be_overwritten()
      throws Exception {
    pi.ssh("echo 'level: 7' > " + DIRECTORY + "/conf/app.yml");
    put("conf/app.yml", "level: 2\n", "rw-r--r--");
    put("limits.json", "{\"a\": 1}\n", "rw-r--r--");
    List<String> before = containers();

    DeployException failure = catchThrowableOfType(DeployException.class, () -> deploy(releases));

    assertThat(failure).hasMessageContainingAll("conf/app.yml", "somebody has changed it there");
    assertThat(failure.hint()).contains("-Drpi.overwriteFiles");
    assertThat(failure.getMessage()).doesNotContain("level");
    assertThat(containers()).isEqualTo(before);
    assertThat(pi.ssh("cat " + DIRECTORY + "/conf/app.yml " + DIRECTORY + "/limits.json"))
        .isEqualTo("level: 7\n{}");

    spec = new FilesSpec(null, List.of(), 10_000_000, true);
    deploy(releases);
    assertThat(in("auth-server", "cat /conf/app.yml")).isEqualTo("level: 2");
  }

  @Test
  void the_way_back_brings_files_back() throws Exception {
    put("conf/app.yml", "level: 2\n", "rw-r--r--");
    put("conf/new.yml", "new\n", "rw-r--r--");
    put(
        "compose.yaml",
        COMPOSE.replace("./conf/app.yml:/conf/app.yml", "./conf:/conf"),
        "rw-r--r--");

    DeployException failure =
        catchThrowableOfType(
            DeployException.class,
            () -> deploy(List.of(small(auth, "2", "cat /conf/app.yml; exit 1"))));

    assertThat(failure).hasMessageContaining("auth-server is back on auth-server:rpi-");
    assertThat(in("auth-server", "cat /conf/app.yml")).isEqualTo("level: 1");
    assertThat(
            pi.ssh(
                "cd "
                    + DIRECTORY
                    + "; ls conf; ls .rpi/before 2>&1; grep -c ./conf/app.yml compose.yaml"))
        .isEqualTo("app.yml\nls: cannot access '.rpi/before': No such file or directory\n1");

    put("compose.yaml", COMPOSE, "rw-r--r--");
    put("conf/app.yml", "level: 1\n", "rw-r--r--");
    Files.delete(project.resolve("conf/new.yml"));
    deploy(releases);
    assertThat(of(Event.Unchanged.class)).hasSize(2);
  }

  @Test
  void what_is_no_longer_named_goes_if_nobody_has_changed_it() throws Exception {
    pi.ssh("echo '<p>mine</p>' > '" + DIRECTORY + "/static/sub/a b.html'");
    Files.delete(project.resolve("static/index.html"));
    Files.delete(project.resolve("static/sub/a b.html"));

    deploy(releases);

    assertThat(pi.ssh("cd " + DIRECTORY + "; find static -type f"))
        .isEqualTo("static/sub/a b.html");
    assertThat(events).contains(new Event.FileRemoved("static/index.html"));
    assertThat(of(Event.Warning.class))
        .extracting(Event.Warning::text)
        .anyMatch(text -> text.startsWith("static/sub/a b.html on pi@"));
  }

  @Test
  void two_compose_files_are_one_project_for_whoever_types_there() throws Exception {
    put(
        "compose.pi.yaml",
        "services: {auth-server: {environment: {PLACE: the Pi}}}\n",
        "rw-r--r--");
    spec = new FilesSpec(project.resolve("compose.pi.yaml"), List.of(), 10_000_000, false);

    deploy(releases);

    assertThat(of(Event.Recreated.class))
        .extracting(Event.Recreated::service)
        .containsExactly("auth-server");
    assertThat(in("auth-server", "echo $PLACE")).isEqualTo("the Pi");
    assertThat(pi.ssh("cd " + DIRECTORY + " && docker compose config --hash auth-server"))
        .isNotEmpty();
    deploy(releases);
    assertThat(of(Event.Unchanged.class)).hasSize(2);
  }

  @Test
  void a_dotenv_is_only_sent_when_it_is_named() throws Exception {
    put(".env", "PLACE=mars\n", "rw-------");
    put(
        "compose.yaml",
        COMPOSE.replace(
            "env_file: [auth.env]", "env_file: [auth.env]\n    environment: {P: \"${PLACE}\"}"),
        "rw-r--r--");

    deploy(releases);
    assertThat(pi.ssh("ls -a " + DIRECTORY)).doesNotContain("\n.env");
    assertThat(of(Event.Warning.class))
        .extracting(Event.Warning::text)
        .anyMatch(text -> text.startsWith(".env is here, but not in") && text.contains("PLACE"));

    spec = new FilesSpec(null, List.of(".env"), 10_000_000, false);
    deploy(releases);
    assertThat(in("auth-server", "echo $P")).isEqualTo("mars");
  }

  /** Compose 1.29 knows no include, and no configs without a swarm. */
  @ParameterizedTest
  @ValueSource(strings = {"bookworm", "sid"})
  void other_engines_and_composes_do_the_same(String suite) throws Exception {
    Lab usual = pi;
    pi = Lab.up("files-" + suite, "--suite", suite);
    try {
      if (suite.equals("bookworm")) {
        put(
            "compose.yaml",
            COMPOSE
                .replaceAll("include: .*\\n", "")
                .replaceAll("(?m)^ *(configs|limits):.*\\n", ""),
            "rw-r--r--");
      }
      put("compose.pi.yaml", "services: {auth-server: {environment: {PLACE: pi}}}\n", "rw-r--r--");
      spec = new FilesSpec(project.resolve("compose.pi.yaml"), List.of(), 10_000_000, false);
      deploy(releases);
      assertThat(in("auth-server", "cat /conf/app.yml /run/secrets/signing-key; echo $PLACE"))
          .isEqualTo("level: 1\nkey 1\npi");
      assertThat(in("extension-server", "cat '/www/sub/a b.html'; echo $COMMON"))
          .isEqualTo("<p>a b</p>\nyes");
      deploy(releases);
      assertThat(of(Event.Unchanged.class)).hasSize(2);

      put("conf/app.yml", "level: 2\n", "rw-r--r--");
      DeployException failure =
          catchThrowableOfType(
              DeployException.class,
              () -> deploy(List.of(small(auth, "2", "cat /conf/app.yml; exit 1"))));
      assertThat(failure).hasMessageContaining("auth-server is back on auth-server:rpi-");
      assertThat(in("auth-server", "cat /conf/app.yml")).isEqualTo("level: 1");
      deploy(releases);
      assertThat(of(Event.Recreated.class))
          .extracting(Event.Recreated::service)
          .containsExactly("auth-server");
    } finally {
      pi.down();
      pi = usual;
    }
  }

  private void deploy(List<Candidate> candidates) throws Exception {
    with(deployer -> deployer.deploy(candidates));
  }

  private List<Event> plan() throws Exception {
    with(deployer -> deployer.plan(releases));
    return events;
  }

  private void with(Consumer<Deployer> work) throws Exception {
    events.clear();
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {});
        Deployer deployer =
            Deployers.connect(
                connection,
                new Stack(DIRECTORY, project.resolve("compose.yaml"), false, spec),
                events::add,
                Clock.systemUTC(),
                duration -> {
                  try {
                    Thread.sleep(duration.toMillis());
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                })) {
      work.accept(deployer);
    }
  }

  private <T extends Event> List<T> of(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static void put(String path, String content, String mode) throws Exception {
    Path file = project.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static List<String> containers() throws Exception {
    return List.of(id("auth-server"), id("extension-server"));
  }

  private static String id(String service) throws Exception {
    return pi.ssh("docker ps -q --no-trunc --filter label=com.docker.compose.service=" + service);
  }

  private static String in(String service, String commandLine) throws Exception {
    return pi.ssh(
        "docker exec " + id(service) + " sh -c " + "'" + commandLine.replace("'", "'\\''") + "'");
  }
}
