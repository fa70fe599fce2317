package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.stack.LocalStack;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.docker.file.Endpoint;
import io.github.rpideploy.docker.file.PublishedPort;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.remote.InEveryShell;
import io.github.rpideploy.remote.LocalShell;
import io.github.rpideploy.remote.PosixShell;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script runs in each shell, with a docker that says what real ones were seen to. */
@InEveryShell
class ExaminationTest {

  private static final String DOCKER =
      """
      #!/bin/sh
      case "$1 $2" in
        "version --format") echo '26.1.5 linux arm64' ;;
        "info --format") printf 'driver overlay2\\nstatus []\\nroot /\\nmemory 4096\\nlimits-memory false\\nlog-driver local\\nsecurity ["name=rootless"]\\n' ;;
        "ps --format") printf 'published x-a-1\\t%s\\ta\\t127.0.0.1:18081->80/tcp\\n' "$HOME/rpi" ;;
        "compose version") echo 2.26.1 ;;
        "compose config"|"compose -p") echo 'no configuration file provided: not found' >&2; exit 14 ;;
        "compose -f") echo 'level=warning msg="The \\"TOKEN\\" variable is not set. Default"' >&2; cat; echo '# end' ;;
        *) exit 9 ;;
      esac
      """;

  private final PosixShell shell;

  @TempDir Path home;

  ExaminationTest(PosixShell shell) {
    this.shell = shell;
  }

  @BeforeEach
  void setUp() throws IOException {
    Path docker = Files.createDirectories(home.resolve("bin")).resolve("docker");
    Files.writeString(docker, DOCKER);
    assertThat(docker.toFile().setExecutable(true)).isTrue();
    Files.createDirectories(home.resolve("rpi"));
  }

  @Test
  void tells_all_of_a_Pi_in_one_round_trip_and_leaves_nothing_there() throws IOException {
    Instant before = Instant.now().minusSeconds(1);
    List<Path> there = files();

    ExaminationResult findings =
        examine(
            "rpi", Probe.Given.alone("compose.yaml", "services: {a: {image: b, mem_limit: 1g}}"));

    assertThat(findings.begun()).isBetween(before, findings.ended());
    assertThat(findings.machine().kernel()).isNotEqualTo("unknown");
    assertThat(findings.machine().pageSize()).isPositive();
    assertThat(findings.machine().interpreter()).contains("perl");
    assertThat(findings.disks()).extracting(Disk::use).contains("tmp", "docker");
    assertThat(findings.disks()).allSatisfy(disk -> assertThat(disk.freeBytes()).isPositive());
    assertThat(findings.published())
        .containsExactly(
            new PublishedPort("x-a-1", home + "/rpi", "a", Endpoint.of("tcp", "127.0.0.1", 18081)));
    assertThat(findings.directory())
        .isEqualTo(
            new ExaminationResult.Directory(
                Optional.of(home + "/rpi"), Optional.empty(), List.of()));
    ExaminationResult.Answer answer = (ExaminationResult.Answer) findings.docker();
    assertThat(answer.engine().platform()).isEqualTo("linux/arm64");
    assertThat(answer.rootless()).isTrue();
    assertThat(answer.limitsMemory()).isFalse();
    assertThat(answer.memory()).isEqualTo(4096);
    assertThat(answer.log().driver()).isEqualTo("local");
    ExaminationResult.ComposeFinding compose = answer.compose().orElseThrow();
    assertThat(compose.unset()).containsExactly("TOKEN");
    assertThat(compose.services())
        .containsOnlyKeys("a")
        .extractingByKey("a")
        .extracting(ComposeFile.Service::memoryLimit)
        .isEqualTo(OptionalLong.of(1L << 30));
    assertThat(compose.file().read().services()).containsOnlyKeys("a");
    assertThat(files()).isEqualTo(there);
  }

  @Test
  void tells_what_was_sent_of_the_stack_and_what_is_there_now_and_writes_nothing()
      throws IOException {
    Path project = home.resolve("project");
    Files.createDirectories(project.resolve("conf"));
    Files.writeString(
        project.resolve("compose.yaml"), "services: {a: {image: b, volumes: ['./conf:/conf']}}");
    Files.writeString(project.resolve("conf/new one.yml"), "new");
    Files.createDirectories(home.resolve("rpi/conf"));
    Files.writeString(home.resolve("rpi/conf/new one.yml"), "made by somebody");
    Files.writeString(home.resolve("rpi/conf/old.yml"), "old");
    Files.createDirectories(home.resolve("rpi/.rpi"));
    Files.writeString(home.resolve("rpi/.rpi/files"), "c".repeat(64) + " 644 conf/old.yml\n");
    List<Path> there = files();

    ExaminationResult findings =
        examine("rpi", LocalStack.of(new Stack("rpi", project.resolve("compose.yaml"))).given());

    assertThat(findings.files())
        .containsExactlyInAnyOrder(
            "record " + "c".repeat(64) + " 644 conf/old.yml",
            "there " + sha256("old") + " conf/old.yml",
            "there " + sha256("made by somebody") + " conf/new one.yml");
    assertThat(files()).isEqualTo(there);
  }

  private static String sha256(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
  }

  @Test
  void the_compose_file_on_the_Pi_counts_where_none_is_given_and_compose_says_what_is_wrong() {
    ExaminationResult.Answer answer = (ExaminationResult.Answer) examine("rpi/none", null).docker();

    ComposeAnswer file = answer.compose().orElseThrow().file();
    assertThat(file.config().exitStatus()).isEqualTo(14);
    assertThat(file.config().stderr()).isEqualTo("no configuration file provided: not found\n");
    assertThat(examine("rpi/none", null).directory())
        .isEqualTo(new ExaminationResult.Directory(Optional.empty(), Optional.empty(), List.of()));
  }

  @Test
  void an_Engine_that_says_no_is_quoted() throws IOException {
    Files.writeString(
        home.resolve("bin/docker"),
        "#!/bin/sh\necho 'permission denied' >&2; echo x >&2; exit 1\n");

    assertThat(examine("rpi", null).docker())
        .isInstanceOfSatisfying(
            ExaminationResult.NoAnswer.class,
            answer -> {
              assertThat(answer.said()).isEqualTo("permission denied x");
              assertThat(answer.fix()).contains("sudo usermod -aG docker pi");
            });
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_port_that_this_test_listens_at_is_seen() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Endpoint endpoint = new Endpoint("tcp", socket.getInetAddress(), socket.getLocalPort());

      assertThat(examine("rpi", null).listeners())
          .filteredOn(listener -> listener.endpoint().collides(endpoint))
          .isNotEmpty();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      return all.sorted().toList();
    }
  }

  private ExaminationResult examine(String directory, Probe.@Nullable Given given) {
    return Examination.of(
        new LocalShell(shell, home).withPrograms(home.resolve("bin")), directory, given, false);
  }
}
