package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.maven.parameters.Servers;
import io.github.rpideploy.maven.parameters.TargetParameters;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluationException;
import org.jspecify.annotations.Nullable;

/** The modules of a reactor and what each of them configures, as one goal of the build sees it. */
final class Modules {

  private final MavenSession session;
  private final MojoExecution execution;
  private final ComponentConfigurator configurator;
  private final SettingsDecrypter decrypter;

  /**
   * @param execution the run of the goal
   * @param configurator Maven's own, to read the parameters of other modules
   * @param decrypter Maven's own, for the servers of settings.xml
   */
  Modules(
      MavenSession session,
      MojoExecution execution,
      ComponentConfigurator configurator,
      SettingsDecrypter decrypter) {
    this.session = session;
    this.execution = execution;
    this.configurator = configurator;
    this.decrypter = decrypter;
  }

  /** The reactor's root. */
  MavenProject root() {
    return Reactor.root(session);
  }

  /** Those that this build builds, in the reactor's order. */
  List<MavenProject> built() {
    return session.getProjects();
  }

  /** All of the reactor in its order, also those that this build leaves out. */
  List<MavenProject> all() {
    return Reactor.sorted(session);
  }

  /** The parameters of any module of the reactor. */
  Parameters parametersOf(MavenProject module) {
    return parametersOf(module, ModuleParameters.Whose.NAMED);
  }

  /** The same, but {@code -Drpi.service} does not give its name to a module's service. */
  Parameters parametersOf(MavenProject module, ModuleParameters.Whose whose) {
    return ModuleParameters.of(session, module, execution, configurator, whose);
  }

  /** Those of an execution in its POM, or of a goal that the command line runs there. */
  Parameters parametersOf(MavenProject module, String executionId) {
    return ModuleParameters.of(session, module, execution, configurator, executionId);
  }

  /**
   * The services that the modules of the reactor deploy, also those that this build leaves out; of
   * one whose parameters cannot be read, the name that it has by default.
   */
  Set<String> services() {
    Set<String> services = new HashSet<>();
    for (MavenProject module : all()) {
      try {
        // A library may be called as a service of the compose file is.
        Stream.of(ModuleParameters.Whose.OWN, ModuleParameters.Whose.NAMED)
            .map(whose -> parametersOf(module, whose))
            .filter(Participants::isService)
            .forEach(parameters -> services.add(parameters.serviceName()));
      } catch (DeployException e) {
        services.add(module.getArtifactId());
      }
    }
    return services;
  }

  /** The value of a property as Maven finds it for the parameters of a module's plugins. */
  @Nullable String property(MavenProject module, String name) {
    MavenSession moduleSession = session.clone();
    moduleSession.setCurrentProject(module);
    try {
      Object value =
          new PluginParameterExpressionEvaluator(moduleSession, execution)
              .evaluate("${" + name + "}");
      return value == null ? null : value.toString();
    } catch (ExpressionEvaluationException e) {
      // Only of expressions about files and artifacts.
      throw new IllegalStateException(e);
    }
  }

  /** What settings.xml says. */
  Servers servers() {
    return new Servers(session, decrypter);
  }

  /**
   * Where a module goes, in the order in which it is deployed there.
   *
   * @throws DeployException when a host or directory is missing or wrong
   */
  List<TargetStack> targets(Parameters module) {
    // Who names a host on the command line means that one.
    List<TargetParameters> chosen =
        session.getUserProperties().containsKey("rpi.host")
            ? List.of()
            : module.targets(property(module.project, "rpi.targets"));
    return chosen.isEmpty()
        ? List.of(
            new TargetStack(
                module.ssh(root(), servers()), module.stack(root()), module.nodes(root())))
        : chosen.stream().map(at -> target(module, at)).toList();
  }

  private TargetStack target(Parameters module, TargetParameters at) {
    return new TargetStack(
        Objects.requireNonNull(at.name()),
        module.ssh(root(), servers(), at),
        module.stack(root(), at),
        module.nodes(root()));
  }

  /** The nodes that {@code rpi.nodes} names; empty for all on which services may run. */
  List<String> chosenNodes(MavenProject module) {
    return TargetsParameters.names(property(module, "rpi.nodes"));
  }

  /** The value of {@code -Drpi.service}, which names one service for the whole build. */
  @Nullable String chosenService() {
    return session.getUserProperties().getProperty("rpi.service");
  }

  /** The goal as it is called on the command line. */
  String goal() {
    return execution.getMojoDescriptor().getFullGoalName();
  }
}
