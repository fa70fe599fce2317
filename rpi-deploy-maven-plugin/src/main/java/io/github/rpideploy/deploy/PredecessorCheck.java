package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Predecessors;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.report.Event;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Compares the predecessors of a service with the Pi and the compose file, once in a build. */
final class PredecessorCheck {

  private final StackContext context;
  private final Set<String> checked = new HashSet<>();

  PredecessorCheck(StackContext context) {
    this.context = context;
  }

  /**
   * @throws DeployException when a predecessor that this build does not deploy is not good, unless
   *     that is allowed
   */
  void check(String service, Predecessors predecessors, ComposeFile file) {
    if (!checked.add(service)) {
      return;
    }
    contradictions(service, predecessors.all(), file);
    List<String> flaws =
        new TreeSet<>(predecessors.running())
            .stream().flatMap(before -> flaw(before).stream()).toList();
    if (flaws.isEmpty()) {
      return;
    }
    String problem =
        "The predecessors of "
            + service
            + " are not good on "
            + context.host().name()
            + ": "
            + String.join("; ", flaws);
    if (predecessors.required()) {
      throw new DeployException(
          problem,
          "Deploy them too (without -pl, or with -am), or go on anyway:"
              + " -Drpi.requirePredecessors=false; nothing was changed");
    }
    context.reporter().report(new Event.Warning(problem));
  }

  private Optional<String> flaw(String service) {
    List<Container> containers = context.containers(service);
    return containers.isEmpty()
        ? Optional.of(service + " has no container there")
        : containers.stream()
            .map(found -> flaw(service, found))
            .flatMap(Optional::stream)
            .findFirst();
  }

  private static Optional<String> flaw(String service, Container found) {
    if (!found.running()) {
      return Optional.of(service + " is " + found.status());
    }
    return found.health().equals(Container.NO_HEALTH_CHECK) || found.health().equals("healthy")
        ? Optional.empty()
        : Optional.of(service + " is running, health: " + found.health());
  }

  private void contradictions(String service, Set<String> all, ComposeFile file) {
    for (String before : new TreeSet<>(all)) {
      boolean contradicts =
          file.service(before).filter(there -> there.dependsOn().contains(service)).isPresent();
      if (contradicts) {
        context
            .reporter()
            .report(
                new Event.Warning(
                    before
                        + " is deployed before "
                        + service
                        + ", but depends_on it in the compose file ("
                        + context.directory().described()
                        + "). Make Maven's order the same: <after>"
                        + service
                        + "</after> for "
                        + before
                        + " and an empty <after/> for "
                        + service));
      }
    }
  }
}
