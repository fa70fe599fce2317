package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.look.LogQuery;
import io.github.rpideploy.maven.console.LogPrinter;
import java.util.List;
import javax.inject.Inject;
import javax.inject.Named;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;
import org.jspecify.annotations.Nullable;

/**
 * Shows the logs of the services on the Pi, each line with its service before it, as compose does.
 * The values of variables of the containers' environment that look like secrets are not shown, but
 * the variable's name instead: {@code [DATABASE_PASSWORD]}.
 *
 * <p>{@code -Drpi.service=auth-server} shows that one only. It runs without a project too: {@code
 * mvn io.github.rpideploy:rpi-deploy-maven-plugin:logs -Drpi.host=raspberrypi.local
 * -Drpi.directory=rpi/my-services}. With {@code mvn -q} nothing but logs is printed.
 *
 * @since 0.1.0
 */
@Mojo(name = "logs", aggregator = true, requiresProject = false, threadSafe = true)
public final class LogsMojo extends ReadOnlyMojo {

  /**
   * Goes on with what is logged from now on, until it is interrupted or all containers have ended.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.follow", defaultValue = "false")
  boolean follow;

  /**
   * How many of the last lines of each log are shown, or {@code all}.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.tail", defaultValue = "100")
  String tail;

  /**
   * Shows what was logged since then only: a duration before now ({@code 10m}, {@code 2h}) or a
   * time ({@code 2026-11-25T10:00:00Z}). By default from the beginning.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.since")
  @Nullable String since;

  /** Called by Maven. */
  @Inject
  public LogsMojo(@Named("basic") ComponentConfigurator configurator, SettingsDecrypter decrypter) {
    super(configurator, decrypter);
  }

  @Override
  void validate() {
    query();
  }

  @Override
  void look(Deployer deployer, List<String> services) {
    boolean colours = LogPrinter.isColourful(session.getRequest(), System.getenv());
    deployer.view().logs(services, query(), new LogPrinter(System.out, colours));
  }

  private LogQuery query() {
    return new LogQuery(follow, tail, since);
  }
}
