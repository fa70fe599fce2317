package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.TargetList;
import io.github.rpideploy.deploy.ship.Candidate;
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
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
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
    Candidate candidate = Candidate.read(spec(parameters, build));
    build.compression(parameters.layerCache(root())).start(candidate);
    MavenProject module = parameters.project;
    if (module.getVersion() != null && !module.getVersion().equals(root().getVersion())) {
      build.noteVersion(candidate.service(), module.getVersion());
    }
    StaleTarball.warning(module, candidate)
        .ifPresent(text -> reporter(parameters, build).report(new Event.Warning(text)));
    return candidate;
  }

  /** Where there are several Pis, each has a directory of its own for logs. */
  private ServiceSpec spec(Parameters parameters, BuildSession build) {
    ServiceSpec spec = parameters.spec(root());
    return name(parameters, build)
        .map(name -> name.replaceAll("[^A-Za-z0-9.-]", "_"))
        .map(name -> spec.logFile().resolveSibling(name).resolve(spec.logFile().getFileName()))
        .map(spec::withLogFile)
        .orElse(spec);
  }

  private Optional<String> name(Parameters module, BuildSession build) {
    return build.isForSeveral() ? build.name(modules().target(module)) : Optional.empty();
  }

  /** Hears what happens on the module's Pi. */
  final Reporter reporter(Parameters module, BuildSession build) {
    return build.isForSeveral() ? build.reporter(modules().target(module)) : build.reporter();
  }

  /**
   * The deployer for a module's Pi.
   *
   * @param wanted what is wanted of the stack that it names
   */
  Deployer deployer(Parameters module, UnaryOperator<Stack> wanted, BuildSession build) {
    return deployer(module, modules().target(module), wanted, build);
  }

  /** The same for one whose target is known. */
  final Deployer deployer(
      Parameters module, Target target, UnaryOperator<Stack> wanted, BuildSession build) {
    return build.deployer(
        new Target(target.ssh(), wanted.apply(target.stack())),
        module.deploySettings(root()),
        modules()::services,
        build.reporter(target));
  }

  /**
   * All Pis that modules go to, connected to.
   *
   * @param targets where each goes, in the order of the services
   */
  TargetList targets(Map<Parameters, Target> targets, BuildSession build) {
    Map<Target, List<Parameters>> byTarget = new TreeMap<>(Target.order());
    targets.forEach(
        (module, target) -> byTarget.computeIfAbsent(target, any -> new ArrayList<>()).add(module));
    Map<Deployer, List<String>> services = new LinkedHashMap<>();
    byTarget.forEach(
        (target, modules) ->
            services.put(
                deployer(modules, module -> target, UnaryOperator.identity(), build),
                modules.stream().map(Parameters::serviceName).toList()));
    return new TargetList(services);
  }

  /**
   * The deployer for the one Pi of several modules.
   *
   * @param wanted what is wanted of the stack that they name
   * @throws DeployException when there is none; each module has failed then
   */
  Deployer deployer(List<Parameters> modules, UnaryOperator<Stack> wanted, BuildSession build) {
    return deployer(modules, modules()::target, wanted, build);
  }

  private Deployer deployer(
      List<Parameters> modules,
      Function<Parameters, Target> target,
      UnaryOperator<Stack> wanted,
      BuildSession build) {
    try {
      // Each is asked for, so that settings of the others that are ignored are told.
      return modules.stream()
          .map(module -> deployer(module, target.apply(module), wanted, build))
          .toList()
          .get(0);
    } catch (DeployException e) {
      modules.forEach(
          module ->
              reporter(module, build)
                  .report(new Event.Failed(module.serviceName(), e.getMessage())));
      throw name(modules.get(0), build)
          .map(name -> new DeployException(name + ": " + e.getMessage(), e.hint(), e))
          .orElse(e);
    }
  }

  /** Whether there is neither a project nor a named directory, so that no stack is meant. */
  boolean namesNoStack(Parameters parameters) {
    return root().getBasedir() == null && parameters.directory == null;
  }
}
