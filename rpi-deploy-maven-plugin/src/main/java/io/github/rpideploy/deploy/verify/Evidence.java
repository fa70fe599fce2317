package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.PlainText;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Exits;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is known about a service that is not good. Secrets are already removed from the texts.
 *
 * @param service its name
 * @param platform what its image should be built for: {@code linux/arm64}
 * @param container as it was last seen; null when there is none
 * @param exits how its earlier runs ended
 * @param composeSaid what compose printed when it recreated the service
 * @param portHolder who uses the port that it needs; empty when that is not the problem
 * @param log the end of the container's log
 * @param answer the answer to a smoke test that did not pass
 * @param services all services of the compose file
 */
record Evidence(
    String service,
    String platform,
    @Nullable Container container,
    Exits exits,
    String composeSaid,
    String portHolder,
    String log,
    String answer,
    Set<String> services) {

  Evidence {
    services = Set.copyOf(services);
    log = PlainText.uncoloured(log);
  }

  /** What the Engine and compose printed when the container could not be started. */
  String startProblem() {
    return (container == null ? "" : container.error() + "\n") + composeSaid;
  }

  /** What the health check printed last; empty when the container is healthy. */
  String healthSaid() {
    return container == null || container.health().equals("healthy") ? "" : container.healthSaid();
  }
}
