package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.docker.Inventory;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.report.Event;
import java.util.ArrayList;
import java.util.List;

/** Lets services run earlier releases that are still on the Pi, because the user asks for it. */
final class ReleaseRollback {

  private final StackContext context;
  private final LockedDeploy locked;
  private final Replacer replacer;
  private final Steps steps;

  ReleaseRollback(StackContext context, LockedDeploy locked, Replacer replacer, Steps steps) {
    this.context = context;
    this.locked = locked;
    this.replacer = replacer;
    this.steps = steps;
  }

  /**
   * Finds all the releases first, then replaces and verifies one service after the other.
   *
   * @param services in the order in which they are deployed; the last one goes back first
   * @param to how many verified releases to go back, or a release tag
   * @param file what compose makes of the compose file on the Pi
   * @throws DeployException as for {@link Deployer#rollBack}
   */
  void run(List<ServiceSpec> services, String to, ComposeFile file) {
    Inventory inventory = context.docker().inventory(context.directory().path(), "");
    RollbackTarget rollbackTarget =
        new RollbackTarget(History.parse(inventory.history()), inventory, context.host().name());
    List<ShippedRelease> releases = new ArrayList<>();
    for (ServiceSpec spec : services) {
      releases.add(0, rollbackTarget.release(spec, file, context, to));
    }
    steps.inOrder(releases, ShippedRelease::service, this::replace);
  }

  private void replace(ShippedRelease release) {
    String service = release.service();
    locked.enter(release);
    context.reporter().report(new Event.RollingBack(service, release.tag().familiar()));
    steps.runLive(service, () -> replacer.replace(release));
    steps.runLive(service, () -> replacer.verify(release));
  }
}
