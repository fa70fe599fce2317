package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.TargetList;
import io.github.rpideploy.deploy.ship.Candidate;
import javax.inject.Inject;
import javax.inject.Named;
import org.apache.maven.lifecycle.LifecycleExecutor;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/**
 * Proves that the module's service is good: its container runs the image that was built, stays
 * running, is healthy, and passes the smoke tests. Otherwise its log is shown and the build fails;
 * what this build has replaced goes back, as {@code rpi.rollback} says.
 *
 * <ul>
 *   <li>Example: {@code mvn rpi:verify -pl auth-server}
 * </ul>
 *
 * @since 0.1.0
 */
@Mojo(name = "verify", defaultPhase = LifecyclePhase.DEPLOY, threadSafe = true)
public final class VerifyMojo extends ModuleMojo {

  /** Called by Maven. */
  @Inject
  public VerifyMojo(
      @Named("basic") ComponentConfigurator configurator,
      SettingsDecrypter decrypter,
      LifecycleExecutor lifecycle) {
    super(configurator, decrypter, lifecycle);
  }

  @Override
  boolean changesTheService() {
    return false;
  }

  @Override
  void step(Deployer deployer, Candidate candidate) {
    deployer.verify(candidate);
  }

  @Override
  void step(TargetList targets, TargetList.Service service, ReactorOrder order) {
    targets.verify(service);
  }
}
