package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.look.LogQuery;
import io.github.rpideploy.maven.console.LogPrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.inject.Inject;
import javax.inject.Named;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;
import org.jspecify.annotations.Nullable;

/**
 * Shows the logs of the services on the Pi. Each line begins with its service, as in compose.
 * Values of environment variables that look like secrets are replaced by the name of the variable:
 * {@code [DATABASE_PASSWORD]}. With {@code mvn -q} nothing but logs is printed.
 *
 * <p>{@code rpi.service} shows one service only. Without a project, name the directory on the Pi
 * with {@code rpi.directory}.
 *
 * <ul>
 *   <li>Example: {@code mvn rpi:logs -Drpi.follow}, or without a project {@code mvn
 *       io.github.rpideploy:rpi-deploy-maven-plugin:logs -Drpi.host=raspberrypi.local
 *       -Drpi.directory=rpi/my-services}
 * </ul>
 *
 * @since 0.1.0
 */
@Mojo(name = "logs", aggregator = true, requiresProject = false, threadSafe = true)
public final class LogsMojo extends ReadOnlyMojo {

  /**
   * Keeps printing new log lines until it is interrupted or all containers have ended.
   *
   * <ul>
   *   <li>Example: {@code mvn rpi:logs -Drpi.follow}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.follow", defaultValue = "false")
  boolean follow;

  /**
   * How many of the last lines of each log are shown.
   *
   * <ul>
   *   <li>Value: a number of lines, or {@code all}
   *   <li>Example: {@code mvn rpi:logs -Drpi.tail=all}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.tail", defaultValue = "100")
  String tail;

  /**
   * Shows only what was logged since then.
   *
   * <ul>
   *   <li>Value: a duration before now ({@code 10m}, {@code 2h}) or a time ({@code
   *       2026-11-25T10:00:00Z})
   *   <li>Default: none: the whole log
   *   <li>Example: {@code mvn rpi:logs -Drpi.since=10m}
   * </ul>
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
  void look(Map<String, Deployer> pis, List<String> services) {
    boolean colours = LogPrinter.isColourful(session.getRequest(), System.getenv());
    LogPrinter printer = new LogPrinter(System.out, colours);
    if (!follow || pis.size() == 1) {
      pis.forEach((pi, deployer) -> deployer.view().logs(services, query(), printer.of(pi)));
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(pis.size());
    List<CompletableFuture<Void>> followed = new ArrayList<>();
    pis.forEach(
        (pi, deployer) ->
            followed.add(
                CompletableFuture.runAsync(
                    () -> deployer.view().logs(services, query(), printer.of(pi)), threads)));
    try {
      CompletableFuture.allOf(followed.toArray(CompletableFuture[]::new)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof DeployException failure
          ? failure
          : new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private LogQuery query() {
    return new LogQuery(follow, tail, since);
  }
}
