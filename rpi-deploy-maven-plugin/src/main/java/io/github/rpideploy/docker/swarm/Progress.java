package io.github.rpideploy.docker.swarm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a service.
 *
 * @param update Docker's word for its last update, empty for none: {@code updating}, {@code
 *     paused}, {@code completed}, {@code rollback_started}, {@code rollback_paused}, {@code
 *     rollback_completed}
 * @param message what the swarm says about that
 * @param digest by its label
 * @param replicas how many it is to have; null when each node is to have one
 * @param tasks the newest of each slot first
 */
public record Progress(
    String update, String message, String digest, @Nullable Integer replicas, List<Task> tasks) {

  /** The manager does not answer at this moment. */
  public static final Progress UNANSWERED = new Progress("", "", "", 0, List.of());

  /** The same with the tasks of that digest only. */
  public Progress of(String wanted) {
    return new Progress(
        update,
        message,
        digest,
        replicas,
        tasks.stream().filter(task -> task.digest().equals(wanted)).toList());
  }

  /** Keeps a copy. */
  public Progress {
    tasks = List.copyOf(tasks);
  }
}
