package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.TargetList;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Strategy;
import javax.inject.Inject;
import javax.inject.Named;
import org.apache.maven.lifecycle.LifecycleExecutor;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/**
 * Makes the module's service run the release that was shipped: points the live tag at it, and has
 * compose replace the container of this one service. A service that already runs it and is good
 * stays unchanged.
 *
 * <ul>
 *   <li>Example: {@code mvn deploy -pl auth-server}, with the goals {@code ship}, {@code recreate}
 *       and {@code verify} in the POM
 * </ul>
 *
 * @since 0.1.0
 */
@Mojo(name = "recreate", defaultPhase = LifecyclePhase.DEPLOY, threadSafe = true)
public final class RecreateMojo extends ModuleMojo {

  /** Called by Maven. */
  @Inject
  public RecreateMojo(
      @Named("basic") ComponentConfigurator configurator,
      SettingsDecrypter decrypter,
      LifecycleExecutor lifecycle) {
    super(configurator, decrypter, lifecycle);
  }

  /** The old container goes when the new one is verified, so that has to happen too. */
  @Override
  void require(Candidate candidate, ReactorOrder order) {
    if (candidate.spec().policy().strategy().mode() != Strategy.Mode.RECREATE
        && !isVerified(order)) {
      throw new DeployException(
          candidate.service()
              + " cannot be rolled out by rpi:recreate alone: its old container goes when the new"
              + " one is verified",
          "The Pi was not contacted. Verify it in the same build: mvn rpi:ship rpi:recreate"
              + " rpi:verify; or replace it with a gap: -Drpi.strategy=recreate");
    }
  }

  @Override
  void step(Deployer deployer, Candidate candidate) {
    deployer.recreate(candidate);
  }

  @Override
  void step(TargetList targets, TargetList.Service service, ReactorOrder order) {
    targets.recreate(service, isVerified(order));
  }

  /** Whether this build verifies the service too. Recreate is one of the steps; another is that. */
  private boolean isVerified(ReactorOrder order) {
    return order.steps(project) > 1;
  }
}
