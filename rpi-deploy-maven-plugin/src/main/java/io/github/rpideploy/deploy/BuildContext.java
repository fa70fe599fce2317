package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Reporter;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a build hands to the deployer of each Pi.
 *
 * @param lockRequest for the deploy lock, which is taken before the first change
 * @param others what it does with services that no module deploys
 * @param origin what the history on the Pi says about the build; asked only when something was done
 * @param compression makes layers smaller before they are sent
 * @param reporter hears what happens
 * @param clock tells how long it takes
 * @param pause how to wait
 * @param dial connects to the SSH server at an address, through the Pi: another node of its swarm
 */
public record BuildContext(
    LockRequest lockRequest,
    Others others,
    Supplier<Origin> origin,
    LayerCompression compression,
    Reporter reporter,
    InstantSource clock,
    Pause pause,
    Function<String, RemoteHost> dial) {

  /** One from which no other node can be reached. */
  public BuildContext(
      LockRequest lockRequest,
      Others others,
      Supplier<Origin> origin,
      LayerCompression compression,
      Reporter reporter,
      InstantSource clock,
      Pause pause) {
    this(
        lockRequest,
        others,
        origin,
        compression,
        reporter,
        clock,
        pause,
        address -> {
          throw new DeployException("There is no way to " + address, "Deploy with Maven");
        });
  }
}
