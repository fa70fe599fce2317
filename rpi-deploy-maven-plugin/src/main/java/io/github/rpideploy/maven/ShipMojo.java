package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.TargetList;
import io.github.rpideploy.deploy.ship.Candidate;
import java.util.List;
import javax.inject.Inject;
import javax.inject.Named;
import org.apache.maven.lifecycle.LifecycleExecutor;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/**
 * Sends the module's image to the Pi under its release tag, and proves that it is usable there.
 * Nothing live is touched: the running service and its tag stay as they are.
 *
 * <ul>
 *   <li>Example: {@code mvn package rpi:ship}
 * </ul>
 *
 * @since 0.1.0
 */
@Mojo(name = "ship", defaultPhase = LifecyclePhase.DEPLOY, threadSafe = true)
public final class ShipMojo extends ModuleMojo {

  /** Called by Maven. */
  @Inject
  public ShipMojo(
      @Named("basic") ComponentConfigurator configurator,
      SettingsDecrypter decrypter,
      LifecycleExecutor lifecycle) {
    super(configurator, decrypter, lifecycle);
  }

  /** Nothing live is touched, so it may be shipped at any time. */
  @Override
  boolean isInOrder() {
    return false;
  }

  @Override
  void step(Deployer deployer, Candidate candidate) {
    deployer.ship(List.of(candidate), modules().chosenNodes(project));
  }

  @Override
  void step(TargetList targets, TargetList.Service service, ReactorOrder order) {
    targets.ship(service, modules().chosenNodes(project));
  }
}
