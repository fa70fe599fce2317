package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Order;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.maven.execution.BuildFailure;
import org.apache.maven.execution.BuildSummary;
import org.apache.maven.execution.MavenExecutionResult;
import org.apache.maven.lifecycle.LifecycleExecutionException;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.project.MavenProject;

/**
 * Makes the goals of a build run in the order of its services. A goal that Maven runs too early is
 * deferred. When a deferred goal fails or never runs, the build fails at its end.
 */
final class Deferrals {

  /** A goal that runs for a module's service. */
  record Goal(MavenProject project, MojoExecution execution, String service) {}

  private final ReactorOrder reactor;
  private final Order order;
  private final Reporter reporter;
  private final Map<String, Goal> goals = new ConcurrentHashMap<>();
  private final Map<Goal, DeployException> atEnd = new ConcurrentHashMap<>();

  Deferrals(ReactorOrder reactor, Reporter reporter) {
    this.reactor = reactor;
    this.order = new Order(reactor.turns());
    this.reporter = reporter;
  }

  ReactorOrder reactor() {
    return reactor;
  }

  /**
   * Runs the goal's step, or defers it.
   *
   * @throws DeployException of this module's service
   */
  void take(Goal goal, Runnable step) {
    String name = reactor.name(goal.project()).orElse("");
    if (name.isEmpty()) {
      step.run();
      return;
    }
    String service = goal.service();
    goals.put(name, goal);
    order
        .failedBefore(name)
        .map(culprit -> new Event.NotDeployed(service, culprit + " failed before it"))
        .ifPresent(reporter::report);
    order.take(name, step, awaited -> reporter.report(new Event.Deferred(service, awaited)));
  }

  /** The goal goes on, but when the build has ended, its module has failed. */
  void failAtEnd(Goal goal, DeployException failure) {
    atEnd.put(goal, failure);
  }

  /** Whether a goal has already run for the module's service. */
  boolean isTouched(MavenProject module) {
    return reactor.name(module).filter(order::isTouched).isPresent();
  }

  /**
   * Reports at the end of the build what was deferred and has failed or never ran, and fails it;
   * also for what may fail only then.
   */
  void end(MavenExecutionResult result) {
    order.untold().forEach((name, failure) -> fail(result, name, failure));
    order.leftOver().forEach((name, awaited) -> leave(result, name, awaited));
    atEnd.forEach((goal, failure) -> fail(result, goal, failure));
  }

  private void leave(MavenExecutionResult result, String name, List<String> awaited) {
    String reason = String.join(", ", awaited) + " was not verified before it";
    Goal goal = goals.get(name);
    String service = goal == null ? name : goal.service();
    reporter.report(new Event.NotDeployed(service, reason));
    fail(
        result,
        name,
        new DeployException(
            service + " is not deployed: " + reason,
            "Fix and deploy "
                + String.join(", ", awaited)
                + " first. If "
                + service
                + " needs none of them, configure an empty <after/> in its module"));
  }

  private void fail(MavenExecutionResult result, String name, DeployException failure) {
    Goal goal = goals.get(name);
    if (goal != null) {
      fail(result, goal, failure);
    }
  }

  private static void fail(MavenExecutionResult result, Goal goal, DeployException failure) {
    BuildSummary summary = result.getBuildSummary(goal.project());
    if (summary instanceof BuildFailure) {
      return;
    }
    LifecycleExecutionException translated =
        new LifecycleExecutionException(
            goal.execution(),
            goal.project(),
            new MojoFailureException(failure.getMessage() + "\n" + failure.hint()));
    result.addException(translated);
    long time = summary == null ? 0 : summary.getTime();
    result.addBuildSummary(new BuildFailure(goal.project(), time, translated));
  }
}
