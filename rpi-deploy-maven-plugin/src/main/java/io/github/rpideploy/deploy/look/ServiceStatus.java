package io.github.rpideploy.deploy.look;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status of a service on the Pi. What is not known, or does not apply, is null.
 *
 * @param service its name
 * @param state Docker's word for its container's state, or {@code absent}
 * @param health Docker's word for the result of the health check; null in a swarm, where a task
 *     runs only when it is healthy
 * @param image the image that the compose file names
 * @param release what it runs: the release tag, another name, or the id of the image
 * @param version of the project that the release was built from
 * @param commit the git commit that the release was built from
 * @param since when the container was started last, RFC 3339; null when it never ran
 * @param restarts how often the restart policy started it again; in a swarm: how many tasks in its
 *     place have failed that the swarm still knows
 * @param memory what it uses, as Docker shows it: {@code 123.4MiB}
 * @param drift how what runs differs from what the history says
 * @param earlier the releases that it can go back to, newest first
 * @param target which of several Pis it is on; null where there is only one
 * @param node the node of a swarm that this task is on; null without a swarm
 */
public record ServiceStatus(
    String service,
    String state,
    @Nullable String health,
    @Nullable String image,
    @Nullable String release,
    @Nullable String version,
    @Nullable String commit,
    @Nullable String since,
    int restarts,
    @Nullable String memory,
    @Nullable String drift,
    List<Earlier> earlier,
    @Nullable String target,
    @Nullable String node) {

  /** Keeps a copy of the list. */
  public ServiceStatus {
    earlier = List.copyOf(earlier);
  }

  /** The same, of one of several Pis. */
  public ServiceStatus on(String pi) {
    return new ServiceStatus(
        service, state, health, image, release, version, commit, since, restarts, memory, drift,
        earlier, pi, node);
  }

  /**
   * A release that proved good and is still on the Pi.
   *
   * @param release its tag
   * @param version of the project that it was built from
   * @param commit the git commit that it was built from
   */
  public record Earlier(String release, @Nullable String version, @Nullable String commit) {}
}
