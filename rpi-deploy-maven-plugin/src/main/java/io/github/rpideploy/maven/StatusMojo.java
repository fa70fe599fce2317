package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.PlainText;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.look.ServiceStatus;
import io.github.rpideploy.deploy.look.StackView;
import io.github.rpideploy.maven.console.StatusTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import javax.inject.Named;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/**
 * Shows what runs on the Pi. For every service of the compose file: state, health, release, version
 * and commit, since when, restarts and memory. Below it: how it differs from what the last deploy
 * left, files that were changed on the Pi included, and the earlier releases that {@code
 * rpi:rollback} can go back to, the newest first. Nothing is changed, and no image tarball is
 * needed.
 *
 * <p>Version and commit come from the image's labels {@code org.opencontainers.image.version} and
 * {@code org.opencontainers.image.revision}, else from the history of deploys. {@code rpi.service}
 * shows one service only. Without a project, name the directory on the Pi with {@code
 * rpi.directory}.
 *
 * <ul>
 *   <li>Example: {@code mvn rpi:status}, or without a project {@code mvn
 *       io.github.rpideploy:rpi-deploy-maven-plugin:status -Drpi.host=raspberrypi.local
 *       -Drpi.directory=rpi/my-services}
 * </ul>
 *
 * @since 0.1.0
 */
@Mojo(name = "status", aggregator = true, requiresProject = false, threadSafe = true)
public final class StatusMojo extends ReadOnlyMojo {

  /**
   * How the status is printed. {@code json} is one JSON array on standard output, with an object
   * for each container of a service; with {@code mvn -q} nothing else is printed.
   *
   * <ul>
   *   <li>Value: {@code table} or {@code json}
   *   <li>Example: {@code mvn -q rpi:status -Drpi.output=json}
   * </ul>
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

  /** That of a deploy; none where it cannot be told, which is no reason not to look. */
  private List<String> order() {
    try {
      return new ReactorOrder(modules(), module -> List.of(modules().parametersOf(module)))
          .sorted(Participants.of(modules(), event -> {})).stream()
              .map(Parameters::serviceName)
              .toList();
    } catch (DeployException e) {
      return List.of();
    }
  }

  @Override
  void look(Map<String, Deployer> pis, List<String> services) {
    List<String> order = order();
    List<ServiceStatus> found = new ArrayList<>();
    List<String> drift = new ArrayList<>();
    pis.forEach(
        (pi, deployer) -> {
          StackView view = deployer.view();
          view.status(services, order).stream()
              .map(status -> pi.isEmpty() ? status : status.on(pi))
              .forEach(found::add);
          String where = pi.isEmpty() ? "drift: " : "drift on " + pi + ": ";
          view.drift().stream().map(PlainText::line).map(where::concat).forEach(drift::add);
        });
    if (output.equals("json")) {
      System.out.println(StatusTable.json(found));
    } else {
      StatusTable.lines(found, Instant.now()).forEach(getLog()::info);
      drift.forEach(getLog()::info);
    }
  }
}
