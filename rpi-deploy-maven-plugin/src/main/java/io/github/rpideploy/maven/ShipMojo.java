package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.Candidate;
import io.github.rpideploy.deploy.Deployer;
import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Brings the module's image to the Pi under its release tag and proves that it is usable there.
 *
 * <p>Nothing live is touched: the running service and its tag stay as they are.
 *
 * @since 0.1.0
 */
@Mojo(name = "ship", defaultPhase = LifecyclePhase.DEPLOY, threadSafe = true)
public final class ShipMojo extends ModuleMojo {

  @Override
  void step(Deployer deployer, Candidate candidate) {
    deployer.ship(List.of(candidate));
  }
}
