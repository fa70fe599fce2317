package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.Dial;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.report.Reporter;
import java.time.InstantSource;
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
 * @param dial connects to the nodes of the swarm that the Pi manages
 */
public record BuildContext(
    LockRequest lockRequest,
    Others others,
    Supplier<Origin> origin,
    LayerCompression compression,
    Reporter reporter,
    InstantSource clock,
    Pause pause,
    Dial dial) {

  /** One from which no other node can be reached. */
  public BuildContext(
      LockRequest lockRequest,
      Others others,
      Supplier<Origin> origin,
      LayerCompression compression,
      Reporter reporter,
      InstantSource clock,
      Pause pause) {
    this(lockRequest, others, origin, compression, reporter, clock, pause, Dial.NOWHERE);
  }
}
