package io.github.rpideploy.docker.swarm;

/**
 * A task of a service: one container on one node, or the attempt to have one.
 *
 * @param id its id
 * @param node the id of the node; empty when none was found
 * @param desired what the swarm wants of it: {@code running}, {@code shutdown}, {@code ready}
 * @param state what it is, in Docker's words: {@code running}, {@code failed}, {@code rejected}, …
 * @param error why; empty otherwise
 * @param container the id of its container; empty before there is one
 * @param digest that of the {@link ServiceFile} of which it was made; empty when it is of none
 */
public record Task(
    String id,
    String node,
    String desired,
    String state,
    String error,
    String container,
    String digest) {

  /** In {@link #error} of one whose container has ended by itself, in Docker's words. */
  static final String EXITED = "non-zero exit";

  /** Whether its container has ended by itself: of several that failed, it tells the most. */
  public boolean hasExited() {
    return hasFailed() && error.contains(EXITED);
  }

  /** Whether the swarm wants it to run. */
  public boolean isWanted() {
    return desired.equals("running") || desired.equals("ready");
  }

  /** Whether it does. */
  public boolean isRunning() {
    return state.equals("running");
  }

  /** Whether it has ended by itself, or could not begin. */
  public boolean hasFailed() {
    return state.equals("failed") || state.equals("rejected") || state.equals("complete");
  }
}
