package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.report.Event;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.lifecycle.LifecycleExecutor;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/** A goal that works on the module that Maven is at. */
abstract class ModuleMojo extends RpiMojo {

  private static final Set<String> IN_ORDER = Set.of("recreate", "verify");

  private final LifecycleExecutor lifecycle;

  /**
   * @param lifecycle Maven's own, to know what this build does with other modules
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
    Optional<String> skipped = Participants.skipped(this);
    if (skipped.isPresent()) {
      build.reporter().report(new Event.Skipped(project.getArtifactId(), skipped.get()));
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

  /** What can fail before the deployer, which reports its own failures, has the service. */
  private Runnable prepare(BuildSession build, Deferrals deferrals) {
    try {
      Candidate candidate = candidate(this, build);
      Deployer deployer = deployer(this, UnaryOperator.identity(), build);
      Runnable step = () -> step(deployer, candidate);
      return () -> {
        if (changesTheService()) {
          deployer.check(candidate, deferrals.reactor().predecessors(project));
        }
        if (isInOrder()) {
          deferrals.take(new Deferrals.Goal(project, execution, serviceName()), step);
        } else {
          step.run();
        }
      };
    } catch (DeployException e) {
      build.reporter().report(new Event.Failed(serviceName(), e.getMessage()));
      throw e;
    }
  }

  private Stream<String> laterServices(Deferrals deferrals) {
    List<MavenProject> modules = session.getProjects();
    return modules.subList(modules.indexOf(project) + 1, modules.size()).stream()
        .filter(later -> !deferrals.isTouched(later))
        .flatMap(this::readable)
        .filter(later -> Participants.skipped(later).isEmpty())
        .map(Parameters::serviceName);
  }

  /** Whether the goal has to come after others; until then it is deferred. */
  boolean isInOrder() {
    return true;
  }

  /** Whether the goal changes the service, or prepares it. */
  boolean changesTheService() {
    return true;
  }

  /** How often the goals that are in order come for a module, from the command line or its POM. */
  @Override
  final int steps(MavenProject module) {
    MavenSession moduleSession = session.clone();
    moduleSession.setCurrentProject(module);
    try {
      return (int)
          lifecycle
              .calculateExecutionPlan(moduleSession, false, tasks())
              .getMojoExecutions()
              .stream()
              .filter(
                  other ->
                      other.getGroupId().equals(execution.getGroupId())
                          && other.getArtifactId().equals(execution.getArtifactId())
                          && IN_ORDER.contains(other.getGoal()))
              .count();
    } catch (Exception e) {
      if (!session.getProjects().contains(module)) {
        // Its plugins may be nowhere to be had; then it is taken to be deployed by other builds.
        return 1;
      }
      // A dozen kinds of exceptions, none of which a build has that came as far as this.
      throw new DeployException(
          "Maven does not say what this build does with module "
              + module.getArtifactId()
              + ": "
              + e.getMessage(),
          "Run it with -X, and report it please",
          e);
    }
  }

  private String[] tasks() {
    List<String> goals = session.getGoals();
    String byDefault = session.getTopLevelProject().getDefaultGoal();
    return goals.isEmpty() && byDefault != null
        ? byDefault.strip().split("\\s+")
        : goals.toArray(String[]::new);
  }

  /** None when they cannot be read: it is not the failure that is being told of. */
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
}
