package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.TargetList;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.maven.TargetsParameters.Unreachable;
import io.github.rpideploy.report.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.lifecycle.LifecycleExecutor;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/** A goal that works on the current module. */
abstract class ModuleMojo extends RpiMojo {

  private static final Set<String> IN_ORDER = Set.of("recreate", "verify");

  private final LifecycleExecutor lifecycle;

  /**
   * @param lifecycle Maven's own, to know what this build runs for other modules
   */
  ModuleMojo(
      ComponentConfigurator configurator,
      SettingsDecrypter decrypter,
      LifecycleExecutor lifecycle) {
    super(configurator, decrypter);
    this.lifecycle = lifecycle;
  }

  @Override
  final void run(BuildSession build) {
    Optional<String> skipped = Participants.skipped(modules(), this);
    if (skipped.isPresent()) {
      build.reporter().report(new Event.Skipped(project.getArtifactId(), skipped.get()));
      if (build.isFirstToAsk("whether any module is a service")) {
        Participants.requireThatNoneIsWanted(modules());
      }
      return;
    }
    Deferrals deferrals = build.deferrals(() -> new ReactorOrder(modules(), this::steps));
    try {
      prepare(build, deferrals).run();
    } catch (DeployException e) {
      laterServices(deferrals)
          .map(later -> new Event.NotDeployed(later, serviceName() + " failed before it"))
          .forEach(build.reporter()::report);
      throw e;
    }
  }

  /** Everything that can fail before the deployer takes over, which reports its own failures. */
  private Runnable prepare(BuildSession build, Deferrals deferrals) {
    try {
      if (deferrals.reactor().steps(project) > 0) {
        requireAllNodes(project);
      }
      Candidate read = candidate(this, build);
      require(read, deferrals.reactor());
      List<TargetStack> own = modules().targets(this);
      boolean mayBeLeft = build.isForSeveral() && unreachable() != Unreachable.FAIL;
      return own.size() == 1 && !mayBeLeft
          ? onOne(read, own.get(0), build, deferrals)
          : onSeveral(read, own, build, deferrals);
    } catch (DeployException e) {
      reporter(this, build).report(new Event.Failed(serviceName(), e.getMessage()));
      throw e;
    }
  }

  private Runnable onOne(
      Candidate read, TargetStack target, BuildSession build, Deferrals deferrals) {
    Candidate candidate = at(read, target, build);
    Deployer deployer = deployer(this, target, UnaryOperator.identity(), build);
    return () -> {
      if (changesTheService()) {
        if (build.isForSeveral()) {
          targets(build, deferrals).list().lock();
        }
        deployer.check(candidate, deferrals.reactor().predecessors(project, target));
        checkElsewhere(project, candidate, deferrals.reactor(), build);
      }
      inOrder(deferrals, () -> step(deployer, candidate, build, deferrals));
    };
  }

  private Runnable onSeveral(
      Candidate read, List<TargetStack> own, BuildSession build, Deferrals deferrals) {
    return () -> {
      // Its failure is reported there, for each service.
      ConnectedTargets connected = targets(build, deferrals);
      connected.failureOf(own, this).ifPresent(failure -> deferrals.failAtEnd(goal(), failure));
      if (changesTheService()) {
        connected.list().lock();
      }
      List<TargetList.Placed> placed = new ArrayList<>();
      for (TargetStack target : own) {
        connected
            .deployer(target)
            .ifPresent(
                there -> {
                  Candidate candidate = at(read, target, build);
                  placed.add(new TargetList.Placed(there, candidate));
                  if (changesTheService()) {
                    there.check(candidate, deferrals.reactor().predecessors(project, target));
                  }
                });
      }
      if (changesTheService()) {
        checkElsewhere(project, read, deferrals.reactor(), build);
      }
      inOrder(
          deferrals,
          () -> {
            if (!placed.isEmpty()) {
              step(
                  connected.list(),
                  new TargetList.Service(project.getArtifactId(), placed),
                  deferrals.reactor());
            } else if (build.isFirstToAsk("whether a Pi is left for " + project.getArtifactId())) {
              ConnectedTargets.reportLeft(this, build);
            }
          });
    };
  }

  private void inOrder(Deferrals deferrals, Runnable step) {
    if (isInOrder()) {
      deferrals.take(goal(), step);
    } else {
      step.run();
    }
  }

  private Deferrals.Goal goal() {
    return new Deferrals.Goal(project, execution, serviceName());
  }

  /** Where it is one of several Pis, what was replaced on the others may have to go back too. */
  private void step(
      Deployer deployer, Candidate candidate, BuildSession build, Deferrals deferrals) {
    try {
      step(deployer, candidate);
    } catch (DeployException e) {
      throw build.isForSeveral()
          ? targets(build, deferrals).list().after(e, deployer, candidate)
          : e;
    }
  }

  private ConnectedTargets targets(BuildSession build, Deferrals deferrals) {
    return build.targets(
        () -> {
          Map<Parameters, List<TargetStack>> targets = deferrals.reactor().targets();
          Participants.requireDistinctServices(targets);
          return connect(targets, UnaryOperator.identity(), build);
        });
  }

  private Stream<String> laterServices(Deferrals deferrals) {
    List<MavenProject> modules = session.getProjects();
    return modules.subList(modules.indexOf(project) + 1, modules.size()).stream()
        .filter(later -> !deferrals.isTouched(later))
        .flatMap(this::readable)
        .filter(later -> Participants.skipped(modules(), later).isEmpty())
        .map(Parameters::serviceName);
  }

  /** Whether the goal must wait for other services; until then it is deferred. */
  boolean isInOrder() {
    return true;
  }

  /**
   * Refuses what this build cannot do, before the Pi is contacted.
   *
   * @throws DeployException when it cannot
   */
  void require(Candidate candidate, ReactorOrder order) {
    // Most goals can do all.
  }

  /** Whether the goal changes the service or prepares a change. */
  boolean changesTheService() {
    return true;
  }

  /** The goals that are in order and that a module runs, from the command line and its POM. */
  @Override
  final List<Parameters> steps(MavenProject module) {
    List<MojoExecution> plan;
    MavenSession moduleSession = session.clone();
    moduleSession.setCurrentProject(module);
    try {
      plan = lifecycle.calculateExecutionPlan(moduleSession, false, tasks()).getMojoExecutions();
    } catch (Exception e) {
      if (!session.getProjects().contains(module)) {
        // Its plugins may not be available; then other builds are assumed to deploy it.
        return List.of(modules().parametersOf(module));
      }
      // A dozen kinds of exceptions; none of them can occur in a build that has come this far.
      throw new DeployException(
          "Maven cannot tell which goals this build runs for module "
              + module.getArtifactId()
              + ": "
              + e.getMessage(),
          "Run the build with -X, and please report this",
          e);
    }
    return plan.stream()
        .filter(
            other ->
                other.getGroupId().equals(execution.getGroupId())
                    && other.getArtifactId().equals(execution.getArtifactId())
                    && IN_ORDER.contains(other.getGoal()))
        .map(other -> modules().parametersOf(module, other.getExecutionId()))
        .toList();
  }

  private String[] tasks() {
    List<String> goals = session.getGoals();
    String byDefault = session.getTopLevelProject().getDefaultGoal();
    return goals.isEmpty() && byDefault != null
        ? byDefault.strip().split("\\s+")
        : goals.toArray(String[]::new);
  }

  /** Empty when they cannot be read: another failure is being reported already. */
  private Stream<Parameters> readable(MavenProject module) {
    try {
      return Stream.of(modules().parametersOf(module));
    } catch (DeployException e) {
      return Stream.empty();
    }
  }

  /**
   * What the goal does with the module's service.
   *
   * @throws DeployException when it fails
   */
  abstract void step(Deployer deployer, Candidate candidate);

  /**
   * What the goal does with a service that goes to several Pis.
   *
   * @throws DeployException when it fails on one of them
   */
  abstract void step(TargetList targets, TargetList.Service service, ReactorOrder order);
}
