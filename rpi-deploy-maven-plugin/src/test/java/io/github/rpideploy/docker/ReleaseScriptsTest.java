package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.remote.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts run in this machine's shell, with a docker that says what real ones were seen to. */
class ReleaseScriptsTest {

  private static final String BASE = "a".repeat(64);
  private static final String LIBS = "b".repeat(64);
  private static final String OLD = "1".repeat(64);
  private static final String NEW = "2".repeat(64);
  private static final String GONE = "3".repeat(64);

  /** Two images, of which {@code x:bad} cannot be created. */
  private static final String DOCKER =
      """
      #!/bin/sh
      case "$1 $2" in
        "image ls") printf 'sha256:%s\\nsha256:%s\\nsha256:%s\\n' OLD NEW OLD ;;
        "image inspect")
          shift 2; [ "$1" != --format ] || shift 2
          for name; do case $name in
            sha256:OLD) echo "image sha256:OLD sha256:BASE sha256:LIBS" ;;
            sha256:NEW) echo "image sha256:NEW sha256:BASE sha256:BASE" ;;
            x:old|x:bad) echo "sha256:OLD sha256:BASE sha256:LIBS" ;;
            *) echo "Error: No such image: $name" >&2; exit 1 ;;
          esac; done ;;
        "create --pull")
          case $* in
            *x:bad*) echo 'WARNING: odd' >&2; echo 'Error response: NotFound' >&2; exit 1 ;;
            *) echo 'WARNING: no memory limit' >&2; echo 0123 ;;
          esac ;;
        "rm -v") [ "$3" = 0123 ] ;;
        *) exit 9 ;;
      esac
      """
          .replace("BASE", BASE)
          .replace("LIBS", LIBS)
          .replace("OLD", OLD)
          .replace("NEW", NEW);

  private static final Engine ENGINE =
      new Engine("28.5", Engine.CONTAINERD, "linux", "arm64", Set.of(), "/");

  @TempDir Path home;
  private Path docker;
  private Path records;

  @BeforeEach
  void setUp() throws IOException {
    docker = Files.writeString(home.resolve("docker"), DOCKER);
    assertThat(docker.toFile().setExecutable(true)).isTrue();
    records = home.resolve(ReleaseScripts.RECORDS);
  }

  @Test
  void a_survey_tells_every_image_once_and_each_digest_once() throws Exception {
    String said = run(survey(false));

    assertThat(said.lines().filter(line -> line.startsWith("image ")))
        .containsExactly("image " + OLD + " " + BASE + " " + LIBS, "image " + NEW + " =1 =1");
    assertThat(parse(said).survey().images())
        .containsExactly(
            new Survey.Held(List.of(BASE, LIBS), List.of()),
            new Survey.Held(List.of(BASE, BASE), List.of()));
    assertThat(parse(said).survey().space().get(0).directory()).isEqualTo("/");
    assertThat(parse(said).survey().space().get(0).bytes()).isPositive();
  }

  @Test
  void a_release_is_absent_usable_or_not_and_then_the_Engine_has_the_word() throws Exception {
    Map<String, ReleaseState> releases = parse(run(survey(true))).releases();

    assertThat(releases)
        .containsEntry("x:old", new ReleaseState.Usable("sha256:" + OLD, List.of(BASE, LIBS)))
        .containsEntry("x:none", new ReleaseState.Absent(""));
    assertThat(releases.get("x:bad"))
        .isInstanceOfSatisfying(
            ReleaseState.Unusable.class,
            unusable -> assertThat(unusable.said()).contains("Error response: NotFound"));
  }

  @Test
  void looking_alone_makes_no_container_and_no_file() throws Exception {
    assertThat(parse(run(survey(false))).releases().get("x:bad"))
        .isInstanceOf(ReleaseState.Usable.class);
    assertThat(Files.exists(records)).isFalse();
  }

  @Test
  void what_was_sent_is_noted_for_what_is_good_and_found_by_the_next_survey() throws Exception {
    Files.createDirectories(records);
    Files.writeString(records.resolve(GONE), "x");

    ReleaseAnswer proof = parse(run(prove(true)));

    assertThat(proof.unrecorded()).isEmpty();
    assertThat(proof.releases().get("x:none"))
        .isEqualTo(new ReleaseState.Absent("Error: No such image: x:none"));
    try (Stream<Path> files = Files.list(records)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly(OLD);
    }
    assertThat(parse(run(survey(true))).survey().images().get(0))
        .isEqualTo(new Survey.Held(List.of(BASE, LIBS), List.of(GONE, LIBS)));
  }

  @Test
  void nothing_is_noted_when_that_is_not_wanted() throws Exception {
    run(prove(false));

    assertThat(Files.exists(records)).isFalse();
  }

  @Test
  void a_home_that_cannot_be_written_is_said_and_stops_nothing() throws Exception {
    Files.writeString(home.resolve(".cache"), "a file in the way");

    ReleaseAnswer proof = parse(run(prove(true)));

    assertThat(proof.unrecorded()).containsExactly("x:old");
    assertThat(proof.releases().get("x:old")).isInstanceOf(ReleaseState.Usable.class);
  }

  @Test
  void a_damaged_note_is_no_note() throws Exception {
    Files.createDirectories(records);
    byte[] garbage = {(byte) 0xff, 0, 7, ' ', 'x', '\n'};
    for (byte[] content :
        List.of(
            new byte[0],
            garbage,
            LIBS.getBytes(StandardCharsets.UTF_8),
            ("=9 " + LIBS).getBytes(StandardCharsets.UTF_8),
            (LIBS + " " + LIBS.substring(1)).getBytes(StandardCharsets.UTF_8))) {
      Files.write(records.resolve(OLD), content);

      assertThat(parse(run(survey(false))).survey().images().get(0))
          .isEqualTo(new Survey.Held(List.of(BASE, LIBS), List.of()));
    }
  }

  private Command survey(boolean prove) {
    return ReleaseScripts.survey(ENGINE, docker.toString(), prove, releases());
  }

  private Command prove(boolean record) {
    return ReleaseScripts.prove(docker.toString(), releases(), record);
  }

  private static List<ReleaseCheck> releases() {
    return Stream.of("x:old", "x:none", "x:bad")
        .map(tag -> new ReleaseCheck(tag, "linux/arm64", OLD, List.of(GONE, LIBS)))
        .toList();
  }

  private static ReleaseAnswer parse(String said) {
    return ReleaseAnswer.parse(said);
  }

  private String run(Command command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command.argv());
    builder.environment().put("HOME", home.toString());
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return said;
  }
}
