package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.TargetList;
import java.util.List;
import javax.inject.Inject;
import javax.inject.Named;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/**
 * Deploys all services of the reactor: ships their images in one stream, then recreates and
 * verifies one service after the other in the reactor's order. It stops at the first service that
 * fails.
 *
 * <p>Run it from the command line, after the phase that builds the images. It refuses to run bound
 * to a lifecycle phase, where it would come before the other modules are built. To deploy with
 * {@code mvn deploy}, bind {@code ship}, {@code recreate} and {@code verify}.
 *
 * <ul>
 *   <li>Example: {@code mvn verify rpi:deploy}
 * </ul>
 *
 * @since 0.1.0
 */
@Mojo(name = "deploy", aggregator = true, threadSafe = true)
public final class DeployMojo extends ReactorMojo {

  /** Called by Maven. */
  @Inject
  public DeployMojo(
      @Named("basic") ComponentConfigurator configurator, SettingsDecrypter decrypter) {
    super(configurator, decrypter);
  }

  @Override
  void work(TargetList targets, List<List<TargetList.Placed>> services) {
    targets.deploy(services);
  }

  @Override
  String withEarlierBuild() {
    return "deploy";
  }

  @Override
  String insteadOfBinding() {
    return """
        For mvn deploy, bind these goals instead, in the parent POM or in each service:
        <execution>
          <phase>deploy</phase>
          <goals>
            <goal>ship</goal>
            <goal>recreate</goal>
            <goal>verify</goal>
          </goals>
        </execution>
        Or remove the execution, and deploy with: mvn verify rpi:deploy""";
  }
}
