package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.spec.Stack;
import java.util.List;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/** A goal that shows what is on the Pi, with or without a project, and changes nothing. */
abstract class ReadOnlyMojo extends RpiMojo {

  ReadOnlyMojo(ComponentConfigurator configurator, SettingsDecrypter decrypter) {
    super(configurator, decrypter);
  }

  @Override
  final void run(BuildSession build) {
    validate();
    List<Parameters> modules = Participants.chosen(modules());
    if (modules.size() > 1) {
      Participants.requireOneStack(modules(), modules);
    }
    Parameters first = modules.isEmpty() ? this : modules.get(0);
    if (namesNoStack(first)) {
      throw new DeployException(
          "There is no Maven project here, and no compose project on the Pi is named",
          "Name its directory on the Pi: -Drpi.directory=rpi/my-services");
    }
    Deployer deployer = deployer(first, Stack::asItIs, build);
    String asked = modules().chosenService();
    look(deployer, asked == null ? List.of() : List.of(asked));
  }

  /**
   * Checks the goal's own parameters before the Pi is contacted.
   *
   * @throws DeployException when one of them is not valid
   */
  abstract void validate();

  /**
   * @param services those to show; empty means all of the compose file
   */
  abstract void look(Deployer deployer, List<String> services);

  @Override
  List<Parameters> steps(MavenProject module) {
    return List.of();
  }

  /** {@code deploy.json} stays as the last deploy left it. */
  @Override
  boolean isReported() {
    return false;
  }
}
