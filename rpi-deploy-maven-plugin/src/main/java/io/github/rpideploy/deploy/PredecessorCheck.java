package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Predecessors;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.docker.ComposeFile;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Holds what goes before a service against the Pi and against the compose file, once a build. */
final class PredecessorCheck {

  private final String host;
  private final Docker docker;
  private final ComposeDirectory directory;
  private final Reporter reporter;
  private final Set<String> checked = new HashSet<>();

  PredecessorCheck(String host, Docker docker, ComposeDirectory directory, Reporter reporter) {
    this.host = host;
    this.docker = docker;
    this.directory = directory;
    this.reporter = reporter;
  }

  /**
   * @throws DeployException when a service that goes before it is not deployed by this build and
   *     does not run well, unless that is allowed
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
    String said =
        service + " goes after what is not good on " + host + ": " + String.join("; ", flaws);
    if (predecessors.required()) {
      throw new DeployException(
          said,
          "Deploy what goes before it too (without -pl, or with -am), or go on all the same:"
              + " -Drpi.requirePredecessors=false; nothing was changed");
    }
    reporter.report(new Event.Warning(said));
  }

  private Optional<String> flaw(String service) {
    Optional<Container> container =
        directory.compose().containersIfAny(service).stream()
            .findFirst()
            .flatMap(docker.containers()::inspect);
    if (container.isEmpty()) {
      return Optional.of(service + " has no container there");
    }
    Container found = container.get();
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
        reporter.report(
            new Event.Warning(
                before
                    + " is deployed before "
                    + service
                    + ", but depends_on it in the compose file ("
                    + directory.described()
                    + "). Let Maven's order be the same: <after>"
                    + service
                    + "</after> for "
                    + before
                    + " and an empty <after/> for "
                    + service));
      }
    }
  }
}
