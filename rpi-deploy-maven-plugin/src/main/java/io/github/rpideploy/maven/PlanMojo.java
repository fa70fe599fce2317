package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.TargetList;
import java.util.List;
import javax.inject.Inject;
import javax.inject.Named;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/**
 * Shows what {@code rpi:deploy} would do now, and changes nothing on the Pi: which layers of each
 * service would be sent, how many bytes go over the wire and about how many onto the Pi's disk,
 * which files beside the compose file would be sent, what would be recreated, in which order and
 * why.
 *
 * <p>Run it as you would run the deploy, or without a phase for the image tarballs that are already
 * there.
 *
 * <ul>
 *   <li>Example: {@code mvn verify rpi:plan}
 * </ul>
 *
 * @since 0.1.0
 */
@Mojo(name = "plan", aggregator = true, threadSafe = true)
public final class PlanMojo extends ReactorMojo {

  /** Called by Maven. */
  @Inject
  public PlanMojo(@Named("basic") ComponentConfigurator configurator, SettingsDecrypter decrypter) {
    super(configurator, decrypter);
  }

  @Override
  void work(TargetList targets, List<List<TargetList.Placed>> services) {
    targets.plan(services);
  }

  /** {@code deploy.json} stays as the last deploy left it. */
  @Override
  boolean isReported() {
    return false;
  }

  @Override
  String withEarlierBuild() {
    return "plan with";
  }

  @Override
  String insteadOfBinding() {
    return "Remove the execution, and run: mvn verify rpi:plan";
  }
}
