package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Predecessors;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.maven.console.PlainLog;
import io.github.rpideploy.maven.parameters.UnknownParameters;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.Mojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;
import org.jspecify.annotations.Nullable;

/** What every goal has: the session, and the one place that translates failures for Maven. */
abstract class RpiMojo extends Parameters implements Mojo {

  /** The running build. */
  @Parameter(defaultValue = "${session}", readonly = true, required = true)
  MavenSession session;

  /** This run of the goal. */
  @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true)
  MojoExecution execution;

  private final ComponentConfigurator configurator;
  private final SettingsDecrypter decrypter;
  private @Nullable Log log;

  /**
   * @param configurator Maven's own, to read the parameters of other modules
   * @param decrypter Maven's own, for the servers of settings.xml
   */
  RpiMojo(ComponentConfigurator configurator, SettingsDecrypter decrypter) {
    this.configurator = configurator;
    this.decrypter = decrypter;
  }

  @Override
  public final void setLog(Log log) {
    this.log = PlainLog.of(log);
  }

  @Override
  public final Log getLog() {
    return Objects.requireNonNull(log, "Maven sets it before it runs a goal");
  }

  @Override
  public final void execute() throws MojoFailureException {
    BuildSession build = BuildSession.of(session, getLog());
    UnknownParameters.warnings(session, execution.getMojoDescriptor().getPluginDescriptor())
        .forEach(build::warnOnce);
    try {
      run(build);
    } catch (DeployException e) {
      getLog().debug(e);
      // No cause: Maven would print its message too, and ours says it all.
      throw new MojoFailureException(e.getMessage() + "\n" + e.hint());
    } finally {
      if (isReported()) {
        build.writeReport();
      }
    }
  }

  /** Whether {@code deploy.json} reports this goal. */
  boolean isReported() {
    return true;
  }

  /** What the goal does. */
  abstract void run(BuildSession build);

  /**
   * The steps that it takes until the module's service is good, each with its parameters; empty
   * when it takes no part.
   */
  abstract List<Parameters> steps(MavenProject module);

  /** The reactor's root. */
  final MavenProject root() {
    return Reactor.root(session);
  }

  /** The modules of the reactor. */
  final Modules modules() {
    return new Modules(session, execution, configurator, decrypter);
  }

  /** Reads a module's tarball and warns when it looks stale; the Pi is not asked. */
  Candidate candidate(Parameters parameters, BuildSession build) {
    build.expectToConnect();
    StaleTarball.cacheWarning(session, execution).ifPresent(build::warnOnce);
    MavenProject module = parameters.project;
    Jib.requireTarball(module, parameters.imageTar);
    Candidate candidate =
        Candidate.read(
            parameters.spec(root()), () -> parameters.stack(root()), Reactor.reports(module));
    if (module.getVersion() != null && !module.getVersion().equals(root().getVersion())) {
      build.noteVersion(candidate.service(), module.getVersion());
    }
    StaleTarball.warning(module, candidate)
        .ifPresent(text -> reporter(parameters, build).report(new Event.Warning(text)));
    return candidate;
  }

  /** Where there are several Pis, each has a directory of its own for logs. */
  static Candidate at(Candidate candidate, TargetStack target, BuildSession build) {
    return new Candidate(at(candidate.spec(), target, build), candidate.tarball());
  }

  /** The same without a tarball. */
  static ServiceSpec at(ServiceSpec spec, TargetStack target, BuildSession build) {
    return build
        .name(target)
        .map(name -> name.replaceAll("[^A-Za-z0-9.-]", "_"))
        .map(name -> spec.logFile().resolveSibling(name).resolve(spec.logFile().getFileName()))
        .map(spec::withLogFile)
        .orElse(spec);
  }

  /** Hears what happens on the module's Pi, where it goes to only one. */
  final Reporter reporter(Parameters module, BuildSession build) {
    if (!build.isForSeveral()) {
      return build.reporter();
    }
    List<TargetStack> targets = modules().targets(module);
    return targets.size() == 1 ? build.reporter(targets.get(0)) : build.reporter();
  }

  /**
   * The deployer for one of a module's Pis.
   *
   * @param wanted what is wanted of the stack that it names
   */
  final Deployer deployer(
      Parameters module, TargetStack target, UnaryOperator<Stack> wanted, BuildSession build) {
    return build.deployer(
        target.with(wanted.apply(target.stack())),
        module.deploySettings(root()),
        modules()::services,
        build.reporter(target));
  }

  /**
   * Checks what comes before a module's service on Pis to which the service does not go.
   *
   * @param candidate of the module
   * @throws DeployException when something there is not good or cannot be seen, unless that is
   *     allowed
   */
  final void checkElsewhere(
      MavenProject module, Candidate candidate, ReactorOrder order, BuildSession build) {
    for (ReactorOrder.Elsewhere there : order.elsewhere(module)) {
      Predecessors before = there.predecessors();
      try {
        deployer(there.settings(), there.target(), UnaryOperator.identity(), build)
            .check(candidate, before);
      } catch (DeployException e) {
        if (e.hint().contains("rpi.requirePredecessors")) {
          throw e;
        }
        String problem =
            "The predecessors of "
                + candidate.service()
                + " on "
                + there.target().name()
                + " ("
                + String.join(", ", before.running())
                + ") cannot be seen: "
                + e.getMessage();
        if (before.required()) {
          build.reporter().report(new Event.Failed(candidate.service(), problem));
          throw new DeployException(
              problem, e.hint() + "\nOr go on anyway: -Drpi.requirePredecessors=false", e);
        }
        build.warnOnce(problem);
      }
    }
  }

  /**
   * Refuses {@code rpi.nodes}, for a node that has no image cannot run a service.
   *
   * @throws DeployException when it names nodes
   */
  final void requireAllNodes(MavenProject module) {
    List<String> nodes = modules().chosenNodes(module);
    if (!nodes.isEmpty()) {
      throw new DeployException(
          "rpi.nodes names "
              + String.join(", ", nodes)
              + ", but only rpi:ship by itself can leave nodes out: each one on which "
              + module.getArtifactId()
              + " may run must have its image before the swarm replaces it",
          "The Pi was not contacted. Remove rpi.nodes; or bring images to these nodes alone, and"
              + " replace nothing: mvn rpi:ship -Drpi.nodes="
              + String.join(",", nodes));
    }
  }

  /**
   * Where each module goes, which the build knows from then on.
   *
   * @throws DeployException when a host or directory is missing or wrong, or two modules deploy the
   *     same service to the same place
   */
  final Map<Parameters, List<TargetStack>> targets(List<Parameters> modules, BuildSession build) {
    Map<Parameters, List<TargetStack>> targets = new LinkedHashMap<>();
    modules.forEach(module -> targets.put(module, modules().targets(module)));
    Participants.requireDistinctServices(targets);
    build.deploysTo(targets.values().stream().flatMap(List::stream));
    return targets;
  }

  /**
   * All Pis that modules go to, connected to side by side; without those that cannot be reached,
   * where that is allowed.
   *
   * @param targets where each goes, in the order of the services
   * @param wanted what is wanted of the stacks that they name
   */
  final ConnectedTargets connect(
      Map<Parameters, List<TargetStack>> targets, UnaryOperator<Stack> wanted, BuildSession build) {
    Map<TargetStack, List<Parameters>> byTarget = new LinkedHashMap<>();
    targets.values().stream()
        .flatMap(List::stream)
        .sorted(TargetStack.order())
        .forEach(target -> byTarget.put(target, new ArrayList<>()));
    targets.forEach(
        (module, all) ->
            all.forEach(
                target -> byTarget.computeIfAbsent(target, any -> new ArrayList<>()).add(module)));
    return ConnectedTargets.of(
        byTarget,
        (module, target) -> deployer(module, target, wanted, build),
        targets.keySet().iterator().next(),
        build);
  }

  /** Whether there is neither a project nor a named directory, so that no stack is meant. */
  boolean namesNoStack(Parameters parameters) {
    return root().getBasedir() == null && parameters.directory == null;
  }
}
