package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.spec.Stack;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    Parameters first = modules.isEmpty() ? this : modules.get(0);
    if (namesNoStack(first)) {
      throw new DeployException(
          "There is no Maven project here, and no compose project on the Pi is named",
          "Name its directory on the Pi: -Drpi.directory=rpi/my-services");
    }
    String asked = modules().chosenService();
    if (asked != null && modules.size() > 1) {
      Participants.requireOnePlaceFor(asked, modules(), modules);
    }
    ConnectedTargets connected =
        connect(targets(modules.isEmpty() ? List.of(this) : modules, build), Stack::asItIs, build);
    Map<String, Deployer> pis = new LinkedHashMap<>();
    connected
        .deployers()
        .forEach((target, deployer) -> pis.put(build.name(target).orElse(""), deployer));
    look(pis, asked == null ? List.of() : List.of(asked));
    connected.requireAll(first);
  }

  /**
   * Checks the goal's own parameters before the Pi is contacted.
   *
   * @throws DeployException when one of them is not valid
   */
  abstract void validate();

  /**
   * @param pis by name; a single one has an empty name
   * @param services those to show; empty means all of the compose file
   */
  abstract void look(Map<String, Deployer> pis, List<String> services);

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
