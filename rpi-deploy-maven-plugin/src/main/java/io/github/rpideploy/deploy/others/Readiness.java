package io.github.rpideploy.deploy.others;

import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.file.ComposeFile;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** How far a service is that another one needs, by its containers. */
public sealed interface Readiness {

  /** It has reached all that is needed of it. */
  record Ready(String evidence) implements Readiness {}

  /** It must be started, for this reason. */
  record Stopped(String reason) implements Readiness {}

  /** It is on its way; this is what it is now. */
  record Starting(String state) implements Readiness {}

  /** It runs, but it will not reach what is needed without help. */
  record Broken(String reason, Container container) implements Readiness {}

  /** By its containers before it was started. */
  static Readiness before(Need need, List<Container> containers) {
    if (containers.isEmpty()) {
      return new Stopped("it has no container yet");
    }
    boolean once = need.is(ComposeFile.Need.COMPLETED);
    Optional<Container> stopped =
        first(
            containers,
            found ->
                found.status().equals("created")
                    || (ended(found) && !(once && found.exitCode() == 0)));
    return stopped
        .<Readiness>map(
            found ->
                new Stopped(
                    ended(found)
                        ? "it has exited (code " + found.exitCode() + ")"
                        : "it was never started"))
        .orElseGet(() -> after(need, containers));
  }

  /** By its containers once it was started. */
  static Readiness after(Need need, List<Container> containers) {
    if (containers.isEmpty()) {
      return new Stopped("its container is gone");
    }
    boolean once = need.is(ComposeFile.Need.COMPLETED);
    boolean healthy = need.is(ComposeFile.Need.HEALTHY);
    Optional<Container> broken =
        first(
            containers,
            found ->
                found.status().equals("restarting")
                    || found.status().equals("paused")
                    || (ended(found) && (found.exitCode() != 0 || (healthy && !once)))
                    || (healthy && found.running() && found.health().equals("unhealthy")));
    if (broken.isPresent()) {
      return new Broken(describe(broken.get()), broken.get());
    }
    Optional<Container> unfinished =
        first(
            containers,
            found ->
                !(ended(found) && found.exitCode() == 0)
                    && (once
                        || !found.running()
                        || (healthy && found.health().equals("starting"))));
    if (unfinished.isPresent()) {
      return new Starting(describe(unfinished.get()));
    }
    return new Ready(describe(containers.get(0)));
  }

  private static Optional<Container> first(List<Container> all, Predicate<Container> such) {
    return all.stream().filter(such).findFirst();
  }

  private static boolean ended(Container container) {
    return container.status().equals("exited") || container.status().equals("dead");
  }

  private static String describe(Container container) {
    return switch (container.status()) {
      case "running" ->
          container.health().equals(Container.NO_HEALTH_CHECK)
              ? "running"
              : container.health().equals("healthy") ? "healthy" : "health: " + container.health();
      case "exited" ->
          container.exitCode() == 0 ? "completed" : "exited (code " + container.exitCode() + ")";
      case "restarting" -> "exited again and again (code " + container.exitCode() + ")";
      default -> container.status();
    };
  }
}
