package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.InEveryShell;
import io.github.rpideploy.remote.LocalShell;
import io.github.rpideploy.remote.PosixShell;
import io.github.rpideploy.remote.Stdin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What replaces a service and takes it back, in each shell, with a docker that keeps a diary. */
@InEveryShell
class RecreateScriptsTest {

  private static final String OLD = "sha256:" + "1".repeat(64);
  private static final String NEW = "sha256:" + "2".repeat(64);
  private static final String INTENT =
      String.join(
          "\n",
          OLD,
          "auth:latest",
          "REPLACED",
          "{\"when\":\"@when@\",\"is\":\"back\"}",
          "{\"when\":\"@when@\",\"is\":\"not back\"}",
          "auth:rpi-2");

  /** Of which the user's files say how the container is, and what fails. */
  private static final String DOCKER =
      """
      #!/bin/sh
      # At the same time as compose up, and of no interest for the order.
      case "$*" in "compose --profile * config --hash auth") [ -e "$HOME/no-digest" ] || echo 'auth d1gest'; exit ;; esac
      echo "$*" >>"$HOME/diary"
      case "$*" in
        version)
          [ -e "$HOME/answers" ] || { : >"$HOME/answers"; echo 'Cannot connect' >&2; exit 1; } ;;
        "inspect --format {{if index . "*)
          [ ! -e "$HOME/silent" ] || { echo 'Cannot connect: no such file' >&2; exit 1; }
          shift 3
          for it; do case $it in
            c0|c2) ;;
            c1) echo 'container {"id":"c1","image":"OLD","restarts":0,"state":{"Status":"running"},"memory":0,"configHash":null}' ;;
            OLD) echo 'named OLD auth:latest auth:rpi-1' ;;
            NEW|auth:rpi-2) echo 'named NEW auth:rpi-2' ;;
            *) echo "error: no such object: $it" >&2; status=1 ;;
          esac; done
          exit ${status-0} ;;
        "image inspect --format named"*) echo 'named auth:latest auth:rpi-1' ;;
        "image rm "*) ;;
        "image tag "*) [ ! -e "$HOME/no-tag" ] || { echo 'No such image' >&2; exit 1; } ;;
        "compose up "*)
          [ ! -e "$HOME/slow" ] || { : >"$HOME/began"; /bin/sleep 2; }
          echo 'Container auth  Started' >&2
          : >"$HOME/ended"
          [ ! -e "$HOME/left" ] || { rm "$HOME/left"; cat >&2 <<'END'
      Error response from daemon: Conflict. The container name "/0123456789ab_x-auth-1" is already in use by container "c9".
      END
            exit 1; }
          [ ! -e "$HOME/conflict" ] || { rm "$HOME/conflict"; echo 'The name is in use' >&2; exit 1; }
          [ ! -e "$HOME/no-up" ] || exit 17 ;;
        "ps -a --filter label=com.docker.compose.service=auth --format "*" --no-trunc --filter label=com.docker.compose.project.working_dir=$HOME/rpi/x")
          [ ! -e "$HOME/two-projects" ] || { echo 'c8 /old-auth-1 old False'; }
          [ -e "$HOME/elsewhere" ] || {
            echo 'c3 /x-auth-run-1 x True'; echo 'c2 /x-auth-2 x '; echo 'c1 /x-auth-1 x False'
            echo 'c0 /0123456789ab_x-auth-1 x False'; } ;;
        "compose ps "*) echo c0; echo c1; echo c2; echo c3 ;;
        "container inspect --format {{.Id}} {{.Name}}"*)
          echo 'c0 /0123456789ab_x-auth-1 - False'; echo 'c1 /x-auth-1 - False'
          echo 'c2 /x-auth-2 - '; echo 'c3 /x-auth-run-1 - True' ;;
        "container inspect --format {{.State.Status}}"*) cat "$HOME/state" ;;
        "container inspect --format {{.State.Running}} c1")
          [ -e "$HOME/old-one-dead" ] && echo false || echo true ;;
        "ps -a -q --no-trunc") echo c2; [ -e "$HOME/no-c1" ] || echo c1 ;;
        "exec c1 sh -c "*) ls "$HOME"/rpi/x/.rpi >"$HOME/draining"; [ ! -e "$HOME/no-drain" ] || exit 3 ;;
        "stop "*) ;;
        "rm -f "*)
          [ ! -e "$HOME/stays" ] || { echo 'Error response from daemon: no' >&2; exit 1; }
          [ "$*" != "rm -f c1" ] || : >"$HOME/no-c1" ;;
        "image ls --no-trunc "*) echo 'tag OLD auth:rpi-1'; echo 'tag NEW auth:rpi-2' ;;
        *) exit 9 ;;
      esac
      """
          .replace("OLD", OLD)
          .replace("NEW", NEW);

  private final PosixShell shell;

  @TempDir Path home;
  private Path directory;
  private LocalShell pi;
  private Compose compose;
  private int untouched;
  private @Nullable List<String> uses = List.of();
  private EngineContents contents = new EngineContents(List.of(), List.of());
  private ProbeResult.Project project = ProbeResult.Project.EMPTY;

  RecreateScriptsTest(PosixShell shell) {
    this.shell = shell;
  }

  @BeforeEach
  void a_Pi_whose_lock_is_held() throws IOException {
    Path docker = home.resolve("docker");
    Files.writeString(docker, DOCKER);
    assertThat(docker.toFile().setExecutable(true)).isTrue();
    directory = Files.createDirectories(home.resolve("rpi/x"));
    file("rpi/x/.rpi/lock", "ann@laptop\nours\n");
    file("state", "running\n");
    Path sleep = Files.createDirectory(home.resolve("bin")).resolve("sleep");
    Files.writeString(sleep, "#!/bin/sh\n");
    assertThat(sleep.toFile().setExecutable(true)).isTrue();
    pi = new LocalShell(shell, home).withPrograms(home.resolve("bin"));
    compose = compose(pi);
  }

  private Compose compose(LocalShell host) {
    return compose(host, List.of(home.resolve("docker").toString(), "compose"), "2.26.1");
  }

  private Compose compose(LocalShell host, List<String> argv, String version) {
    DockerCommand command = DockerCommand.of("", home.resolve("docker").toString());
    return new Compose(
        new ComposeContext(
            host,
            command,
            new Engine("28.5", "overlay2", "linux", "arm64", Set.of(), home.toString()),
            ComposeCommand.of(argv, version),
            "rpi/x",
            contents,
            project));
  }

  @Test
  void a_service_is_recreated_only_after_the_way_back_is_known() throws IOException {
    ExecResult result = recreate("ours", INTENT);

    assertThat(result.exitStatus()).isZero();
    assertThat(result.stdout()).isEqualTo("c1\nc2\n");
    assertThat(intent()).hasContent(INTENT);
    assertThat(diary())
        .containsExactly(
            "image tag auth:rpi-2 auth:latest",
            "compose up -d --force-recreate --no-deps --pull never --no-build -- auth",
            "ps -a --filter label=com.docker.compose.service=auth --format {{.ID}}"
                + " /{{.Names}} {{.Label \"com.docker.compose.project\"}} {{.Label"
                + " \"com.docker.compose.oneoff\"}} --no-trunc --filter"
                + " label=com.docker.compose.project.working_dir="
                + home
                + "/rpi/x");
  }

  @Test
  void a_step_that_is_asked_for_again_is_not_done_again() throws IOException {
    List<Command> sent = new ArrayList<>();
    LocalShell twice =
        new LocalShell(shell, home) {
          @Override
          public ExecResult exec(Command command, Stdin stdin) {
            sent.add(command);
            return super.exec(command, stdin);
          }
        };
    file("no-up", "");
    compose(twice.withPrograms(home.resolve("bin")))
        .changes()
        .recreate(lock("ours"), change(INTENT, List.of()), () -> {});
    List<String> once = diary();

    ExecResult again = twice.exec(sent.get(0));

    assertThat(again.stdout()).isEqualTo("up 17\ncontainer c1\ncontainer c2\n");
    assertThat(diary()).isEqualTo(once);
    recreate("ours", INTENT);
    assertThat(diary()).as("the next step is another one").hasSize(2 * once.size());
  }

  @Test
  void what_an_interrupted_compose_left_and_what_was_run_once_is_not_the_service()
      throws IOException {
    assertThat(compose.containers("auth")).containsExactly("c1", "c2");
    assertThat(compose.now("auth", "auth:rpi-2", "auth", "auth:latest").containers())
        .extracting(Container::id)
        .containsExactly("c1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two-projects", "elsewhere"})
  void compose_is_asked_where_only_it_knows_the_project(String state) throws IOException {
    file(state, "");

    assertThat(compose.containers("auth")).containsExactly("c1", "c2");
    assertThat(diary()).contains("compose ps -a -q -- auth");
  }

  @Test
  void what_compose_says_of_the_file_is_known_of_the_containers_that_were_made_by_it()
      throws IOException {
    assertThat(made()).isEmpty();

    recreate("ours", INTENT);
    assertThat(made()).isEqualTo("d1gest");

    file("rpi/x/.rpi/made/auth", "d1gest c1 c9\n");
    assertThat(made()).as("one of them was made by somebody else").isEmpty();

    file("no-digest", "");
    recreate("ours", INTENT);
    assertThat(made()).isEmpty();
  }

  private String made() {
    return compose.now("auth", "auth:rpi-2", "auth", "auth:latest").made();
  }

  @Test
  void compose_that_fails_is_told_with_its_status() throws IOException {
    file("no-up", "");

    assertThat(recreate("ours", INTENT).exitStatus()).isEqualTo(17);
    assertThat(untouched).isZero();
    assertThat(intent()).exists();
  }

  /** compose removes the leftover beside the recreate that needs its name, and may be too late. */
  @Test
  void what_an_interrupted_recreate_left_in_the_way_of_the_next_is_gone_at_the_second_try()
      throws IOException {
    file("left", "");

    assertThat(recreate("ours", INTENT).exitStatus()).isZero();
    assertThat(diary().stream().filter(line -> line.startsWith("compose up "))).hasSize(2);

    file("no-up", "");
    Files.delete(home.resolve("diary"));
    assertThat(recreate("ours", INTENT).exitStatus()).isEqualTo(17);
    assertThat(diary().stream().filter(line -> line.startsWith("compose up "))).hasSize(1);
  }

  @Test
  void a_deploy_that_has_lost_the_lock_changes_nothing() throws IOException {
    assertThatThrownBy(() -> recreate("another", INTENT)).hasMessage("lost");
    assertThatThrownBy(() -> compose.changes().settle(lock("another"), List.of("auth"), NEW, true))
        .hasMessage("lost");

    assertThat(home.resolve("diary")).doesNotExist();
    assertThat(intent()).doesNotExist();
  }

  @Test
  void without_a_way_back_nothing_is_touched() throws IOException {
    file("rpi/x/.rpi/intents", "a file in the way");

    assertThatThrownBy(() -> recreate("ours", INTENT))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("How to go back cannot be written down in rpi/x/.rpi on pi@here:22");
    assertThat(home.resolve("diary")).doesNotExist();
  }

  @Test
  void a_tag_that_cannot_be_moved_leaves_nothing_to_go_back_from() throws IOException {
    file("no-tag", "");

    assertThatThrownBy(() -> recreate("ours", INTENT))
        .hasMessageContaining("docker image tag auth:rpi-2 auth:latest failed");
    assertThat(untouched).isEqualTo(1);
    assertThat(intent()).doesNotExist();
    assertThat(diary()).hasSize(1);
  }

  @Test
  void a_step_comes_to_its_end_when_the_channel_is_gone() throws Exception {
    file("slow", "");
    Thread client = new Thread(() -> recreate("ours", INTENT));
    client.setDaemon(true);
    client.start();
    await(home.resolve("began"));

    pi.running.get(0).destroyForcibly().waitFor();

    await(home.resolve("ended"));
    client.join(TimeUnit.SECONDS.toMillis(60));
    assertThat(client.isAlive()).isFalse();
  }

  @Test
  void what_is_settled_has_no_way_back_any_more() throws IOException {
    recreate("ours", INTENT);
    file("rpi/x/.rpi/unproved", "replaced");
    file("rpi/x/.rpi/intents/other", INTENT);

    compose.changes().settle(lock("ours"), List.of("auth"), OLD, false);
    assertThat(intent()).doesNotExist();
    assertThat(directory.resolve(".rpi/intents/other")).exists();
    assertThat(directory.resolve(".rpi/unproved")).exists();

    compose.changes().settle(lock("ours"), List.of("other"), "", true);
    assertThat(directory.resolve(".rpi/intents")).doesNotExist();
    assertThat(directory.resolve(".rpi/unproved")).doesNotExist();
  }

  @Test
  void the_guard_takes_back_compose_file_tag_and_container_and_tells_the_history()
      throws IOException {
    recreate("ours", INTENT);
    file("rpi/x/compose.yaml", "new");
    file("rpi/x/.compose.yaml.before", "old");
    file("rpi/x/.rpi/history.jsonl", "{\"to");
    file("state", "running healthy\n");
    Files.delete(home.resolve("diary"));

    assertThat(goBack("")).isEqualTo("back auth\n");

    assertThat(directory.resolve("compose.yaml")).hasContent("old");
    assertThat(diary())
        .as("the Engine answers at the second try")
        .startsWith(
            "version",
            "version",
            "image tag " + OLD + " auth:latest",
            "compose up -d --force-recreate --no-deps --pull never --no-build -- auth");
    assertThat(directory.resolve(".rpi/intents")).doesNotExist();
    List<String> history = Files.readAllLines(directory.resolve(".rpi/history.jsonl"));
    assertThat(history).hasSize(2);
    assertThat(history.get(1))
        .matches("\\{\"when\":\"20\\d\\d-\\d\\d-\\d\\dT[0-9:]{8}Z\",\"is\":\"back\"}");
  }

  @Test
  void the_guard_brings_files_back_with_the_record_of_them() throws IOException {
    String old = sha256("old\n");
    file("rpi/x/conf/app.yml", "new\n");
    file("rpi/x/conf/added.yml", "added\n");
    file("rpi/x/conf/edited.yml", "edited\n");
    file(
        "rpi/x/.rpi/files",
        sha256("new\n")
            + " 644 conf/app.yml\n"
            + sha256("added\n")
            + " 644 conf/added.yml\n"
            + sha256("as it was sent\n")
            + " 644 conf/edited.yml\n");
    file("rpi/x/.rpi/before/tree/conf/app.yml", "old\n");
    file("rpi/x/.rpi/before/tree/gone/a b.txt", "was removed\n");
    file("rpi/x/.rpi/before/new", "conf/added.yml\nconf/edited.yml\nnever/came.yml\n");
    file("rpi/x/.rpi/before/files", old + " 644 conf/app.yml\n");
    file("rpi/x/.rpi/unproved", "none files\n");
    recreate("ours", INTENT.replace("REPLACED", "NONE FILES"));

    assertThat(goBack("")).isEqualTo("back auth\n");

    assertThat(directory.resolve("conf/app.yml")).hasContent("old\n");
    assertThat(directory.resolve("gone/a b.txt")).hasContent("was removed\n");
    assertThat(directory.resolve("conf/added.yml")).doesNotExist();
    assertThat(directory.resolve("conf/edited.yml")).hasContent("edited\n");
    assertThat(directory.resolve(".rpi/files")).hasContent(old + " 644 conf/app.yml\n");
    assertThat(directory.resolve(".rpi/before")).doesNotExist();
    assertThat(directory.resolve(".rpi/unproved")).doesNotExist();
  }

  @Test
  void what_a_container_sees_is_noted_and_told_as_long_as_it_is_there() throws IOException {
    String sum = "a".repeat(64);
    file(
        "rpi/x/.rpi/files",
        sum
            + " 644 conf/app.yml\n"
            + sum
            + " 600 confidential.yml\n"
            + sum
            + " 755 static/sub/a b.html\n");
    uses = List.of("conf", "static/sub/a b.html", "conf/app.yml");

    recreate("ours", "");
    assertThat(now().files()).isEqualTo(Map.of("conf/app.yml", sum, "static/sub/a b.html", sum));

    // A rollback by hand does not know them.
    uses = null;
    recreate("ours", "");
    assertThat(now().files()).containsOnlyKeys("conf/app.yml", "static/sub/a b.html");

    uses = List.of();
    recreate("ours", "");
    assertThat(now().files()).isEmpty();

    uses = List.of(".");
    recreate("ours", "");
    assertThat(now().files()).hasSize(3);

    // Of an older version of this plugin.
    file("rpi/x/.rpi/made/auth", "d1gest c1 c2\n");
    assertThat(now().made()).isEqualTo("d1gest");
    assertThat(now().files()).isNull();
  }

  private ServiceNow now() {
    return compose.now("auth", "auth:rpi-2", "auth", "auth:latest");
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_service_that_does_not_start_again_is_told_and_tried_once_more_by_the_next_deploy()
      throws IOException {
    recreate("ours", INTENT);
    file("rpi/x/.compose.yaml.before", "old");
    file("state", "restarting\n");

    assertThat(goBack("yes")).isEqualTo("stuck auth it is restarting after 4 s\n");
    assertThat(intent()).exists();
    assertThat(goBack("")).startsWith("stuck auth ");
    assertThat(directory.resolve(".rpi/intents")).doesNotExist();
    assertThat(Files.readString(directory.resolve(".rpi/history.jsonl")))
        .contains("\"is\":\"not back\"}")
        .doesNotContain("@when@");
  }

  @Test
  void the_guard_tries_again_what_the_Engine_refuses_but_not_for_ever() throws IOException {
    recreate("ours", INTENT);
    file("conflict", "");
    Files.delete(home.resolve("diary"));

    assertThat(goBack("yes")).isEqualTo("back auth\n");
    assertThat(diary().stream().filter(line -> line.startsWith("compose up "))).hasSize(2);

    recreate("ours", INTENT);
    file("no-up", "");
    Files.delete(home.resolve("diary"));
    assertThat(goBack("yes")).isEqualTo("stuck auth Container auth  Started\n");
    assertThat(diary().stream().filter(line -> line.startsWith("compose up "))).hasSize(5);
  }

  @Test
  void the_guard_waits_for_each_container_of_a_service() throws IOException {
    recreate("ours", INTENT);
    file("state", "running healthy\nrestarting\n");
    assertThat(goBack("yes")).isEqualTo("stuck auth it is restarting,running healthy after 4 s\n");

    file("state", "running healthy\nrunning\n");
    assertThat(goBack("yes")).isEqualTo("back auth\n");
  }

  @Test
  void what_was_being_loaded_when_the_power_went_is_removed_and_what_is_being_loaded_stays()
      throws IOException {
    file(Images.LOADING + "/7", "another boot\n1\nauth:rpi-7\nlater:rpi-8\n");
    String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
    String since = Files.readString(Path.of("/proc/1/stat")).split(" ", -1)[21];
    file(Images.LOADING + "/9", boot + since + "\nauth:rpi-9\n");

    assertThat(goBack("")).isEqualTo("removed auth:rpi-7\nremoved later:rpi-8\n");

    assertThat(home.resolve(Images.LOADING + "/7")).doesNotExist();
    assertThat(home.resolve(Images.LOADING + "/9")).exists();
  }

  @Test
  void a_first_release_has_nothing_to_go_back_to_and_stays() throws IOException {
    recreate("ours", INTENT.substring(INTENT.indexOf('\n')));
    Files.delete(home.resolve("diary"));

    assertThat(goBack("yes")).isEqualTo("stuck auth there is nothing to go back to\n");
    assertThat(diary()).containsOnly("version");
    assertThat(directory.resolve(".rpi/intents")).doesNotExist();
  }

  @Test
  void the_latest_service_goes_back_first() throws Exception {
    recreate("ours", INTENT);
    Files.setLastModifiedTime(intent(), FileTime.fromMillis(System.currentTimeMillis() - 60_000));
    file("rpi/x/.rpi/intents/later", INTENT.replace("auth:latest", "later:latest"));

    assertThat(goBack("")).isEqualTo("back later\nback auth\n");
  }

  @Test
  void a_service_before_it_is_replaced_is_told_in_one_answer() throws IOException {
    file("rpi/x/.rpi/history.jsonl", "{\"a\":1}\n{\"service\":\"auth\",\"x\":2}\n{\"b\":3}\n");

    ServiceNow now = compose.now("auth", "auth:rpi-2", "auth", "auth:latest");

    assertThat(now.release()).contains(NEW);
    assertThat(now.containers().get(0).image()).isEqualTo(OLD);
    assertThat(now.named()).isEqualTo("auth:rpi-1");
    assertThat(now.verified()).isFalse();
    assertThat(now.history()).containsExactly("{\"service\":\"auth\",\"x\":2}");
    assertThat(now.tags()).containsEntry("auth:rpi-1", OLD).containsEntry("auth:rpi-2", NEW);
    assertThat(compose.now("auth", "auth:rpi-3", "auth", "auth:latest").release()).isEmpty();
  }

  @Test
  void a_service_that_runs_what_was_verified_needs_no_history() throws IOException {
    file(
        "rpi/x/.rpi/history.jsonl",
        "{\"service\":\"auth\",\"image\":\"" + OLD + "\",\"outcome\":\"unchanged\"}\n");

    ServiceNow now = compose.now("auth", "auth:rpi-2", "auth", "auth:latest");

    assertThat(now.verified()).isTrue();
    assertThat(now.history()).isEmpty();
    assertThat(diary()).noneMatch(line -> line.startsWith("image ls"));
  }

  /** Each docker command takes a Pi a tenth of a second or more. */
  @Test
  void what_runs_the_release_and_what_was_proved_good_are_asked_at_once() throws IOException {
    file("rpi/x/.rpi/good/auth", OLD + "\n");

    ServiceNow now = compose.now("auth", "auth:rpi-2", "auth", "auth:latest");

    assertThat(now.release()).contains(NEW);
    assertThat(now.named()).isEqualTo("auth:rpi-1");
    assertThat(now.live()).isTrue();
    assertThat(now.verified()).isTrue();
    assertThat(diary()).hasSize(2);
    assertThat(diary().get(1)).startsWith("inspect --format ").endsWith(" c1 c2 auth:rpi-2 " + OLD);
  }

  /** Each docker command takes a Pi a tenth of a second or more. */
  @Test
  void what_the_probe_saw_a_moment_ago_is_not_asked_again() throws Exception {
    seen(0, NEW, NEW);
    file("rpi/x/.rpi/last", TOKEN + "\nolder\n");

    for (boolean locked : List.of(false, true)) {
      Process deploy = locked ? hold("ours\n" + TOKEN + "\n") : null;
      ServiceNow now = compose(pi).now("auth", "auth:rpi-2", "auth", "auth:latest");

      assertThat(now.release()).contains(NEW);
      assertThat(now.containers()).extracting(Container::id).containsExactly("c1", "c2");
      assertThat(now.isMadeOf("d1gest")).isTrue();
      assertThat(now.files()).isEqualTo(Map.of("conf/a b", "3".repeat(64)));
      assertThat(now.named()).isEqualTo("auth:rpi-2");
      assertThat(now.live()).isTrue();
      assertThat(now.verified()).isTrue();
      assertThat(home.resolve("diary")).doesNotExist();
      if (deploy != null) {
        deploy.destroy();
      }
    }
  }

  @Test
  void what_the_probe_saw_is_asked_again_if_anything_may_have_changed_since() throws Exception {
    seen(0, NEW, NEW);
    file("rpi/x/.rpi/last", "another\n" + TOKEN + "\n");
    assertAsked("another deploy has ended");
    Process deploy = hold("ours\nanother\n");
    assertAsked("another deploy was there before this one");
    deploy.destroy();
    deploy.waitFor();
    file("rpi/x/.rpi/last", TOKEN + "\n");

    file("rpi/x/.rpi/made/auth", "d1gest c3\nfiles\n");
    assertAsked("they were made anew");
    seen(0, NEW, NEW);
    file("rpi/x/.rpi/good/auth", OLD + "\n");
    assertAsked("not proved good");
    seen(11, NEW, NEW);
    assertAsked("long ago");
    seen(-5, NEW, NEW);
    assertAsked("before the machine was started again");
    seen(0, NEW, OLD);
    assertAsked("one runs another image");
    seen(0, OLD, OLD);
    assertAsked("they run another image");
    seen(0, NEW);
    assertAsked("one that nobody has noted");
    seen(0, NEW, NEW);
    Files.delete(directory.resolve(".rpi/last"));
    assertAsked("a deploy of long ago");
  }

  private static final String TOKEN = "01234567-89ab-cdef-0123-456789abcdef";

  /** Of what compose has read. */
  private static final String KEY = "4".repeat(64);

  @Test
  void compose_s_digest_is_told_while_compose_reads_the_same() throws IOException {
    seen(0, NEW, NEW);
    file("rpi/x/.rpi/last", TOKEN + "\n");
    file("rpi/x/.rpi/hashes", KEY + "\nau.h other\nauth d1gest\nauthx other\n");
    assertThat(compose(pi).now("auth", "auth:rpi-2", "auth", "auth:latest").hash())
        .isEqualTo("d1gest");

    file("rpi/x/.rpi/hashes", KEY.replace('4', '5') + "\nauth d1gest\n");
    assertThat(compose(pi).now("auth", "auth:rpi-2", "auth", "auth:latest").hash()).isEmpty();
  }

  /** Each docker command takes a Pi a tenth of a second or more. */
  @Test
  void containers_that_the_probe_saw_a_moment_ago_are_not_looked_for_again() throws IOException {
    seenOne("c1");

    assertThat(compose(pi).now("auth", "auth:rpi-2", "auth", "auth:latest").containers())
        .extracting(Container::image)
        .containsExactly(OLD);
    assertThat(diary()).hasSize(1);
    assertThat(diary().get(0)).endsWith(" c1 auth:rpi-2 " + OLD);
  }

  @Test
  void containers_that_are_gone_since_are_looked_for_again() throws IOException {
    seenOne("c7");

    assertThat(compose(pi).now("auth", "auth:rpi-2", "auth", "auth:latest").containers())
        .extracting(Container::id)
        .containsExactly("c1");
    assertThat(diary()).hasSize(3);
    assertThat(diary().get(1)).startsWith("ps -a ");
    assertThat(diary().get(2)).endsWith(" c1 c2 auth:rpi-2 " + OLD);
  }

  private void seenOne(String id) throws IOException {
    seen(0, OLD);
    String made = "d1gest " + id;
    file("rpi/x/.rpi/good/auth", OLD + "\n");
    file("rpi/x/.rpi/last", TOKEN + "\n");
    file("rpi/x/.rpi/made/auth", made + "\nfiles\n");
    Container container =
        Container.parse(
            "{\"id\":\"%s\",\"image\":\"%s\",\"state\":{\"Status\":\"running\"}}"
                .formatted(id, OLD));
    project =
        new ProbeResult.Project(
            Map.of("auth", List.of(container)), Map.of("auth", made), project.moment());
  }

  @Test
  void compose_s_digest_of_a_service_that_is_recreated_is_kept_and_not_asked_again()
      throws IOException {
    seen(0, OLD);
    compose = compose(pi);

    recreate("ours", INTENT);
    Path kept = directory.resolve(".rpi/hashes");
    assertThat(kept).hasContent(KEY + "\nauth d1gest");

    file("rpi/x/.rpi/hashes", KEY + "\nother 1\nauth kept\n");
    recreate("ours", INTENT);
    assertThat(directory.resolve(".rpi/made/auth")).content().startsWith("kept c1 c2\n");
    assertThat(kept).hasContent(KEY + "\nother 1\nauth kept");

    file("rpi/x/.rpi/hashes", KEY + "\nother 1\n");
    recreate("ours", INTENT);
    assertThat(directory.resolve(".rpi/made/auth")).content().startsWith("d1gest c1 c2\n");
    assertThat(kept).hasContent(KEY + "\nother 1\nauth d1gest");

    file("rpi/x/.rpi/hashes", KEY.replace('4', '5') + "\nauth old\n");
    recreate("ours", INTENT);
    assertThat(directory.resolve(".rpi/made/auth")).content().startsWith("d1gest c1 c2\n");
    assertThat(kept).hasContent(KEY + "\nauth d1gest");
  }

  @Test
  void compose_s_digest_of_files_that_are_new_is_not_kept() throws IOException {
    recreate("ours", INTENT);

    assertThat(directory.resolve(".rpi/hashes")).doesNotExist();
  }

  /** What the probe saw seconds ago, and the note of containers c1 and c2. */
  private void seen(int seconds, String... images) throws IOException {
    double running =
        Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", -1)[0]);
    List<Container> containers = new ArrayList<>();
    for (String image : images) {
      containers.add(
          Container.parse(
              "{\"id\":\"c%d\",\"image\":\"%s\",\"state\":{\"Status\":\"running\"}}"
                  .formatted(containers.size() + 1, image)));
    }
    String made = "d1gest c1 c2";
    file("rpi/x/.rpi/made/auth", made + "\nfiles\n" + "3".repeat(64) + "  conf/a b\n");
    file("rpi/x/.rpi/good/auth", NEW + "\n");
    contents =
        new EngineContents(
            List.of(
                new EngineContents.Held(
                    "2".repeat(64),
                    Set.of("auth:rpi-2", "auth:latest"),
                    List.of(),
                    Optional.empty())),
            List.of());
    project =
        new ProbeResult.Project(
            Map.of("auth", containers),
            Map.of("auth", made),
            String.format(Locale.ROOT, "%.2f %s %s", running - seconds, TOKEN, KEY));
  }

  private void assertAsked(String why) throws IOException {
    assertThat(
            compose(pi)
                .now("auth", "auth:rpi-2", "auth", "auth:latest")
                .containers()
                .get(0)
                .image())
        .as(why)
        .isEqualTo(OLD);
    assertThat(diary()).as(why).anyMatch(line -> line.startsWith("inspect "));
    Files.delete(home.resolve("diary"));
  }

  /** Holds the deploy lock, which has these lines then; this deploy was the last one to take it. */
  private Process hold(String tokens) throws Exception {
    file("rpi/x/.rpi/last", tokens);
    Path lock = directory.resolve(".rpi/lock");
    Process deploy = new ProcessBuilder("flock", "-F", lock.toString(), "cat").start();
    while (new ProcessBuilder("flock", "-n", lock.toString(), "true").start().waitFor() == 0) {
      Thread.onSpinWait();
    }
    return deploy;
  }

  @Test
  void an_image_that_was_proved_good_and_is_gone_does_no_harm() throws IOException {
    file("rpi/x/.rpi/good/auth", "sha256:gone\n");

    ServiceNow now = compose.now("auth", "auth:rpi-2", "auth", "auth:latest");

    assertThat(now.release()).contains(NEW);
    assertThat(now.named()).isEqualTo("auth:rpi-1");
    assertThat(now.verified()).isFalse();
  }

  @Test
  void an_Engine_that_does_not_answer_has_not_said_that_a_release_is_absent() throws IOException {
    file("silent", "");

    assertThatThrownBy(() -> compose.now("auth", "auth:rpi-2", "auth", "auth:latest"))
        .isInstanceOf(DeployException.class)
        .hasMessageStartingWith("docker inspect auth:rpi-2 failed on pi@here:22");
  }

  @Test
  void digests_of_a_file_that_is_not_there_yet_count_the_override_too() throws IOException {
    file("rpi/x/compose.override.yml", "services: {}");

    compose.hashes("services: {auth: {}}", "*");

    assertThat(diary())
        .containsExactly(
            "compose --profile * -f - -f compose.override.yml config --hash *",
            // One that knows no profiles, or cannot read them all.
            "compose -f - -f compose.override.yml config --hash *");
  }

  @Test
  void version_1_reads_a_file_that_is_not_there_yet_as_often_as_it_likes() throws IOException {
    Path standalone = home.resolve("docker-compose");
    Files.writeString(
        standalone,
        "#!/bin/sh\necho \"$*\" >>\"$HOME/diary\"\ncat /dev/stdin >/dev/null; cat /dev/stdin\n");
    assertThat(standalone.toFile().setExecutable(true)).isTrue();
    file("rpi/x/compose.override.yml", "services: {}");

    assertThat(
            compose(pi, List.of(standalone.toString()), "1.29.2")
                .hashes("auth d1gest\nweb an0ther\n", "*"))
        .containsOnly(Map.entry("auth", "d1gest"), Map.entry("web", "an0ther"));
    assertThat(diary())
        .containsExactly(
            "--profile * --project-directory . -f /dev/stdin -f compose.override.yml"
                + " config --hash *");
  }

  @Test
  void digests_are_those_of_all_profiles() throws IOException {
    assertThat(compose.hashes(null, "auth")).containsExactly(Map.entry("auth", "d1gest"));

    compose.hashes(null, "web");
    assertThat(diary())
        .containsExactly("compose --profile * config --hash web", "compose config --hash web");
  }

  @Test
  void what_was_proved_good_counts_as_verified_although_its_deploy_wrote_no_history() {
    assertThat(compose.now("auth", "auth:rpi-2", "auth", "auth:latest").verified()).isFalse();

    compose.changes().settle(lock("ours"), List.of("auth"), OLD, true);
    assertThat(compose.now("auth", "auth:rpi-2", "auth", "auth:latest").verified()).isTrue();

    compose.changes().settle(lock("ours"), List.of("auth"), NEW, true);
    assertThat(compose.now("auth", "auth:rpi-2", "auth", "auth:latest").verified()).isFalse();
  }

  /** The intent of a service whose old container goes on. */
  private static final String BESIDE_C1 = INTENT + "\nc1";

  private ExecResult startBeside() {
    return compose
        .changes()
        .recreate(lock("ours"), change(BESIDE_C1, List.of("c1")), () -> untouched++);
  }

  @Test
  void a_container_is_started_beside_the_old_one_and_only_it_is_told() throws IOException {
    file("rpi/x/.rpi/made/auth", "0ld c1\nfiles\n");

    assertThat(startBeside().stdout()).isEqualTo("c2\n");

    assertThat(diary())
        .containsSubsequence(
            "image tag auth:rpi-2 auth:latest",
            "compose up -d --no-recreate --no-deps --pull never --no-build --scale auth=2 -- auth");
    assertThat(directory.resolve(".rpi/made/auth")).content().startsWith("0ld c1\n");
    assertThat(directory.resolve(".rpi/made/.beside-auth")).hasContent("d1gest c2\nfiles\n");
  }

  @Test
  void an_old_one_that_is_gone_is_not_made_again() throws IOException {
    compose
        .changes()
        .recreate(lock("ours"), change(BESIDE_C1, List.of("c1", "c9")), () -> untouched++);

    assertThat(diary()).anyMatch(line -> line.contains(" --scale auth=3 -- auth"));
  }

  @Test
  void the_old_one_is_drained_stopped_and_removed_when_the_new_one_is_good() throws IOException {
    startBeside();
    Files.delete(home.resolve("diary"));

    assertThat(retire("touch /tmp/drain")).isEmpty();

    assertThat(diary())
        .containsExactly(
            "ps -a -q --no-trunc",
            "exec c1 sh -c touch /tmp/drain",
            "stop c1",
            "rm -f c1",
            "ps -a -q --no-trunc");
    assertThat(home.resolve("draining"))
        .as("the guard waits if the connection is lost")
        .content()
        .contains("retiring")
        .doesNotContain("intents");
    assertThat(directory.resolve(".rpi/retiring")).doesNotExist();
    assertThat(intent()).doesNotExist();
    assertThat(directory.resolve(".rpi/made/auth")).hasContent("d1gest c2\nfiles\n");
    assertThat(directory.resolve(".rpi/good/auth")).hasContent(NEW);
  }

  @Test
  void a_deploy_that_lost_its_connection_meanwhile_asks_again_and_hears_nothing_bad()
      throws IOException {
    startBeside();
    retire("");
    Files.delete(home.resolve("diary"));
    file("no-drain", "");

    assertThat(retire("false")).isEmpty();

    assertThat(diary()).containsExactly("ps -a -q --no-trunc");
  }

  @Test
  void what_goes_wrong_with_the_old_one_is_told_and_the_new_one_is_settled() throws IOException {
    startBeside();
    file("no-drain", "");
    file("stays", "");

    assertThat(retire("false"))
        .containsExactly(
            "rpi.drain failed in container c1",
            "container c1 could not be removed: Error response from daemon: no");
    assertThat(diary()).filteredOn("rm -f c1"::equals).as("an Engine may start again").hasSize(5);
    assertThat(intent()).doesNotExist();
    assertThatThrownBy(() -> retire("another", "")).hasMessage("lost");
  }

  private List<String> retire(String command) {
    return retire("ours", command);
  }

  private List<String> retire(String token, String command) {
    return compose
        .oldContainers()
        .retire(
            lock(token), "auth", NEW, true, new OldContainers.Retiring(List.of("c1"), 1, command));
  }

  @Test
  void the_new_one_is_withdrawn_and_the_old_one_is_not_touched() throws IOException {
    startBeside();
    Files.delete(home.resolve("diary"));

    assertThat(withdraw()).isTrue();

    assertThat(diary())
        .contains("image tag " + OLD + " auth:latest", "stop c2", "rm -f c2")
        .noneMatch(line -> line.startsWith("compose up "))
        .noneMatch(line -> line.matches("(stop|rm).* c1.*"));
    assertThat(directory.resolve(".rpi/made/.beside-auth")).doesNotExist();

    file("old-one-dead", "");
    assertThat(withdraw()).isFalse();
    Files.delete(home.resolve("old-one-dead"));
    file("stays", "");
    assertThatThrownBy(this::withdraw)
        .hasMessage(
            "The new container of auth cannot be removed on pi@here:22: Error response from daemon:"
                + " no");
  }

  private boolean withdraw() {
    return compose
        .oldContainers()
        .withdraw(lock("ours"), "auth", OLD, "auth:latest", List.of("c1"));
  }

  @Test
  void the_guard_removes_the_new_one_and_the_old_one_serves() throws IOException {
    startBeside();
    Files.delete(home.resolve("diary"));

    assertThat(goBack("")).isEqualTo("back auth\n");

    assertThat(diary())
        .contains("image tag " + OLD + " auth:latest", "stop c2", "rm -f c2")
        .noneMatch(line -> line.startsWith("compose up "));
    assertThat(directory.resolve(".rpi/intents")).doesNotExist();
  }

  @Test
  void where_the_old_one_does_not_run_any_more_the_guard_has_compose_replace_it()
      throws IOException {
    startBeside();
    file("old-one-dead", "");
    Files.delete(home.resolve("diary"));

    assertThat(goBack("")).isEqualTo("back auth\n");

    assertThat(diary())
        .contains("compose up -d --force-recreate --no-deps --pull never --no-build -- auth");
  }

  private HeldLock lock(String token) {
    return new HeldLock(".rpi/lock", token, () -> new DeployException("lost", "again"));
  }

  private ExecResult recreate(String token, String intent) {
    return compose.changes().recreate(lock(token), change(intent, List.of()), () -> untouched++);
  }

  private ServiceChanges.Change change(String intent, List<String> beside) {
    return new ServiceChanges.Change(
        "auth", intent, "auth:rpi-2", "auth:latest", uses, beside, beside.size());
  }

  /** As the lock's shell calls it, but with little patience. */
  private String goBack(String keep) {
    List<String> argv = new ArrayList<>(compose.changes().goBack());
    argv.set(argv.indexOf("120"), "4");
    argv.addAll(0, List.of("env", "keep=" + keep));
    return pi.exec(Command.of(argv).in("rpi/x")).stdout();
  }

  private Path intent() {
    return directory.resolve(".rpi/intents/auth");
  }

  private List<String> diary() throws IOException {
    return Files.readAllLines(home.resolve("diary"));
  }

  private void file(String name, String content) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static void await(Path file) throws InterruptedException {
    for (int i = 0; i < 600 && !Files.exists(file); i++) {
      Thread.sleep(100);
    }
    assertThat(file).exists();
  }
}
