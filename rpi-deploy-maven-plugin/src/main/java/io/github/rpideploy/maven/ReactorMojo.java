package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.TargetList;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.report.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/** A goal that runs once, from the command line, for all services of the reactor. */
abstract class ReactorMojo extends RpiMojo {

  ReactorMojo(ComponentConfigurator configurator, SettingsDecrypter decrypter) {
    super(configurator, decrypter);
  }

  @Override
  final void run(BuildSession build) {
    if (session.getResult().hasExceptions()) {
      throw new DeployException(
          "A module of this build has failed, so nothing is deployed",
          "Fix it first; the Pi was not contacted");
    }
    List<Parameters> modules = Participants.of(modules(), build.reporter());
    if (modules.isEmpty()) {
      Participants.requireThatNoneIsWanted(modules());
      build
          .reporter()
          .report(new Event.Warning("No module of this build is a service; nothing to do"));
      return;
    }
    requireCommandLine();
    modules.forEach(module -> requireAllNodes(module.project));
    ReactorOrder order = new ReactorOrder(modules(), this::steps);
    List<Parameters> sorted = order.sorted(modules);
    Map<Parameters, List<TargetStack>> targets = targets(sorted, build);
    Map<Parameters, Candidate> candidates = candidates(sorted, build);
    Parameters settings = sorted.get(0);
    ConnectedTargets connected = connect(targets, UnaryOperator.identity(), build);
    connected
        .deployers()
        .values()
        .forEach(
            deployer ->
                allOrNothing(
                    sorted, "the compose file cannot be used", build, deployer::checkComposeFile));
    List<List<TargetList.Placed>> services = new ArrayList<>();
    targets.forEach(
        (module, all) -> {
          List<TargetList.Placed> placed = new ArrayList<>();
          for (TargetStack target : all) {
            Candidate candidate = at(Objects.requireNonNull(candidates.get(module)), target, build);
            connected
                .deployer(target)
                .ifPresent(
                    deployer -> {
                      placed.add(new TargetList.Placed(deployer, candidate));
                      allOrNothing(
                          sorted,
                          module,
                          build,
                          () ->
                              deployer.check(
                                  candidate, order.predecessors(module.project, target)));
                    });
          }
          if (placed.isEmpty()) {
            ConnectedTargets.reportLeft(module, build);
          }
          allOrNothing(
              sorted,
              module,
              build,
              () ->
                  checkElsewhere(
                      module.project,
                      Objects.requireNonNull(candidates.get(module)),
                      order,
                      build));
          services.add(placed);
        });
    work(connected.list(), services);
    connected.requireAll(settings);
  }

  /** Bound to a phase, it would run before other modules are built, or before the image is. */
  private void requireCommandLine() {
    if (execution.getSource() == MojoExecution.Source.CLI) {
      return;
    }
    String phase = execution.getLifecyclePhase();
    throw new DeployException(
        modules().goal()
            + (phase == null ? " is run" : " is bound to phase " + phase)
            + " in the POM of "
            + project.getArtifactId()
            + " (execution "
            + execution.getExecutionId()
            + "), where it would "
            + withEarlierBuild()
            + " what an earlier build has left: it works on all modules, and Maven runs it when it"
            + " builds this one",
        "The Pi was not contacted. " + insteadOfBinding());
  }

  /** When one of them fails in the preparation, none is deployed. */
  private void allOrNothing(
      List<Parameters> all, Parameters module, BuildSession build, Runnable preparation) {
    List<Parameters> others = all.stream().filter(other -> other != module).toList();
    allOrNothing(others, module.serviceName() + " failed", build, preparation);
  }

  private void allOrNothing(
      List<Parameters> services, String reason, BuildSession build, Runnable preparation) {
    try {
      preparation.run();
    } catch (DeployException e) {
      for (Parameters service : services) {
        reporter(service, build).report(new Event.NotDeployed(service.serviceName(), reason));
      }
      throw e;
    }
  }

  /** One goal does it all. */
  @Override
  final List<Parameters> steps(MavenProject module) {
    return List.of(modules().parametersOf(module));
  }

  /**
   * What the goal does.
   *
   * @param services each after those that come before it, with the Pis it goes to
   * @throws DeployException when it fails
   */
  abstract void work(TargetList targets, List<List<TargetList.Placed>> services);

  /** What the goal does with images, to be followed by those of an earlier build. */
  abstract String withEarlierBuild();

  /** What to do instead of binding the goal to a phase. */
  abstract String insteadOfBinding();

  /** All tarballs are read before the Pi is contacted, each once for all Pis. */
  private Map<Parameters, Candidate> candidates(List<Parameters> modules, BuildSession build) {
    Map<Parameters, Candidate> candidates = new LinkedHashMap<>();
    for (Parameters module : modules) {
      allOrNothing(modules, module, build, () -> candidates.put(module, read(module, build)));
    }
    return candidates;
  }

  private Candidate read(Parameters module, BuildSession build) {
    try {
      return candidate(module, build);
    } catch (DeployException e) {
      reporter(module, build).report(new Event.Failed(module.serviceName(), e.getMessage()));
      throw e;
    }
  }
}
