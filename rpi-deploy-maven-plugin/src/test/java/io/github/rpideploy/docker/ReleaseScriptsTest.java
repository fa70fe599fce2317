package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.InEveryShell;
import io.github.rpideploy.remote.LocalShell;
import io.github.rpideploy.remote.PosixShell;
import io.github.rpideploy.remote.Stdin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts run in each shell, with a docker that says what real ones were seen to. */
@InEveryShell
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
      echo "$*" >>"$HOME/calls"
      case "$1 $2" in
        "image ls") printf 'sha256:%s %s:%s\\n' OLD x old NEW '<none>' '<none>' OLD x bad ;;
        "image inspect")
          shift 2; [ "$1" != --format ] || shift 2
          for name; do case $name in
            sha256:OLD) echo "sha256:OLD sha256:BASE sha256:LIBS ." ;;
            sha256:NEW) echo "sha256:NEW sha256:BASE sha256:BASE ." ;;
            x:old|x:bad) echo "sha256:OLD sha256:BASE sha256:LIBS" ;;
            *) echo "Error: No such image: $name" >&2; exit 1 ;;
          esac; done ;;
        "load --quiet") cat "$HOME"/.cache/rpi-deploy/loading/* >"$HOME/loading"; cat > "$HOME/loaded"; echo 'Loaded image: x:old'; echo oh >&2; exit LOAD ;;
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

  private static final SentLayers NOTE =
      new SentLayers(
          List.of(new SentLayers.Sent(GONE, 70, 'z'), new SentLayers.Sent(LIBS, 1, 'g')));

  private static final Engine ENGINE =
      new Engine("28.5", Engine.CONTAINERD, "linux", "arm64", Set.of(), "/");

  private final PosixShell shell;

  @TempDir Path home;
  private Path docker;
  private Path notes;

  ReleaseScriptsTest(PosixShell shell) {
    this.shell = shell;
  }

  @BeforeEach
  void setUp() throws IOException {
    docker = home.resolve("docker");
    loading(0);
    notes = home.resolve(ReleaseScripts.NOTES);
  }

  private void loading(int status) throws IOException {
    Files.writeString(docker, DOCKER.replace("LOAD", String.valueOf(status)));
    assertThat(docker.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void every_image_is_told_once_with_its_names_and_each_digest_once() throws Exception {
    String said = run(contents());

    assertThat(said.lines().filter(line -> line.startsWith("image ")))
        .containsExactly(
            "image " + OLD + " x:bad x:old " + BASE + " " + LIBS, "image " + NEW + " =1 =1");
    EngineContents contents = parse(said).contents();
    assertThat(contents.images())
        .containsExactly(
            new EngineContents.Held(
                OLD, Set.of("x:old", "x:bad"), List.of(BASE, LIBS), Optional.empty()),
            new EngineContents.Held(NEW, Set.of(), List.of(BASE, BASE), Optional.empty()));
    assertThat(contents.named("x:old")).map(EngineContents.Held::id).contains(OLD);
    assertThat(contents.named("x:none")).isEmpty();
    assertThat(contents.space().get(0).directory()).isEqualTo("/");
    assertThat(contents.space().get(0).bytes()).isPositive();
    assertThat(Files.exists(notes)).isFalse();
  }

  @Test
  void the_layers_of_an_image_are_asked_once() throws Exception {
    String said = run(contents());
    Path calls = home.resolve("calls");
    assertThat(calls).content().contains("image inspect");
    Files.delete(calls);

    assertThat(images(run(contents()))).isEqualTo(images(said));
    assertThat(calls).content().doesNotContain("image inspect");

    Path known = home.resolve(".cache/rpi-deploy/layers");
    List<String> lines = Files.readAllLines(known);
    assertThat(lines).hasSize(2);
    // A power cut has torn one, and an image of the other is gone.
    Files.writeString(known, lines.get(0).replaceAll(" [^ ]* .$", "") + "\0\n" + GONE_LINE);
    assertThat(images(run(contents()))).isEqualTo(images(said));
    assertThat(known).hasContent(String.join("\n", lines));
  }

  private static final String GONE_LINE = "sha256:" + GONE + " sha256:" + BASE + " .\n";

  private static List<String> images(String said) {
    return said.lines().filter(line -> line.startsWith("image ")).toList();
  }

  @Test
  void a_release_is_absent_usable_or_not_and_then_the_Engine_has_the_word() throws Exception {
    Map<String, ReleaseState> releases = parse(run(prove())).proof().releases();

    assertThat(releases)
        .containsEntry("x:old", new ReleaseState.Usable("sha256:" + OLD, List.of(BASE, LIBS)))
        .containsEntry("x:none", new ReleaseState.Absent("Error: No such image: x:none"));
    assertThat(releases.get("x:bad"))
        .isInstanceOfSatisfying(
            ReleaseState.Unusable.class,
            unusable -> assertThat(unusable.said()).contains("Error response: NotFound"));
  }

  @Test
  void what_was_sent_is_noted_for_what_is_good_and_found_the_next_time() throws Exception {
    Proof proof = parse(run(prove("x:old"))).proof();

    assertThat(proof.unrecorded()).isEmpty();
    try (Stream<Path> files = Files.list(notes)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly(OLD);
    }
    assertThat(parse(run(contents())).contents().images().get(0).note()).contains(NOTE);
  }

  @Test
  void what_is_not_good_any_more_is_not_noted_any_more() throws Exception {
    run(prove("x:old"));
    assertThat(notes.resolve(OLD)).exists();

    run(prove("x:bad"));

    assertThat(notes.resolve(OLD)).doesNotExist();
  }

  @Test
  void a_load_is_proved_and_noted_in_the_same_round_trip() throws Exception {
    ReleaseAnswer answer = parse(run(load("x:old")));

    assertThat(answer.loaded().orElseThrow().ok()).isTrue();
    assertThat(answer.loaded().orElseThrow().stderr()).isEqualTo("Loaded image: x:old oh");
    assertThat(Files.readString(home.resolve("loaded"))).isEqualTo("archive");
    assertThat(answer.proof().releases().get("x:old")).isInstanceOf(ReleaseState.Usable.class);
    assertThat(notes.resolve(OLD)).hasContent(NOTE.text());
  }

  @Test
  void what_is_being_loaded_is_known_until_it_is_durable() throws Exception {
    run(load("x:old", "x:none"));

    assertThat(Files.readAllLines(home.resolve("loading"))).hasSize(4).endsWith("x:old", "x:none");
    assertThat(home.resolve(ReleaseScripts.LOADING)).isEmptyDirectory();
  }

  /** So inventory.sh finds those that are left. */
  @Test
  void containers_of_proofs_are_labelled() throws Exception {
    run(load("x:old"));

    assertThat(Files.readAllLines(home.resolve("calls")))
        .containsExactly(
            "load --quiet",
            "image inspect --format {{.Id}}{{range .RootFS.Layers}} {{.}}{{end}} x:old",
            "create --pull never --label io.github.rpideploy.proof=yes --platform linux/arm64 x:old"
                + " true",
            "rm -v 0123");
  }

  @Test
  void the_layers_of_a_release_that_was_proved_need_not_be_asked() throws Exception {
    run(load("x:old"));
    Files.delete(home.resolve("calls"));

    assertThat(images(run(contents()))).hasSize(2);
    assertThat(Files.readAllLines(home.resolve("calls"))).endsWith(layersOf(NEW));

    for (int i = 0; i < 5; i++) {
      run(load("x:old"));
    }
    run(contents());
    assertThat(home.resolve(".cache/rpi-deploy/layers")).content().hasLineCount(2);
  }

  private static String layersOf(String image) {
    return "image inspect --format {{.Id}}{{range .RootFS.Layers}} {{.}}{{end}} . sha256:" + image;
  }

  @Test
  void of_a_load_that_failed_nothing_is_noted() throws Exception {
    loading(1);

    ReleaseAnswer answer = parse(run(load("x:old")));

    assertThat(answer.loaded().orElseThrow().exitStatus()).isEqualTo(1);
    assertThat(answer.proof().releases().get("x:old")).isInstanceOf(ReleaseState.Usable.class);
    assertThat(notes.resolve(OLD)).doesNotExist();
  }

  @Test
  void what_was_sent_as_is_not_noted_while_it_is_not_known() throws Exception {
    run(ReleaseScripts.prove(docker(), List.of(check("x:old", null))));

    assertThat(Files.exists(notes)).isFalse();
  }

  @Test
  void an_image_of_another_id_than_was_sent_is_not_noted() throws Exception {
    ReleaseCheck other = new ReleaseCheck("x:old", "linux/arm64", List.of(NEW, GONE), NOTE);

    run(ReleaseScripts.prove(docker(), List.of(other)));

    assertThat(Files.exists(notes)).isFalse();
  }

  @Test
  void a_home_that_cannot_be_written_is_said_and_stops_nothing() throws Exception {
    Files.writeString(home.resolve(".cache"), "a file in the way");

    Proof proof = parse(run(prove())).proof();

    assertThat(proof.unrecorded()).containsExactly("x:old");
    assertThat(proof.releases().get("x:old")).isInstanceOf(ReleaseState.Usable.class);
  }

  @Test
  void a_damaged_note_is_no_note() throws Exception {
    Files.createDirectories(notes);
    String good = NOTE.text();
    byte[] garbage = {(byte) 0xff, 0, 7, ' ', 'x', '\n'};
    Files.write(notes.resolve(OLD), garbage);
    assertThat(parse(run(contents())).contents().images().get(0).note()).isEmpty();
    for (String content :
        List.of(
            "",
            LIBS,
            "=9 " + LIBS,
            good.replace('3', '4'),
            good.replace("70z", "71z"),
            good.replace("70z", "70g"),
            good + " ",
            good.substring(1),
            good.substring(0, good.length() - 1))) {
      Files.writeString(notes.resolve(OLD), content);

      Optional<SentLayers> note = parse(run(contents())).contents().images().get(0).note();
      assertThat(note.filter(read -> !read.equals(NOTE))).as(content).isEmpty();
    }
    Files.writeString(notes.resolve(OLD), new SentLayers(NOTE.layers().subList(0, 1)).text());
    assertThat(parse(run(contents())).contents().images().get(0).note()).isEmpty();
  }

  private DockerCommand docker() {
    return DockerCommand.of("", docker.toString());
  }

  private Command contents() {
    return ReleaseScripts.contents(ENGINE, docker());
  }

  private Command load(String... tags) {
    return ReleaseScripts.load(ENGINE, docker(), checks(tags));
  }

  private Command prove(String... tags) {
    String[] all = {"x:old", "x:none", "x:bad"};
    return ReleaseScripts.prove(docker(), checks(tags.length == 0 ? all : tags));
  }

  private static List<ReleaseCheck> checks(String... tags) {
    return Stream.of(tags).map(tag -> check(tag, NOTE)).toList();
  }

  private static ReleaseCheck check(String tag, @Nullable SentLayers note) {
    return new ReleaseCheck(tag, "linux/arm64", List.of(GONE, OLD), note);
  }

  private static ReleaseAnswer parse(String said) {
    return ReleaseAnswer.parse(said);
  }

  private String run(Command command) {
    ExecResult result = new LocalShell(shell, home).exec(command, Stdin.of("archive"));
    assertThat(result.exitStatus()).isZero();
    return result.stdout();
  }
}
