package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.report.Reporter;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The compose project on one Pi that is deployed to, and what every part of a deploy needs to work
 * on it.
 *
 * @param host the connection to the Pi
 * @param docker the docker command line there
 * @param directory the compose directory there
 * @param orchestrator what replaces services there
 * @param reporter hears what happens
 * @param clock tells how long it takes
 */
public record StackContext(
    SteadyHost host,
    Docker docker,
    ComposeDirectory directory,
    Orchestrator orchestrator,
    Reporter reporter,
    InstantSource clock) {

  /** The containers of a service, running or not; none when compose does not know the service. */
  public List<Container> containers(String service) {
    return orchestrator.containersIfAny(service).stream()
        .map(id -> orchestrator.nodeOf(id).inspect(id))
        .flatMap(Optional::stream)
        .toList();
  }
}
