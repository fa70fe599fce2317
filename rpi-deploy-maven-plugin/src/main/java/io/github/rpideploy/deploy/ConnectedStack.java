package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.history.HistoryRecorder;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.stack.ComposeOrchestrator;
import io.github.rpideploy.deploy.stack.LocalStack;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.deploy.stack.SteadyHost;
import io.github.rpideploy.deploy.swarm.SwarmOrchestrator;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.docker.ProbeResult;
import io.github.rpideploy.remote.RemoteHost;

/**
 * A stack that was just looked at. Here alone it is decided what replaces its services.
 *
 * @param found what the Pi has told
 * @param recorder what happens goes through it, for the history
 * @param others what is done with services that no module deploys: a swarm has them already
 */
record ConnectedStack(
    StackContext context, ProbeResult found, HistoryRecorder recorder, Others others) {

  /**
   * Probes the Pi in one round trip; nothing is changed.
   *
   * @throws DeployException as {@link Deployer#connect}
   */
  static ConnectedStack of(RemoteHost host, Stack stack, BuildContext build) {
    SteadyHost steady = new SteadyHost(host);
    LocalStack local = LocalStack.of(stack);
    ProbeResult found = Probe.of(steady, stack.directory(), local.given(), stack.sudo());
    HistoryRecorder recorder = new HistoryRecorder(build.reporter());
    ComposeDirectory directory = local.directory(steady, found, recorder);
    return new ConnectedStack(
        new StackContext(
            steady,
            found.docker(),
            directory,
            stack.swarm()
                ? SwarmOrchestrator.of(
                    steady,
                    found.docker(),
                    directory,
                    found.compose(),
                    build.dial(),
                    stack.sudo(),
                    recorder)
                : new ComposeOrchestrator(steady, found.docker(), directory),
            recorder,
            build.clock()),
        found,
        recorder,
        stack.swarm() ? build.others().left() : build.others());
  }
}
