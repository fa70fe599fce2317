package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.others.OtherServices;
import io.github.rpideploy.deploy.others.Starter;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.ship.Holdings;
import io.github.rpideploy.deploy.ship.Release;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.docker.ComposeAnswer;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.Engine;
import io.github.rpideploy.docker.EngineContents;
import io.github.rpideploy.docker.HeldLock;
import io.github.rpideploy.docker.ProbeResult;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.docker.file.PortClash;
import io.github.rpideploy.report.Event;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the probe found on the Pi, for as long as that is up to date. */
final class ProbedStack {

  private final StackContext context;
  private final ComposeAnswer compose;
  private final List<String> unsettled;
  private final OtherServices others;
  private final Rollouts rollouts;
  private @Nullable ComposeFile composeFile;

  /** Only the first ship may use it: later the Engine holds something else. */
  private @Nullable EngineContents contents;

  /**
   * @param wanted what is done with services that no module deploys
   * @param lock the deploy lock, which is held when one of them is started
   * @param pause how to wait for them
   */
  ProbedStack(
      StackContext context,
      ProbeResult found,
      Others wanted,
      Supplier<HeldLock> lock,
      Pause pause) {
    this.context = context;
    Starter starter = new Starter(context, wanted.timeout(), lock, found.compose()::read, pause);
    this.others = new OtherServices(context, wanted, found, starter);
    this.compose = found.compose();
    this.contents = found.contents();
    this.unsettled = found.unsettled();
    this.rollouts = new Rollouts(compose::read, found.available(), context.reporter());
  }

  /** Reports which Engine is there. */
  void reportEngine() {
    Docker docker = context.docker();
    Engine engine = docker.engine();
    context
        .reporter()
        .report(
            new Event.EngineFound(
                context.host().name(),
                context.directory().path(),
                engine.version(),
                engine.store(),
                engine.architecture(),
                docker.composeVersion()));
  }

  /** The services that no module deploys. */
  OtherServices others() {
    return others;
  }

  /** Decides which services get their new containers beside the old ones. */
  Rollouts rollouts() {
    return rollouts;
  }

  /** What compose made of the compose file. */
  ComposeAnswer compose() {
    return compose;
  }

  /**
   * The compose file for a deploy.
   *
   * @throws DeployException when compose refuses it or the directory cannot be written
   */
  ComposeFile composeFile() {
    ComposeFile read = composeFile;
    if (read == null) {
      read = compose.readForDeploy();
      context.directory().requireNoConflict();
      composeFile = read;
    }
    return read;
  }

  /** A deploy would not begin with what it was asked for. */
  void warnOfUnsettled() {
    if (!unsettled.isEmpty()) {
      context
          .reporter()
          .report(
              new Event.Warning(
                  "The last deploy ended before it had verified "
                      + String.join(", ", unsettled)
                      + ": a deploy lets that go back to the last verified release first"));
    }
  }

  /** A deploy of one of these would fail, or another service of the file could not run. */
  void warnOfClashes(List<ServiceSpec> services, ComposeFile file) {
    List<String> names = services.stream().map(ServiceSpec::service).toList();
    file.portClashes().stream()
        .filter(clash -> names.contains(clash.one()) || names.contains(clash.other()))
        .map(clash -> clash.described() + ". " + PortClash.FIX)
        .forEach(text -> context.reporter().report(new Event.Warning(text)));
  }

  /** What the Engine holds now. */
  Holdings holdings() {
    EngineContents found = contents == null ? context.docker().images().contents() : contents;
    contents = null;
    return Holdings.of(context.docker().engine(), found);
  }

  /** Another deploy has changed the Pi since the probe. */
  void outdate() {
    contents = null;
    context.directory().outdate();
    others.outdate();
  }

  /** The candidate's place in the compose file for a deploy. */
  Release release(Candidate candidate) {
    return release(candidate, composeFile());
  }

  /**
   * The candidate's place in a compose file.
   *
   * @throws DeployException when it has none, or cannot be rolled out as the user wants
   */
  Release release(Candidate candidate, ComposeFile file) {
    Release release =
        Release.of(candidate, file, context.directory().described(), context.host().hostName());
    rollouts.isRolledOut(release.shipped());
    return release;
  }
}
