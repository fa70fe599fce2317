package io.github.rpideploy.deploy.swarm;

import io.github.rpideploy.deploy.stack.Orchestrator.Arrival;
import io.github.rpideploy.docker.swarm.Progress;
import io.github.rpideploy.docker.swarm.Task;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Tells from the tasks of services whether the swarm has brought them to what it was told. */
final class Arrivals {

  /** The tasks that had failed before the present deploy of a service; null before it looked. */
  private final Map<String, Set<String>> failedBefore = new HashMap<>();

  /** So many containers that have ended are looked at, if none runs. */
  private static final int MOST_ENDED = 2;

  /** A service is about to be deployed. */
  void begin(String service) {
    failedBefore.remove(service);
  }

  /**
   * @param digest what it was told
   * @param nameOf the name of the node with an id
   */
  Arrival judge(String service, String digest, Progress progress, UnaryOperator<String> nameOf) {
    List<Task> ours =
        progress.tasks().stream().filter(task -> task.digest().equals(digest)).toList();
    Optional<Task> failed =
        ours.stream().filter(task -> task.hasFailed() && isNew(service, task)).findFirst();
    remember(service, ours);
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
    int all = progress.replicas() == null ? wanted.size() : progress.replicas();
    boolean updating = progress.update().equals("updating");
    if (all == 0) {
      return new Arrival.Never("it is to have no task at all: deploy.replicas is 0", "");
    } else if (!updating && running.size() == all && wanted.size() == all) {
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
    return new Arrival.NotYet(running.size() + " of " + all + " tasks run" + why);
  }

  private boolean isNew(String service, Task task) {
    Set<String> before = failedBefore.get(service);
    return before != null && !before.contains(task.id());
  }

  /**
   * A task may have failed long ago, of the same release: only what comes after the first look
   * counts.
   */
  private void remember(String service, List<Task> ours) {
    if (!failedBefore.containsKey(service)) {
      Set<String> failed = new HashSet<>();
      ours.stream().filter(Task::hasFailed).map(Task::id).forEach(failed::add);
      failedBefore.put(service, failed);
    }
  }

  private static String described(Task task, UnaryOperator<String> nameOf) {
    String on = task.node().isEmpty() ? "" : " on " + nameOf.apply(task.node());
    return task.error() + on;
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
