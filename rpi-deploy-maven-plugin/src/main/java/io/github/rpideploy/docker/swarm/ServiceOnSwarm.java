package io.github.rpideploy.docker.swarm;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a service runs now.
 *
 * @param release the id of the image of the release that it is to run, on this manager; null when
 *     it lacks it
 * @param running the tag of the release that the service runs; empty when the swarm has no such
 *     service
 * @param made of what part of a compose file, as {@link ServiceFile#made}; {@code -} when another
 *     has deployed it
 * @param files what it saw of the stack's files when it was deployed: the SHA-256 by path; null
 *     when that is not known
 * @param tasks those that are wanted
 * @param verified whether it runs what was proved good last
 * @param history if it is not: the lines of the history about the service, oldest first
 * @param tags if it is not: the ids of the images of the service's repository, by tag
 */
public record ServiceOnSwarm(
    @Nullable String release,
    String running,
    String made,
    @Nullable Map<String, String> files,
    List<Task> tasks,
    boolean verified,
    List<String> history,
    Map<String, String> tags) {

  /** Keeps copies. */
  public ServiceOnSwarm {
    files = files == null ? null : Map.copyOf(files);
    tasks = List.copyOf(tasks);
    history = List.copyOf(history);
    tags = Map.copyOf(tags);
  }
}
