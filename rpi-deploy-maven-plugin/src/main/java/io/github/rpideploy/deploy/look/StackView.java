package io.github.rpideploy.deploy.look;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Release;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.docker.ComposeAnswer;
import io.github.rpideploy.docker.file.ComposeFile;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Shows the services of a stack as they are on the Pi, and changes nothing. */
public final class StackView {

  private final StackContext context;
  private final ComposeAnswer compose;
  private List<String> drift = List.of();

  /**
   * @param compose what compose makes of the compose file
   */
  public StackView(StackContext context, ComposeAnswer compose) {
    this.context = context;
    this.compose = compose;
  }

  /**
   * The status of services.
   *
   * @param services their names; empty for all services of the compose file
   * @param order in which services are deployed; what they need comes before them
   * @throws DeployException when the compose file does not know one of them
   */
  public List<ServiceStatus> status(List<String> services, List<String> order) {
    Map<String, ComposeFile.Service> asked = inOrder(chosen(services), order);
    Status status =
        new Status(
            context
                .orchestrator()
                .status(
                    context.docker().projectStatus(context.directory().path()), asked.keySet()));
    drift = status.driftOfOtherFiles();
    return status.of(asked);
  }

  /** How files have drifted that no one service sees, by the last {@link #status}. */
  public List<String> drift() {
    return drift;
  }

  private static Map<String, ComposeFile.Service> inOrder(
      Map<String, ComposeFile.Service> services, List<String> order) {
    Map<String, ComposeFile.Service> sorted = new LinkedHashMap<>();
    order.forEach(name -> add(name, services, new HashSet<>(order), sorted));
    services.keySet().forEach(name -> add(name, services, new HashSet<>(order), sorted));
    return sorted;
  }

  /** What it needs comes before it, but what is deployed has an order of its own. */
  private static void add(
      String name,
      Map<String, ComposeFile.Service> services,
      Set<String> visited,
      Map<String, ComposeFile.Service> sorted) {
    ComposeFile.Service service = services.get(name);
    if (service == null || sorted.containsKey(name)) {
      return;
    }
    visited.add(name);
    for (String needed : service.dependsOn()) {
      if (!visited.contains(needed)) {
        add(needed, services, visited, sorted);
      }
    }
    sorted.put(name, service);
  }

  /**
   * Shows the logs of services.
   *
   * @param services as for {@link #status}
   * @throws DeployException when the compose file does not know one of them, or the environment of
   *     a container cannot be read, so that secrets would not be known
   */
  public void logs(List<String> services, LogQuery query, LogSink sink) {
    Map<String, List<String>> containers = new LinkedHashMap<>();
    for (String service : chosen(services).keySet()) {
      containers.put(service, context.orchestrator().containers(service));
    }
    new Logs(context.orchestrator(), sink).show(containers, query);
  }

  /**
   * @throws DeployException when the compose file does not know one of them
   */
  private Map<String, ComposeFile.Service> chosen(List<String> services) {
    ComposeFile file = compose.read();
    if (services.isEmpty()) {
      return file.services();
    }
    Map<String, ComposeFile.Service> chosen = new LinkedHashMap<>();
    services.forEach(
        name -> chosen.put(name, Release.inFile(name, file, context.directory().described())));
    return chosen;
  }
}
