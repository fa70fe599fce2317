package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.stack.Orchestrator;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Containers;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.Exits;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds out why a service is not good. Never fails: it is about a failure. */
public final class Diagnosis {

  /** Each has a log, which takes space here. */
  private static final int MOST_NEEDED = 20;

  private final Docker docker;
  private final Orchestrator orchestrator;
  private final Supplier<ComposeFile> composeFile;
  private final LogCollector logs;
  private final Reporter reporter;
  private final InstantSource clock;
  private final Instant began;
  private final Map<String, String> composeSaid = new HashMap<>();
  private final Set<String> logged = new HashSet<>();

  /**
   * @param context the deploy begins at the present time of its clock
   */
  public Diagnosis(StackContext context, Supplier<ComposeFile> composeFile) {
    this.docker = context.docker();
    this.orchestrator = context.orchestrator();
    this.composeFile = composeFile;
    this.reporter = context.reporter();
    this.logs = new LogCollector(orchestrator, reporter);
    this.clock = context.clock();
    this.began = clock.instant();
  }

  /** Remembers what compose printed when it recreated a service: it may explain a failure. */
  public void composeSaid(String service, String printed) {
    composeSaid.put(service, printed);
  }

  /**
   * Names the cause when compose could not recreate a service.
   *
   * @return one line; empty when the output of compose does not show it
   */
  public Optional<String> recreateFailure(ServiceSpec spec) {
    String printed = composeSaid.getOrDefault(spec.service(), "");
    OptionalInt port = Cause.portTaken(printed);
    String portHolder = port.isEmpty() ? "" : portHolder(port.getAsInt());
    return Cause.of(
        new Evidence(
            spec.service(),
            spec.platform(),
            null,
            Exits.NONE,
            printed,
            portHolder,
            "",
            "",
            Set.of()));
  }

  private String portHolder(int port) {
    return docker
        .containers()
        .holder(port)
        .map(name -> "container " + name)
        .orElse("a process outside Docker (on the Pi: sudo ss -lptn 'sport = :" + port + "')");
  }

  /**
   * Collects the logs of a service that is not good and of those that it needs, and names the
   * cause.
   *
   * @param container as it was last seen; null when there is none
   * @param answer the answer to a smoke test that did not pass
   * @return one line; empty when the evidence does not show it
   */
  public Optional<String> cause(ServiceSpec spec, @Nullable Container container, String answer) {
    try {
      return Cause.of(evidence(spec, container, answer));
    } catch (IOException | RuntimeException e) {
      reporter.report(
          new Event.Warning(
              "The log of " + spec.service() + " could not be collected: " + e.getMessage()));
      return Optional.empty();
    }
  }

  /** Whether the log of a service has been collected. */
  public boolean hasLog(String service) {
    return logged.contains(service);
  }

  private Evidence evidence(ServiceSpec spec, @Nullable Container container, String answer)
      throws IOException {
    String service = spec.service();
    Duration within = Duration.between(began, clock.instant()).plusSeconds(1);
    ComposeFile file = composeFile.get();
    List<String> own = orchestrator.containersIfAny(service);
    Map<String, List<String>> needed = new LinkedHashMap<>();
    for (String other : needs(service, file)) {
      needed.put(other, orchestrator.containersIfAny(other));
    }
    // If the environment cannot be read, no log is collected: it may be full of secrets.
    Redaction redaction = redaction(own, needed);
    String log = logs.collect(service, own, redaction, spec.logFile());
    if (!own.isEmpty()) {
      logged.add(service);
    }
    for (Map.Entry<String, List<String>> other : needed.entrySet()) {
      logs.collectNeeded(
          other.getKey(), other.getValue(), redaction, within, beside(spec, other.getKey()));
    }
    return new Evidence(
        service,
        spec.platform(),
        container == null
            ? null
            : container.withHealthSaid(redaction.without(container.healthSaid())),
        container == null ? Exits.NONE : of(container.id()).exits(container.id(), within),
        redaction.without(composeSaid.getOrDefault(service, "")),
        "",
        log,
        redaction.without(answer),
        file.services().keySet());
  }

  /** {@code extension-server.needs-auth-server.log} beside {@code extension-server.log}. */
  private static Path beside(ServiceSpec spec, String needed) {
    String own = String.valueOf(spec.logFile().getFileName()).replaceFirst("\\.log$", "");
    return spec.logFile().resolveSibling(own + ".needs-" + needed + ".log");
  }

  private Redaction redaction(List<String> own, Map<String, List<String>> needed) {
    List<String> environment = new ArrayList<>();
    own.forEach(id -> environment.addAll(of(id).environment(id)));
    needed.values().stream()
        .flatMap(List::stream)
        .forEach(id -> environment.addAll(of(id).environment(id)));
    return Redaction.of(environment);
  }

  private Containers of(String container) {
    return orchestrator.nodeOf(container).docker().containers();
  }

  private static Set<String> needs(String service, ComposeFile file) {
    return file.service(service).map(ComposeFile.Service::dependsOn).orElse(Set.of()).stream()
        .sorted()
        .limit(MOST_NEEDED)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
