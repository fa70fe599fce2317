package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.look.ServiceStatus;
import io.github.rpideploy.maven.console.StatusTable;
import java.time.Instant;
import java.util.List;
import javax.inject.Inject;
import javax.inject.Named;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/**
 * Says what runs on the Pi: for every service of its compose file the state, the health, the
 * release and what that was built from (by the image's labels {@code
 * org.opencontainers.image.version} and {@code .revision}, or else by the history of deploys),
 * since when, restarts and memory, where that is other than what the last deploy has left, and the
 * earlier releases that {@code rpi:rollback} can go back to, the one before first. Nothing is
 * changed, and no image tarball is needed.
 *
 * <p>{@code -Drpi.service=auth-server} shows that one only. It runs without a project too: {@code
 * mvn io.github.rpideploy:rpi-deploy-maven-plugin:status -Drpi.host=raspberrypi.local
 * -Drpi.directory=rpi/my-services}.
 *
 * @since 0.1.0
 */
@Mojo(name = "status", aggregator = true, requiresProject = false, threadSafe = true)
public final class StatusMojo extends ReadOnlyMojo {

  /**
   * {@code table}, or {@code json}: one JSON array on standard output, an object for each container
   * of a service; with {@code mvn -q} nothing else is printed.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.output", defaultValue = "table")
  String output;

  /** Called by Maven. */
  @Inject
  public StatusMojo(
      @Named("basic") ComponentConfigurator configurator, SettingsDecrypter decrypter) {
    super(configurator, decrypter);
  }

  @Override
  void validate() {
    if (!output.equals("table") && !output.equals("json")) {
      throw new DeployException(
          "Parameter output is " + output + ", but only table and json exist",
          "Remove it to see a table");
    }
  }

  @Override
  void look(Deployer deployer, List<String> services) {
    List<ServiceStatus> found = deployer.view().status(services);
    if (output.equals("json")) {
      System.out.println(StatusTable.json(found));
    } else {
      StatusTable.lines(found, Instant.now()).forEach(getLog()::info);
    }
  }
}
