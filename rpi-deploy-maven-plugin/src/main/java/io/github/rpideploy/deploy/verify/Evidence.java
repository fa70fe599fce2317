package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Exits;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a service that is not good. Texts are without secrets already.
 *
 * @param service its name
 * @param platform what its image was to be built for: {@code linux/arm64}
 * @param container as it was last seen; null when there is none
 * @param exits how its earlier runs have ended
 * @param composeSaid what compose printed when it recreated the service
 * @param portHolder who has the port that it wants; empty when that is not the problem
 * @param log the end of the container's log
 * @param answer what the smoke test that did not pass was answered
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

  /** What colours a log. */
  private static final Pattern ESCAPES = Pattern.compile("\u001b\\[[0-9;]*m");

  Evidence {
    services = Set.copyOf(services);
    log = ESCAPES.matcher(log).replaceAll("");
  }

  /** What the Engine and compose said when the container could not be started. */
  String startProblem() {
    return (container == null ? "" : container.error() + "\n") + composeSaid;
  }

  /** What the health check printed last, when it is not content; empty otherwise. */
  String healthSaid() {
    return container == null || container.health().equals("healthy") ? "" : container.healthSaid();
  }
}
