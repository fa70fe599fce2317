package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.remote.InEveryShell;
import io.github.rpideploy.remote.LocalShell;
import io.github.rpideploy.remote.PosixShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script runs in each shell, with a docker that says what real ones were seen to. */
@InEveryShell
class ProbeTest {

  private static final String DOCKER =
      """
      #!/bin/sh
      echo "$1" >>"$HOME/calls"
      [ ! -e "$HOME/stopped" ] || { echo 'Is the docker daemon running?' >&2; exit 1; }
      case "$1 $2" in
        "ps -a") ;;
        "version --format") echo '26.1.5 linux arm64' ;;
        "info --format") printf 'driver overlay2\\nstatus []\\nroot /\\ncompose v2.26.1\\n' ;;
        "image ls") echo sha256:ID a:latest ;;
        "image inspect") echo 'sha256:ID .' ;;
        "compose config") cat compose.yaml ;;
        "compose -p") echo 'no configuration file provided: not found' >&2; exit 14 ;;
        "compose -f") echo "$*" >"$HOME/files"; echo 'given:'; cat ;;
        *) exit 9 ;;
      esac
      """
          .replace("ID", "1".repeat(64));

  private static final String PROFILES =
      """
      "compose --profile") [ "$3 $4" = '* config' ] || exit 9
          printf 'services:\\n  a: {profiles: [x], image: a}\\n' ;;
      """;

  private final PosixShell shell;

  private final List<Process> engines = new ArrayList<>();

  @TempDir private Path home;

  ProbeTest(PosixShell shell) {
    this.shell = shell;
  }

  @BeforeEach
  void setUp() throws IOException {
    docker(DOCKER);
    Files.createDirectories(home.resolve("rpi/a b"));
    Files.writeString(home.resolve("rpi/a b/compose.yaml"), "services: {}\n");
  }

  private void docker(String script) throws IOException {
    Path docker = Files.createDirectories(home.resolve("bin")).resolve("docker");
    Files.writeString(docker, script);
    assertThat(docker.toFile().setExecutable(true)).isTrue();
  }

  private ProbeResult probe(String directory, @Nullable String yaml) {
    return Probe.of(
        new LocalShell(shell, home).withPrograms(home.resolve("bin")),
        directory,
        yaml == null ? null : Probe.Given.alone("compose.yaml", yaml),
        false,
        home.resolve("docker.pid").toString());
  }

  @Test
  void services_of_profiles_that_are_not_active_are_found_by_name() throws IOException {
    docker(DOCKER.replace("*) exit 9", PROFILES + "*) exit 9"));
    Files.writeString(home.resolve("rpi/a b/compose.yaml"), "services: {} # profiles\n");

    ComposeFile file = probe("rpi/a b", null).compose().read();

    assertThat(file.services()).isEmpty();
    assertThat(file.service("a")).isPresent();
    assertThat(file.service("b")).isEmpty();
  }

  /** Each compose takes a Pi a tenth of a second or more. */
  @Test
  void compose_is_not_asked_twice_where_no_file_can_speak_of_profiles() throws IOException {
    docker(DOCKER.replace("*) exit 9", PROFILES + "*) exit 9"));

    assertThat(probe("rpi/a b", null).compose().read().service("a")).isEmpty();

    Files.writeString(home.resolve("rpi/a b/.env"), "COMPOSE_FILE=compose.yaml:../other\n");
    assertThat(probe("rpi/a b", null).compose().read().service("a")).isPresent();
    Files.delete(home.resolve("rpi/a b/.env"));
    Files.writeString(home.resolve("rpi/a b/compose.yaml"), "services: {} # include\n");
    assertThat(probe("rpi/a b", null).compose().read().service("a")).isPresent();
  }

  @Test
  void one_round_trip_tells_engine_compose_images_space_and_the_compose_file() {
    ProbeResult result = probe("rpi/a b", null);

    assertThat(result.docker().engine().version()).isEqualTo("26.1.5");
    assertThat(result.docker().engine().platform()).isEqualTo("linux/arm64");
    assertThat(result.docker().composeVersion()).isEqualTo("2.26.1");
    assertThat(result.contents().named("a:latest")).isPresent();
    assertThat(result.contents().space()).isNotEmpty();
    assertThat(result.compose().config().stdout()).isEqualTo("services: {}\n");
  }

  @Test
  void a_compose_file_that_is_sent_is_read_unless_the_Pi_has_the_same() {
    assertThat(probe("rpi/a b", "services: {a: {}}\n").compose().config().stdout())
        .isEqualTo("given:\nservices: {a: {}}\n");
    assertThat(probe("rpi/a b", "services: {}\n").compose().config().stdout())
        .isEqualTo("services: {}\n");
  }

  @Test
  void a_compose_file_that_is_sent_is_read_with_the_files_beside_which_it_will_be()
      throws IOException {
    probe("rpi/a b", "services: {a: {}}\n");
    assertThat(home.resolve("files")).hasContent("compose -f - config\n");

    Files.writeString(home.resolve("rpi/a b/compose.override.yaml"), "x");
    probe("rpi/a b", "services: {a: {}}\n");
    assertThat(home.resolve("files")).hasContent("compose -f - -f compose.override.yaml config\n");

    Files.writeString(home.resolve("rpi/a b/.env"), "A=b\nCOMPOSE_FILE='base.yml:compose.yaml'\n");
    probe("rpi/a b", "services: {a: {}}\n");
    assertThat(home.resolve("files")).hasContent("compose -f base.yml -f - config\n");
  }

  @Test
  void what_compose_complains_about_is_told() {
    assertThat(probe("rpi/none", null).compose().config().stderr())
        .isEqualTo("no configuration file provided: not found\n");
  }

  @Test
  void an_Engine_that_says_no_is_quoted() throws IOException {
    docker("#!/bin/sh\necho 'permission denied' >&2; echo x >&2; exit 1\n");

    assertThatThrownBy(() -> probe("rpi/a b", null))
        .isInstanceOf(DeployException.class)
        .hasMessageEndingWith("does not answer: permission denied x");
  }

  @Test
  void what_only_the_start_of_an_Engine_changes_is_asked_once_for_each() throws Exception {
    Process engine = engine();
    ProbeResult first = probe("rpi/a b", null);
    assertThat(asked()).contains("version", "info");

    ProbeResult second = probe("rpi/a b", null);

    assertThat(asked()).containsOnlyOnce("ps", "compose").doesNotContain("version", "info");
    assertThat(second.docker().engine()).isEqualTo(first.docker().engine());
    assertThat(second.docker().composeVersion()).isEqualTo("2.26.1");

    engine.destroyForcibly().waitFor();
    probe("rpi/a b", null);
    assertThat(asked()).as("an Engine that is not there").contains("version", "info");
    engine();
    probe("rpi/a b", null);
    assertThat(asked()).as("another one").contains("version", "info");
  }

  @Test
  void another_compose_or_docker_is_asked_again() throws IOException {
    engine();
    probe("rpi/a b", null);
    asked();

    Path plugins = Files.createDirectories(home.resolve(".docker/cli-plugins"));
    Files.writeString(plugins.resolve("docker-compose"), "");
    probe("rpi/a b", null);
    assertThat(asked()).contains("version", "info");
    docker(DOCKER.replace("26.1.5", "28.5.2"));
    assertThat(probe("rpi/a b", null).docker().engine().version()).isEqualTo("28.5.2");
    probe("rpi/a b", null);
    asked();

    Files.writeString(home.resolve(".docker/config.json"), "{\"currentContext\": \"attic\"}");
    probe("rpi/a b", null);
    probe("rpi/a b", null);
    assertThat(asked()).as("another Engine").filteredOn("info"::equals).hasSize(2);
  }

  @Test
  void an_Engine_of_which_all_is_known_is_quoted_when_it_does_not_answer_any_more()
      throws IOException {
    engine();
    probe("rpi/a b", null);
    Files.createFile(home.resolve("stopped"));

    for (String directory : List.of("rpi/a b", "rpi/none")) {
      assertThatThrownBy(() -> probe(directory, null))
          .isInstanceOf(DeployException.class)
          .hasMessageEndingWith("does not answer: Is the docker daemon running?");
    }
    Files.delete(home.resolve("stopped"));
    assertThat(probe("rpi/none", null).docker().engine().version()).isEqualTo("26.1.5");
  }

  @Test
  void what_a_power_cut_has_torn_is_asked_again() throws IOException {
    engine();
    probe("rpi/a b", null);
    asked();
    Path kept = home.resolve(".cache/rpi-deploy/engine");
    String whole = Files.readString(kept);

    Files.writeString(kept, whole.substring(0, whole.indexOf("status")));
    assertThat(probe("rpi/a b", null).docker().composeVersion()).isEqualTo("2.26.1");
    assertThat(asked()).contains("info");
    assertThat(kept).hasContent(whole);
  }

  /** Compose takes a Pi half a second. */
  @Test
  void what_compose_makes_of_its_files_is_asked_once_until_one_has_changed() throws IOException {
    engine();
    Path kept = Files.createDirectories(home.resolve("rpi/a b/.rpi")).resolve("config");
    probe("rpi/a b", null);
    assertThat(kept).as("by whom all is known").doesNotExist();
    probe("rpi/a b", null);
    assertThat(Files.getPosixFilePermissions(kept))
        .as("it may hold what .env holds")
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertComposeIsAsked(false, "services: {}\n");

    Files.writeString(home.resolve("rpi/a b/.env"), "A=1\n");
    assertComposeIsAsked(true, "services: {}\n");
    assertComposeIsAsked(false, "services: {}\n");
    String yaml = "services: {a: {}}\n\n";
    Files.writeString(home.resolve("rpi/a b/compose.yaml"), yaml);
    assertComposeIsAsked(true, yaml);
    assertComposeIsAsked(false, yaml);
    Files.writeString(home.resolve("rpi/a b/compose.override.yml"), "x");
    assertComposeIsAsked(true, yaml);
    Files.writeString(kept, Files.readString(kept).replace("services", "\0\0\0\0\0\0\0\0"));
    assertComposeIsAsked(true, yaml);
    assertComposeIsAsked(false, yaml);

    yaml = "services: {a: {env_file: elsewhere}}\n";
    Files.writeString(home.resolve("rpi/a b/compose.yaml"), yaml);
    assertComposeIsAsked(true, yaml);
    assertComposeIsAsked(true, yaml);
  }

  private void assertComposeIsAsked(boolean asked, String config) throws IOException {
    Files.deleteIfExists(home.resolve("calls"));
    assertThat(probe("rpi/a b", null).compose().config().stdout()).isEqualTo(config);
    assertThat(asked().contains("compose")).isEqualTo(asked);
  }

  @Test
  void what_compose_misses_is_asked_again() throws IOException {
    docker(
        DOCKER.replace(
            "cat compose.yaml", "cat compose.yaml; echo 'The A variable is not set' >&2"));
    engine();
    Files.createDirectories(home.resolve("rpi/a b/.rpi"));
    probe("rpi/a b", null);
    probe("rpi/a b", null);

    assertComposeIsAsked(true, "services: {}\n");
  }

  /**
   * Then compose need not be asked for its digests: that takes a Pi a tenth of a second or more.
   */
  @Test
  void the_digests_that_a_deploy_keeps_are_those_of_what_the_probe_has_read() throws Exception {
    docker(
        DOCKER
            .replace("\"ps -a\") ;;", "\"ps -a\") echo c1=x ;; \"container inspect\") ;;")
            .replace("*) exit 9", "\"compose --profile\") echo 'a d1gest' ;; *) exit 9"));
    Path kept = home.resolve("rpi/a b/.rpi/hashes");
    Path lock = Files.createDirectories(kept.getParent()).resolve("lock");
    Files.writeString(lock, "");
    Files.writeString(lock.resolveSibling("last"), "01234567-89ab-cdef-0123-456789abcdef\n");
    Compose compose = probe("rpi/a b", null).docker().compose("rpi/a b");

    compose.hashes(null, "*");
    assertThat(kept).as("by one who only looks").doesNotExist();
    Process deploy = new ProcessBuilder("flock", "-F", lock.toString(), "cat").start();
    engines.add(deploy);
    while (new ProcessBuilder("flock", "-n", lock.toString(), "true").start().waitFor() == 0) {
      Thread.onSpinWait();
    }
    assertThat(compose.hashes(null, "*")).containsExactly(Map.entry("a", "d1gest"));
    deploy.destroyForcibly().waitFor();

    assertThat(kept).hasContent(key("services: {}\n") + "\na d1gest\n");
    assertThat(key("services: {a: {}}\n")).as("sent later").isEqualTo("-");
    String before = key("services: {}\n");
    Files.writeString(home.resolve("rpi/a b/.env"), "A=1\n");
    assertThat(key("services: {}\n")).matches("[0-9a-f]{64}").isNotEqualTo(before);
    before = key("services: {}\n");
    Files.writeString(home.resolve("rpi/a b/.rpi/files"), "x");
    assertThat(key(null)).matches("[0-9a-f]{64}").isNotEqualTo(before);
    docker(DOCKER.replace("\"ps -a\") ;;", "\"ps -a\") echo c1=x ;;").replace("v2.26", "1.29"));
    assertThat(key(null)).as("has the id of an image in it").isEqualTo("-");
  }

  private String key(@Nullable String yaml) {
    return probe("rpi/a b", yaml).project().moment().replaceFirst(".* ", "");
  }

  /** Something that is called as the Engine is, and where it says what its process is. */
  private Process engine() throws IOException {
    Path program = home.resolve("dockerd");
    Files.writeString(program, "#!/bin/sh\nread x\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Process process = new ProcessBuilder(program.toString()).start();
    engines.add(process);
    Files.writeString(home.resolve("docker.pid"), String.valueOf(process.pid()));
    Path name = Path.of("/proc/" + process.pid() + "/comm");
    while (!Files.readString(name).strip().equals("dockerd")) {
      Thread.onSpinWait();
    }
    return process;
  }

  @AfterEach
  void noEngineStays() {
    engines.forEach(Process::destroy);
  }

  /** What docker was called for since the last time. */
  private List<String> asked() throws IOException {
    Path calls = home.resolve("calls");
    List<String> asked = Files.readAllLines(calls);
    Files.delete(calls);
    return asked;
  }
}
