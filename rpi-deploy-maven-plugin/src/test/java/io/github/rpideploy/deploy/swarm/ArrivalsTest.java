package io.github.rpideploy.deploy.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.stack.Orchestrator.Arrival;
import io.github.rpideploy.docker.swarm.Progress;
import io.github.rpideploy.docker.swarm.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalsTest {

  /** The digests of what ran before and of what the swarm was told. */
  private static final String OLD = "0ld";

  private static final String NEW = "n3w";

  private final Arrivals arrivals = new Arrivals();

  @Test
  void a_first_deploy_is_here_when_each_task_runs() {
    arrivals.begin("web", null);

    assertThat(judge("", 2)).isEqualTo(new Arrival.NotYet("0 of 2 tasks run"));
    assertThat(judge("", 2, task(1, NEW, "running", "running"), task(2, NEW, "running", "new")))
        .isEqualTo(new Arrival.NotYet("1 of 2 tasks run"));
    assertThat(judge("", 2, running(1, NEW), running(2, NEW)))
        .isEqualTo(new Arrival.Here(List.of("c1", "c2")));
  }

  @Test
  void a_task_that_runs_has_a_container() {
    Task without = new Task("t1", "n1", "running", "running", "", "", NEW);

    assertThat(judge("", 1, without)).isEqualTo(new Arrival.NotYet("0 of 1 tasks run"));
  }

  @Test
  void an_update_is_here_when_the_swarm_says_so_and_no_old_task_is_wanted_any_more() {
    begin(running(1, OLD), running(2, OLD));

    assertThat(judge("", 2, running(1, OLD), running(2, OLD)))
        .as("the swarm has not begun")
        .isEqualTo(new Arrival.NotYet("0 of 2 tasks run"));
    assertThat(judge("updating", 2, running(3, NEW), running(2, OLD)))
        .isEqualTo(new Arrival.NotYet("1 of 2 tasks run"));
    assertThat(judge("updating", 2, running(3, NEW), running(4, NEW)))
        .as("it may still go back")
        .isEqualTo(new Arrival.NotYet("all tasks run, and the swarm has not ended the update"));
    assertThat(judge("completed", 2, running(3, NEW), running(4, NEW), running(2, OLD)))
        .as("start-first, and an old one is wanted")
        .isEqualTo(new Arrival.NotYet("2 of 2 tasks run"));
  }

  @Test
  void old_tasks_that_still_end_are_not_waited_for() {
    begin(running(1, OLD));

    assertThat(judge("completed", 1, running(2, NEW), task(1, OLD, "shutdown", "running")))
        .isEqualTo(new Arrival.Here(List.of("c2")));
  }

  /** Without an update status: the swarm has nothing to do. */
  @Test
  void the_same_again_is_here_at_once() {
    begin(running(1, NEW));

    assertThat(judge("", 1, running(1, NEW))).isEqualTo(new Arrival.Here(List.of("c1")));
  }

  @ParameterizedTest
  @CsvSource({
    "paused, the swarm has paused the update: exit 7 on kitchen",
    "rollback_paused, the swarm has paused the update: exit 7 on kitchen",
    "rollback_completed, the swarm has rolled the update back: exit 7 on kitchen"
  })
  void what_the_swarm_has_given_up_never_comes(String update, String reason) {
    begin(running(1, OLD));

    // After a rollback the service has its old labels.
    assertThat(judge(update, OLD, 1, failed(2, NEW, "exit 7"), running(1, OLD)))
        .isEqualTo(new Arrival.Never(reason, "c2"));
  }

  /** Seen: the Engine could not remove a network of which two tasks let go at once. */
  @Test
  void the_task_whose_container_has_ended_by_itself_tells_why() {
    begin(running(1, OLD));

    assertThat(
            judge(
                "rollback_completed",
                OLD,
                1,
                failed(3, NEW, "error while removing network"),
                failed(2, NEW, "task: non-zero exit (3)"),
                running(1, OLD)))
        .isEqualTo(
            new Arrival.Never(
                "the swarm has rolled the update back: task: non-zero exit (3) on kitchen", "c2"));
  }

  @Test
  void the_swarm_may_give_up_for_no_reason_that_it_knows() {
    begin(running(1, OLD));

    assertThat(judge("paused", 1, running(1, OLD)))
        .isEqualTo(new Arrival.Never("the swarm has paused the update", ""));
  }

  @Test
  void while_it_rolls_back_nothing_is_decided() {
    begin(running(1, OLD));

    assertThat(judge("rollback_started", OLD, 1, failed(2, NEW, "exit 7")))
        .isEqualTo(new Arrival.NotYet("the swarm rolls the update back: exit 7 on kitchen"));
  }

  @Test
  void a_task_that_ends_decides_unless_the_swarm_is_still_updating() {
    begin(running(1, OLD));
    Task[] tasks = {task(3, NEW, "running", "starting"), failed(2, NEW, "exit 7")};

    assertThat(judge("updating", 1, tasks))
        .isEqualTo(new Arrival.NotYet("0 of 1 tasks run: exit 7 on kitchen"));
    assertThat(judge("completed", 1, tasks))
        .isEqualTo(new Arrival.Never("a task has ended: exit 7 on kitchen", "c2"));
  }

  /** Swarms are quick: the first look may come after the only task has ended. */
  @Test
  void a_task_that_has_ended_before_the_first_look_counts() {
    arrivals.begin("web", null);

    assertThat(judge("", 1, failed(1, NEW, "exit 7")))
        .isEqualTo(new Arrival.Never("a task has ended: exit 7 on kitchen", "c1"));
  }

  @Test
  void a_task_of_the_same_release_that_failed_long_before_does_not_count() {
    Task longAgo = failed(1, NEW, "exit 7");
    begin(longAgo, failed(2, OLD, "exit 8"));

    assertThat(judge("", 1, task(3, NEW, "running", "starting"), longAgo))
        .isEqualTo(new Arrival.NotYet("0 of 1 tasks run"));
    assertThat(judge("", 1, running(3, NEW), longAgo)).isEqualTo(new Arrival.Here(List.of("c3")));
    assertThat(judge("", 1, failed(3, NEW, "exit 9"), longAgo))
        .isEqualTo(new Arrival.Never("a task has ended: exit 9 on kitchen", "c3"));

    begin(failed(3, NEW, "exit 9"), longAgo);
    assertThat(judge("", 1, task(4, NEW, "running", "starting"), failed(3, NEW, "exit 9")))
        .as("the next deploy")
        .isEqualTo(new Arrival.NotYet("0 of 1 tasks run"));
  }

  @Test
  void what_failed_of_another_release_does_not_count() {
    arrivals.begin("web", null);

    assertThat(judge("", 1, task(2, NEW, "running", "starting"), failed(1, OLD, "exit 7")))
        .isEqualTo(new Arrival.NotYet("0 of 1 tasks run"));
  }

  @Test
  void of_a_service_that_another_build_has_deployed_only_what_comes_after_the_first_look_counts() {
    Task before = failed(1, NEW, "exit 7");

    assertThat(judge("", 1, before)).isEqualTo(new Arrival.NotYet("0 of 1 tasks run"));
    assertThat(judge("", 1, failed(2, NEW, "exit 8"), before))
        .isEqualTo(new Arrival.Never("a task has ended: exit 8 on kitchen", "c2"));
  }

  @Test
  void somebody_else_has_deployed_it() {
    begin(running(1, OLD));

    assertThat(judge("completed", "0ther", 1, running(2, "0ther")))
        .isEqualTo(new Arrival.Never("somebody else has deployed it meanwhile", ""));
  }

  @Test
  void without_replicas_there_is_nothing_to_wait_for() {
    assertThat(judge("", 0))
        .isEqualTo(new Arrival.Never("it is to have no task at all: deploy.replicas is 0", ""));
  }

  @Test
  void a_global_service_is_here_when_it_runs_wherever_the_swarm_wants_it() {
    begin();

    assertThat(judge("", (Integer) null))
        .as("the swarm makes the tasks a moment later")
        .isEqualTo(new Arrival.NotYet("no node has a task yet"));
    assertThat(judge("", null, running(1, NEW), task(2, NEW, "running", "preparing")))
        .isEqualTo(new Arrival.NotYet("1 of 2 tasks run"));
    assertThat(judge("updating", null, running(1, NEW), running(2, NEW)))
        .isEqualTo(new Arrival.NotYet("all tasks run, and the swarm has not ended the update"));
    assertThat(judge("completed", null, running(1, NEW), running(2, NEW)))
        .isEqualTo(new Arrival.Here(List.of("c1", "c2")));
  }

  @Test
  void a_task_that_fits_nowhere_says_why() {
    begin(running(1, OLD));
    Task pending = new Task("t2", "", "running", "pending", "no suitable node (1 node)", "", NEW);

    assertThat(judge("updating", 1, pending))
        .isEqualTo(new Arrival.NotYet("0 of 1 tasks run: no suitable node (1 node)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"complete", "rejected", "failed"})
  void a_task_that_ends_without_an_error_is_told_by_its_state(String state) {
    begin();

    assertThat(judge("", 1, task(1, NEW, "shutdown", state)))
        .isEqualTo(new Arrival.Never("a task has ended: it is " + state + " on kitchen", "c1"));
  }

  @Test
  void what_a_task_says_is_harmless_and_short() {
    begin();

    assertThat(judge("", 1, failed(1, NEW, "\u001b]0;x\u0007a\nb" + "c".repeat(1_000_000))))
        .isInstanceOfSatisfying(
            Arrival.Never.class,
            never ->
                assertThat(never.reason())
                    .startsWith("a task has ended: ?]0;x?a bccc")
                    .endsWith("c… on kitchen")
                    .hasSizeLessThan(600));
  }

  @Test
  void what_runs_is_shown_and_else_the_last_that_have_ended() {
    Task running = running(3, NEW);
    Task first = failed(4, NEW, "exit 1");
    Task second = failed(5, NEW, "exit 2");
    Task never = new Task("t6", "n1", "shutdown", "rejected", "no image", "", NEW);

    assertThat(shown(first, running, task(1, OLD, "shutdown", "running"))).containsExactly(running);
    assertThat(shown(never, first, second, failed(7, OLD, "exit 3")))
        .containsExactly(first, second);
  }

  private static List<Task> shown(Task... tasks) {
    return Arrivals.shown(new Progress("", "", NEW, 1, List.of(tasks)));
  }

  private void begin(Task... before) {
    arrivals.begin("web", new Progress("completed", "", OLD, 1, List.of(before)));
  }

  private Arrival judge(String update, @Nullable Integer replicas, Task... tasks) {
    return judge(update, NEW, replicas, tasks);
  }

  private Arrival judge(String update, String digest, @Nullable Integer replicas, Task... tasks) {
    return arrivals.judge(
        "web",
        NEW,
        new Progress(update, "", digest, replicas, List.of(tasks)),
        id -> id.equals("n1") ? "kitchen" : "?");
  }

  private static Task running(int id, String digest) {
    return task(id, digest, "running", "running");
  }

  private static Task failed(int id, String digest, String error) {
    return new Task("t" + id, "n1", "shutdown", "failed", error, "c" + id, digest);
  }

  private static Task task(int id, String digest, String desired, String state) {
    return new Task("t" + id, "n1", desired, state, "", "c" + id, digest);
  }
}
