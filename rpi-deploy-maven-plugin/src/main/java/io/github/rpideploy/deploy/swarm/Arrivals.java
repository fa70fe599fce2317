package io.github.rpideploy.deploy.swarm;

import io.github.rpideploy.PlainText;
import io.github.rpideploy.deploy.stack.Orchestrator.Arrival;
import io.github.rpideploy.docker.swarm.Progress;
import io.github.rpideploy.docker.swarm.Task;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells from the tasks of services whether the swarm has brought them to what it was told. */
final class Arrivals {

  /** The tasks that had failed before the present deploy of a service. */
  private final Map<String, Set<String>> failedBefore = new HashMap<>();

  /** So many containers that have ended are looked at, if none runs. */
  private static final int MOST_ENDED = 2;

  /** In characters, of what is told of a task. */
  private static final int LONGEST = 500;

  /**
   * A service is about to be deployed. A task may have failed long ago, of the same release: only
   * what comes after this counts.
   *
   * @param before what it is now; null when the swarm has no such service
   */
  void begin(String service, @Nullable Progress before) {
    Stream<Task> tasks = before == null ? Stream.empty() : before.tasks().stream();
    failedBefore.put(
        service, tasks.filter(Task::hasFailed).map(Task::id).collect(Collectors.toSet()));
  }

  /**
   * @param digest what it was told
   * @param nameOf the name of the node with an id
   */
  Arrival judge(String service, String digest, Progress progress, UnaryOperator<String> nameOf) {
    if (!failedBefore.containsKey(service)) {
      // Another build has deployed it.
      begin(service, progress);
    }
    List<Task> ours =
        progress.tasks().stream().filter(task -> task.digest().equals(digest)).toList();
    Optional<Task> failed =
        ours.stream()
            .filter(task -> task.hasFailed() && isNew(service, task))
            .min(Comparator.comparing(task -> !task.hasExited()));
    String trouble = failed.map(task -> ": " + described(task, nameOf)).orElse("");
    String container = failed.map(Task::container).orElse("");
    switch (progress.update()) {
      case "paused", "rollback_paused" -> {
        return new Arrival.Never("the swarm has paused the update" + trouble, container);
      }
      case "rollback_completed" -> {
        return new Arrival.Never("the swarm has rolled the update back" + trouble, container);
      }
      case "rollback_started" -> {
        return new Arrival.NotYet("the swarm rolls the update back" + trouble);
      }
      default -> {}
    }
    if (!progress.digest().equals(digest)) {
      return new Arrival.Never("somebody else has deployed it meanwhile", "");
    }
    List<Task> wanted = progress.tasks().stream().filter(Task::isWanted).toList();
    List<Task> running =
        wanted.stream()
            .filter(task -> task.digest().equals(digest) && task.isRunning())
            .filter(task -> !task.container().isEmpty())
            .toList();
    // On each node that may have one: the swarm makes all of them at once.
    int all = progress.replicas() == null ? wanted.size() : progress.replicas();
    boolean updating = progress.update().equals("updating");
    if (progress.replicas() != null && all == 0) {
      return new Arrival.Never("it is to have no task at all: deploy.replicas is 0", "");
    } else if (!updating && all > 0 && running.size() == all && wanted.size() == all) {
      return new Arrival.Here(running.stream().map(Task::container).toList());
    } else if (!updating && failed.isPresent()) {
      return new Arrival.Never("a task has ended" + trouble, container);
    }
    String why =
        wanted.stream()
            .filter(task -> !task.error().isEmpty())
            .findFirst()
            .map(task -> ": " + described(task, nameOf))
            .orElse(trouble);
    return new Arrival.NotYet(state(running.size(), all, updating) + why);
  }

  private boolean isNew(String service, Task task) {
    return !failedBefore.getOrDefault(service, Set.of()).contains(task.id());
  }

  private static String state(int running, int all, boolean updating) {
    if (all == 0) {
      return "no node has a task yet";
    }
    return running == all && updating
        ? "all tasks run, and the swarm has not ended the update"
        : running + " of " + all + " tasks run";
  }

  private static String described(Task task, UnaryOperator<String> nameOf) {
    String on = task.node().isEmpty() ? "" : " on " + nameOf.apply(task.node());
    String what = task.error().isEmpty() ? "it is " + task.state() : task.error();
    return PlainText.line(what, LONGEST) + on;
  }

  /** Tasks whose containers show what became of a service: those that run, else the last ones. */
  static List<Task> shown(Progress progress) {
    List<Task> running =
        progress.tasks().stream().filter(task -> task.isWanted() && task.isRunning()).toList();
    Stream<Task> ended =
        progress.tasks().stream().filter(task -> task.hasFailed() && !task.container().isEmpty());
    return running.isEmpty() ? ended.limit(MOST_ENDED).toList() : running;
  }
}
