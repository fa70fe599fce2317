package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.swarm.Progress;
import io.github.rpideploy.docker.swarm.ServiceFile;
import io.github.rpideploy.docker.swarm.ServiceOnSwarm;
import io.github.rpideploy.docker.swarm.Swarm;
import io.github.rpideploy.docker.swarm.SwarmNode;
import io.github.rpideploy.docker.swarm.Task;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What deploys to a swarm and goes back, in each shell, with a docker that keeps a diary. */
@InEveryShell
class SwarmScriptsTest {

  private static final String OLD = "sha256:" + "1".repeat(64);
  private static final String NEW = "sha256:" + "2".repeat(64);
  private static final String INTENT =
      String.join(
          "\n",
          OLD,
          "web:latest",
          "REPLACED",
          "{\"when\":\"@when@\",\"is\":\"back\"}",
          "{\"when\":\"@when@\",\"is\":\"not back\"}",
          "web:rpi-2");

  /** Of which the user's files say what the swarm says, and what fails. */
  private static final String DOCKER =
      """
      #!/bin/sh
      echo "$*" >>"$HOME/diary"
      case "$*" in
        "info --format "*) cat "$HOME/info" ;;
        "node ls -q")
          [ ! -e "$HOME/no-manager" ] || { rm "$HOME/no-manager"; exit 1; }
          [ ! -e "$HOME/worker" ] || exit 1
          echo n1; echo n2 ;;
        "node inspect --format node "*" n1 n2")
          echo 'node {"id":"n1","name":"kitchen","address":"10.0.0.1","state":"ready"}'
          echo 'node {"id":"n2","name":"attic","address":"10.0.0.2","state":"down"}' ;;
        "stack deploy --resolve-image never "*)
          ls .rpi/intents >"$HOME/noted" 2>/dev/null
          while [ "$1" != -c ]; do shift; done
          cat "$2" >"$HOME/deployed" || exit 5
          echo 'Updating service home_web (id: s1)' >&2
          [ ! -e "$HOME/busy" ] || { rm "$HOME/busy"; echo 'rpc error: no leader' >&2; exit 1; }
          [ ! -e "$HOME/no-deploy" ] || exit 17 ;;
        "service inspect --format runs "*" home_web") cat "$HOME/runs" 2>/dev/null || exit 1 ;;
        "service inspect --format service "*" home_web")
          cat "$HOME/service" 2>/dev/null ||
            { echo 'Status: Error: no such service: home_web, Code: 1' >&2; exit 1; } ;;
        "service inspect --format service "*) echo 'rpc error: no leader' >&2; exit 1 ;;
        "service inspect --format {{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}} home_"*)
          cat "$HOME/update" ;;
        "service ls --filter name=home_"*) cat "$HOME/replicas" ;;
        "service ps -q --no-trunc --filter desired-state=running home_web") echo t1 ;;
        "service ps -q --no-trunc home_web") cat "$HOME/tasks" ;;
        "inspect --type task --format task "*" t1") echo 'task {"id":"t1","node":"n1"}' ;;
        "inspect --type task --format task "*" t1 t2")
          echo 'task {"id":"t1","node":"n1","desired":"running","state":"running"}'
          echo 'task {"id":"t2","node":"n2","desired":"shutdown","state":"failed","error":"exit 7"}' ;;
        "image inspect --format {{.Id}} web:rpi-2") echo NEW ;;
        "image inspect --format {{.Id}} web:rpi-3")
          echo 'Error response from daemon: No such image: web:rpi-3' >&2; exit 1 ;;
        "image inspect --format {{.Id}} "*) echo 'Cannot connect' >&2; exit 1 ;;
        "image ls --no-trunc "*" web") echo 'tag OLD web:rpi-1'; echo 'tag NEW web:rpi-2' ;;
        "image rm auth:rpi-7") ;;
        *) exit 9 ;;
      esac
      """
          .replace("OLD", OLD)
          .replace("NEW", NEW);

  private final PosixShell shell;

  @TempDir Path home;
  private Path directory;
  private LocalShell pi;
  private Swarm swarm;
  private int untouched;

  SwarmScriptsTest(PosixShell shell) {
    this.shell = shell;
  }

  @BeforeEach
  void a_manager_whose_lock_is_held() throws IOException {
    program("docker", DOCKER);
    program("bin/sleep", "#!/bin/sh\n");
    directory = Files.createDirectories(home.resolve("rpi/x"));
    file("rpi/x/.rpi/lock", "ann@laptop\nours\n");
    file("update", "");
    file("replicas", "home_web 2/2 (max 1 per node)\nhome_website 0/1\n");
    file("tasks", "t1\nt2\n");
    pi = new LocalShell(shell, home).withPrograms(home.resolve("bin"));
    swarm = swarm(pi, "28.5");
  }

  private Swarm swarm(LocalShell host, String version) {
    DockerCommand command = DockerCommand.of("", home.resolve("docker").toString());
    Engine engine = new Engine(version, "overlay2", "linux", "arm64", Set.of(), home.toString());
    return new Swarm(
        host,
        new Docker(
            host,
            command,
            engine,
            null,
            new EngineContents(List.of(), List.of()),
            ProbeResult.Project.EMPTY),
        "rpi/x");
  }

  @Test
  void a_manager_tells_the_nodes() throws IOException {
    file("info", "swarm active true n1\nmanagers [{\"Addr\":\"10.0.0.1:2377\"}]\n");

    assertThat(swarm.nodes()).extracting(SwarmNode::name).containsExactly("kitchen", "attic");
    assertThat(swarm.nodes()).extracting(SwarmNode::self).containsExactly(true, false);
    assertThat(swarm.nodes()).extracting(SwarmNode::isReady).containsExactly(true, false);
  }

  /** Else a deploy would bring the images to no other node. */
  @Test
  void a_manager_that_does_not_answer_is_not_a_swarm_without_nodes() throws IOException {
    file("info", "swarm active true n1\nmanagers null\n");
    file("no-manager", "");

    assertThatThrownBy(swarm::nodes)
        .isInstanceOf(DeployException.class)
        .hasMessageStartingWith("The nodes of the swarm cannot be listed on pi@here:22");
  }

  @Test
  void a_Pi_that_is_no_manager_is_told_what_it_is() throws IOException {
    file("worker", "");
    file("info", "swarm active false n2\nmanagers [{\"Addr\":\"10.0.0.1:2377\"}]\n");
    assertThatThrownBy(swarm::nodes)
        .hasMessage("pi@here:22 is a worker of its swarm, and only a manager can deploy services")
        .extracting(e -> ((DeployException) e).hint())
        .asString()
        .endsWith("this node knows these: 10.0.0.1");

    file("info", "swarm inactive false \nmanagers null\n");
    assertThatThrownBy(swarm::nodes)
        .hasMessage("pi@here:22 is not in a swarm")
        .extracting(e -> ((DeployException) e).hint())
        .asString()
        .contains("docker swarm init --advertise-addr");
  }

  @Test
  void what_a_service_is_to_run_is_kept_for_the_user_alone() throws IOException {
    put("{\"a\": \"s3cret\"}");

    assertThat(kept(".web.new")).hasContent("{\"a\": \"s3cret\"}");
    assertThat(kept("web")).doesNotExist();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept(".web.new"))))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept(""))))
        .isEqualTo("rwx------");
  }

  /** A cut connection looks like the end of input. */
  @Test
  void half_of_it_is_not_kept() {
    LocalShell cut =
        new LocalShell(shell, home) {
          @Override
          public ExecResult exec(Command command, Stdin stdin) {
            return super.exec(command, Stdin.of("{\"a\": "));
          }
        };

    assertThatThrownBy(() -> swarm(cut, "28.5").put("web", serviceFile("{\"a\": 1}")))
        .isInstanceOf(DeployException.class)
        .hasMessageStartingWith(
            "What web is to run cannot be written into rpi/x on pi@here:22: exit status 1");
    assertThat(kept(".web.new")).doesNotExist();
  }

  @Test
  void the_way_back_is_written_down_before_docker_is_called() throws IOException {
    put("new");

    ExecResult result = deploy("ours", INTENT);

    assertThat(result.exitStatus()).isZero();
    assertThat(intent()).hasContent(INTENT);
    assertThat(home.resolve("noted")).hasContent("web");
    assertThat(home.resolve("deployed")).hasContent("new");
    assertThat(diary())
        .containsExactly(
            "stack deploy --resolve-image never --detach=true -c .rpi/swarm/.web.new home");
    assertThat(untouched).isZero();
  }

  @Test
  void an_Engine_before_26_does_not_wait_anyway() throws IOException {
    put("new");

    swarm(pi, "20.10.24+dfsg1").deploy(lock("ours"), "home", "web", INTENT, false, null, () -> {});

    assertThat(diary())
        .containsExactly("stack deploy --resolve-image never -c .rpi/swarm/.web.new home");
  }

  @Test
  void docker_that_fails_is_told_with_its_status() throws IOException {
    put("new");
    file("no-deploy", "");

    assertThat(deploy("ours", INTENT).exitStatus()).isEqualTo(17);
    assertThat(untouched).isZero();
    assertThat(intent()).exists();
  }

  @Test
  void a_deploy_that_has_lost_the_lock_changes_nothing() throws IOException {
    put("new");
    file("rpi/x/.rpi/swarm/web", "old");

    assertThatThrownBy(() -> deploy("another", INTENT)).hasMessage("lost");
    assertThatThrownBy(() -> swarm.settle(lock("another"), List.of("web"), NEW, true))
        .hasMessage("lost");

    assertThat(untouched).isEqualTo(1);
    assertThat(home.resolve("diary")).doesNotExist();
    assertThat(intent()).doesNotExist();
    assertThat(kept("web")).hasContent("old");
    assertThat(kept(".web.new")).exists();
  }

  @Test
  void without_a_way_back_nothing_is_touched() throws IOException {
    put("new");
    file("rpi/x/.rpi/intents", "a file in the way");

    assertThatThrownBy(() -> deploy("ours", INTENT))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining(
            "How to go back cannot be written down in rpi/x/.rpi; web was not touched");
    assertThat(untouched).isEqualTo(1);
    assertThat(home.resolve("diary")).doesNotExist();
  }

  @Test
  void what_was_never_kept_cannot_be_deployed_again() {
    assertThatThrownBy(
            () -> swarm.deploy(lock("ours"), "home", "web", "", true, null, () -> untouched++))
        .isInstanceOf(DeployException.class)
        .hasMessage("What web ran before is not kept in rpi/x/.rpi/swarm");
    assertThat(untouched).isEqualTo(1);
    assertThat(home.resolve("diary")).doesNotExist();
  }

  @Test
  void back_is_what_was_proved_good_last_and_the_way_there_stays_as_it_is() throws IOException {
    put("new");
    file("rpi/x/.rpi/swarm/web", "old");
    deploy("ours", INTENT);

    swarm.deploy(lock("ours"), "home", "web", "", true, null, () -> untouched++);

    assertThat(home.resolve("deployed")).hasContent("old");
    assertThat(intent()).hasContent(INTENT);
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
    put("new");
    file("no-deploy", "");
    swarm(twice, "28.5").deploy(lock("ours"), "home", "web", INTENT, false, null, () -> {});
    List<String> once = diary();

    ExecResult again = twice.exec(sent.get(0));

    assertThat(again.stdout()).isEqualTo("up 17\n");
    assertThat(diary()).isEqualTo(once);
    deploy("ours", INTENT);
    assertThat(diary()).as("the next step is another one").hasSize(2 * once.size());
  }

  @Test
  void what_was_proved_good_is_kept_for_the_way_back() throws IOException {
    file("rpi/x/.rpi/swarm/web", "old");
    put("new");
    deploy("ours", INTENT);
    file("rpi/x/.rpi/unproved", "replaced");

    swarm.settle(lock("ours"), List.of("web", "other"), NEW, true);

    assertThat(kept("web")).hasContent("new");
    assertThat(kept(".web.new")).doesNotExist();
    assertThat(kept("other")).doesNotExist();
    assertThat(intent()).doesNotExist();
    assertThat(directory.resolve(".rpi/good/web")).hasContent(NEW);
    assertThat(directory.resolve(".rpi/unproved")).doesNotExist();
  }

  @Test
  void what_is_good_again_after_going_back_is_what_it_was() throws IOException {
    file("rpi/x/.rpi/swarm/web", "old");
    put("new");
    deploy("ours", INTENT);
    file("rpi/x/.rpi/unproved", "replaced");

    swarm.settle(lock("ours"), List.of("web"), OLD, false);

    assertThat(kept("web")).hasContent("old");
    assertThat(kept(".web.new")).doesNotExist();
    assertThat(intent()).doesNotExist();
    assertThat(directory.resolve(".rpi/good/web")).hasContent(OLD);
    assertThat(directory.resolve(".rpi/unproved")).exists();
  }

  @Test
  void what_is_settled_without_proof_is_no_way_back() throws IOException {
    file("rpi/x/.rpi/swarm/web", "old");
    put("new");
    deploy("ours", INTENT);

    swarm.settle(lock("ours"), List.of("web"), "", false);

    assertThat(kept("web")).hasContent("old");
    assertThat(kept(".web.new")).hasContent("new");
    assertThat(intent()).doesNotExist();
    assertThat(directory.resolve(".rpi/good")).doesNotExist();
  }

  @Test
  void the_guard_deploys_what_was_good_last_and_tells_the_history() throws IOException {
    failedDeploy();
    file("rpi/x/compose.yaml", "new");
    file("rpi/x/.compose.yaml.before", "old");
    file("rpi/x/.rpi/history.jsonl", "{\"to");
    file("no-manager", "");

    assertThat(goBack("")).isEqualTo("back web\n");

    assertThat(directory.resolve("compose.yaml")).hasContent("old");
    assertThat(diary())
        .as("the manager answers at the second try")
        .startsWith(
            "node ls -q",
            "node ls -q",
            "stack deploy --resolve-image never --detach=true -c .rpi/swarm/web home");
    assertThat(home.resolve("deployed")).hasContent("old");
    assertThat(kept("web")).hasContent("old");
    assertThat(kept(".web.new")).doesNotExist();
    assertThat(directory.resolve(".rpi/intents")).doesNotExist();
    List<String> history = Files.readAllLines(directory.resolve(".rpi/history.jsonl"));
    assertThat(history).hasSize(2);
    assertThat(history.get(1))
        .matches("\\{\"when\":\"20\\d\\d-\\d\\d-\\d\\dT[0-9:]{8}Z\",\"is\":\"back\"}");
  }

  @Test
  void a_service_that_the_swarm_cannot_bring_back_is_tried_once_more_by_the_next_deploy()
      throws IOException {
    failedDeploy();
    file("replicas", "home_website 2/2\nhome_web 1/2\n");
    file("update", "paused\n");

    assertThat(goBack("yes"))
        .isEqualTo("stuck web 1/2 of its tasks run after 4 s, and the update is paused\n");
    assertThat(intent()).exists();
    assertThat(goBack("")).startsWith("stuck web ");
    assertThat(directory.resolve(".rpi/intents")).doesNotExist();
    assertThat(Files.readString(directory.resolve(".rpi/history.jsonl")))
        .contains("\"is\":\"not back\"}")
        .doesNotContain("@when@");
  }

  /** Both must be as they should, three times. */
  @Test
  void the_guard_waits_for_the_tasks_and_for_the_update() throws IOException {
    failedDeploy();
    file("update", "updating\n");
    assertThat(goBack("yes"))
        .isEqualTo("stuck web 2/2 of its tasks run after 4 s, and the update is updating\n");

    file("update", "completed\n");
    file("replicas", "");
    assertThat(goBack("yes"))
        .isEqualTo("stuck web none of its tasks run after 4 s, and the update is completed\n");

    file("replicas", "home_web 2/2\n");
    Files.delete(home.resolve("diary"));
    assertThat(goBack("yes")).isEqualTo("back web\n");
    assertThat(diary().stream().filter(line -> line.startsWith("service ls "))).hasSize(3);
  }

  @Test
  void the_guard_tries_again_what_the_manager_refuses_but_not_for_ever() throws IOException {
    failedDeploy();
    file("busy", "");
    assertThat(goBack("yes")).isEqualTo("back web\n");
    assertThat(deploys()).isEqualTo(2);

    failedDeploy();
    file("no-deploy", "");
    assertThat(goBack("yes")).isEqualTo("stuck web Updating service home_web (id: s1)\n");
    assertThat(deploys()).isEqualTo(5);
  }

  @Test
  void a_first_release_has_nothing_to_go_back_to_and_stays() throws IOException {
    put("new");
    deploy("ours", INTENT.substring(INTENT.indexOf('\n')));
    Files.delete(home.resolve("diary"));

    assertThat(goBack("yes")).isEqualTo("stuck web there is nothing to go back to\n");

    assertThat(diary()).containsOnly("node ls -q");
    assertThat(directory.resolve(".rpi/intents")).doesNotExist();
  }

  @Test
  void nor_has_one_whose_file_is_gone() throws IOException {
    put("new");
    deploy("ours", INTENT);
    Files.delete(home.resolve("diary"));

    assertThat(goBack("yes")).isEqualTo("stuck web there is nothing to go back to\n");
    assertThat(deploys()).isZero();
  }

  @Test
  void the_latest_service_goes_back_first_and_what_was_half_loaded_is_removed() throws IOException {
    failedDeploy();
    Files.setLastModifiedTime(intent(), FileTime.fromMillis(System.currentTimeMillis() - 60_000));
    file("rpi/x/.rpi/intents/auth", INTENT);
    file("rpi/x/.rpi/swarm/auth", "old");
    file("replicas", "home_web 2/2\nhome_auth 1/1\n");
    file(Images.LOADING + "/7", "another boot\n1\nauth:rpi-7\n");

    assertThat(goBack("")).isEqualTo("removed auth:rpi-7\nback auth\nback web\n");
  }

  @Test
  void a_service_that_the_swarm_does_not_have_runs_nothing() {
    ServiceOnSwarm now = swarm.now("home", "web", "web:rpi-3", "web");

    assertThat(now)
        .isEqualTo(new ServiceOnSwarm(null, "", "", null, List.of(), false, List.of(), Map.of()));
  }

  @Test
  void an_Engine_that_does_not_answer_is_no_Engine_without_the_image() {
    assertThatThrownBy(() -> swarm.now("home", "web", "web:rpi-4", "web"))
        .isInstanceOf(DeployException.class)
        .hasMessageStartingWith("What web runs cannot be asked on pi@here:22: exit status 1");
  }

  @Test
  void a_service_that_runs_what_was_proved_good_needs_no_history() throws IOException {
    file("runs", "runs d1gest m4de web:rpi-1\n");
    file("rpi/x/.rpi/swarm/web", "{\"io.github.rpideploy.digest\":\"d1gest\"}");
    file("rpi/x/.rpi/history.jsonl", "{\"service\":\"web\"}\n");

    ServiceOnSwarm now = swarm.now("home", "web", "web:rpi-2", "web");

    assertThat(now.release()).isEqualTo(NEW);
    assertThat(now.running()).isEqualTo("web:rpi-1");
    assertThat(now.made()).isEqualTo("m4de");
    assertThat(now.tasks()).extracting(Task::id).containsExactly("t1");
    assertThat(now.verified()).isTrue();
    assertThat(now.history()).isEmpty();
    assertThat(now.tags()).isEmpty();
  }

  @Test
  void of_one_that_runs_something_else_the_way_back_is_told() throws IOException {
    file("runs", "runs 0ther m4de web:rpi-2\n");
    file("rpi/x/.rpi/swarm/web", "{\"io.github.rpideploy.digest\":\"d1gest\"}");
    file("rpi/x/.rpi/history.jsonl", "{\"a\":1}\n{\"service\":\"web\",\"x\":2}\n");

    ServiceOnSwarm now = swarm.now("home", "web", "web:rpi-2", "web");

    assertThat(now.verified()).isFalse();
    assertThat(now.history()).containsExactly("{\"service\":\"web\",\"x\":2}");
    assertThat(now.tags()).containsEntry("web:rpi-1", OLD).containsEntry("web:rpi-2", NEW);
  }

  /** Somebody else has deployed it: there is nothing that was proved good. */
  @Test
  void of_one_that_was_never_deployed_from_here_there_is_no_way_back() throws IOException {
    file("runs", "runs - - web:latest\n");
    file("rpi/x/.rpi/history.jsonl", "{\"service\":\"web\"}\n");

    ServiceOnSwarm now = swarm.now("home", "web", "web:rpi-2", "web");

    assertThat(now.made()).isEqualTo("-");
    assertThat(now.verified()).isFalse();
    assertThat(now.history()).isEmpty();
    assertThat(now.tags()).isEmpty();
  }

  @Test
  void what_became_of_a_service_is_told_with_its_tasks() throws IOException {
    file(
        "service",
        "service {\"update\":{\"State\":\"paused\",\"Message\":\"m\"},"
            + "\"labels\":{\"io.github.rpideploy.digest\":\"d\"},"
            + "\"mode\":{\"Replicated\":{\"Replicas\":2}}}\n");

    assertThat(swarm.progress("home", "web"))
        .isEqualTo(
            new Progress(
                "paused",
                "m",
                "d",
                2,
                List.of(
                    new Task("t1", "n1", "running", "running", "", "", ""),
                    new Task("t2", "n2", "shutdown", "failed", "exit 7", "", ""))));

    file("tasks", "");
    file("service", "service {\"update\":null,\"labels\":{},\"mode\":{\"Global\":{}}}\n");
    assertThat(swarm.progress("home", "web")).isEqualTo(new Progress("", "", "", null, List.of()));
  }

  @Test
  void a_service_that_is_not_there_is_not_a_manager_that_does_not_answer() {
    assertThat(swarm.progress("home", "web")).isNull();

    assertThatThrownBy(() -> swarm.progress("home", "other"))
        .isInstanceOf(DeployException.class)
        .hasMessageStartingWith("The tasks of other cannot be listed on pi@here:22");
  }

  private void failedDeploy() throws IOException {
    file("rpi/x/.rpi/swarm/web", "old");
    put("new");
    deploy("ours", INTENT);
    Files.delete(home.resolve("diary"));
  }

  private ExecResult deploy(String token, String intent) {
    return swarm.deploy(lock(token), "home", "web", intent, false, null, () -> untouched++);
  }

  private void put(String text) {
    swarm.put("web", serviceFile(text));
  }

  private static ServiceFile serviceFile(String text) {
    return new ServiceFile("home", text, "d1gest", "m4de");
  }

  private HeldLock lock(String token) {
    return new HeldLock(".rpi/lock", token, () -> new DeployException("lost", "again"));
  }

  /** As the lock's shell calls it, but with little patience. */
  private String goBack(String keep) {
    List<String> argv = new ArrayList<>(swarm.goBack("home"));
    argv.set(argv.indexOf("120"), "4");
    argv.addAll(0, List.of("env", "keep=" + keep));
    return pi.exec(Command.of(argv).in("rpi/x")).stdout();
  }

  private long deploys() throws IOException {
    return diary().stream().filter(line -> line.startsWith("stack deploy ")).count();
  }

  private Path intent() {
    return directory.resolve(".rpi/intents/web");
  }

  private Path kept(String name) {
    return directory.resolve(".rpi/swarm").resolve(name);
  }

  private List<String> diary() throws IOException {
    return Files.readAllLines(home.resolve("diary"));
  }

  private void program(String name, String text) throws IOException {
    file(name, text);
    assertThat(home.resolve(name).toFile().setExecutable(true)).isTrue();
  }

  private void file(String name, String content) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content, StandardCharsets.UTF_8);
  }
}
