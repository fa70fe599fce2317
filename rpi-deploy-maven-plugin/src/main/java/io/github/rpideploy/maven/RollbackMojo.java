package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.maven.ModuleParameters.Whose;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.inject.Inject;
import javax.inject.Named;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/**
 * Makes services run an earlier release that is still on the Pi, and verifies each one as after a
 * deploy. Nothing is built or sent, and the compose file on the Pi stays as it is.
 *
 * <p>By default every service of the reactor goes back to the release before, the last service
 * first. {@code rpi.service} chooses one service, {@code rpi.to} an older or a certain release. A
 * service of a module passes the smoke tests of its module. Any other one of the compose file has
 * only those of the command line, besides the state and the health check of its container. {@code
 * mvn rpi:status} shows the releases that are there; {@code rpi.keep} sets how many stay.
 *
 * <p>Run it again without {@code rpi.to} and it goes forward again, to the release that ran before
 * the rollback, if that one was verified.
 *
 * <ul>
 *   <li>Example: {@code mvn rpi:rollback -Drpi.service=auth-server}
 * </ul>
 *
 * @since 0.1.0
 */
@Mojo(name = "rollback", aggregator = true, threadSafe = true)
public final class RollbackMojo extends RpiMojo {

  /**
   * The release to go back to. A number counts verified releases in the history on the Pi: {@code
   * 1} is the one before the current one. A release tag names a certain release, with or without
   * the image's name. It need not have been verified.
   *
   * <ul>
   *   <li>Value: a number of releases, or a release tag
   *   <li>Example: {@code mvn rpi:rollback -Drpi.to=rpi-3f9c2a1b77d0}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.to", defaultValue = "1")
  String to;

  /** Called by Maven. */
  @Inject
  public RollbackMojo(
      @Named("basic") ComponentConfigurator configurator, SettingsDecrypter decrypter) {
    super(configurator, decrypter);
  }

  @Override
  void run(BuildSession build) {
    Map<Parameters, List<TargetStack>> targets = targets(services(build.reporter()), build);
    targets.keySet().forEach(module -> requireAllNodes(module.project));
    ConnectedTargets connected = connect(targets, Stack::asItIs, build);
    Parameters settings = targets.keySet().iterator().next();
    Map<Deployer, List<ServiceSpec>> services = new LinkedHashMap<>();
    for (TargetStack target : inOrder(targets)) {
      connected
          .deployer(target)
          .ifPresent(
              deployer ->
                  services.put(
                      deployer,
                      connected.servicesOn(target).stream()
                          .map(service -> at(service.spec(root()), target, build))
                          .toList()));
    }
    connected.list().rollBack(services, to);
    connected.requireAll(settings);
  }

  /** One Pi after the other; where services are on different ones, that of the last one first. */
  private static Set<TargetStack> inOrder(Map<Parameters, List<TargetStack>> targets) {
    List<List<TargetStack>> services = new ArrayList<>(targets.values());
    if (services.stream().distinct().count() > 1) {
      Collections.reverse(services);
    }
    return services.stream()
        .flatMap(List::stream)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Those that go back, each after those that come before it. */
  List<Parameters> services(Reporter reporter) {
    List<Parameters> modules = Participants.chosen(modules());
    if (modules.isEmpty()) {
      throw new DeployException(
          "No module of this build is a service; nothing can go back",
          "Run it at the root of the reactor, without jib.skip and rpi.skip; the Pi was not"
              + " contacted");
    }
    String asked = modules().chosenService();
    if (asked != null && !modules.get(0).serviceName().equals(asked)) {
      Participants.requireOnePlaceFor(asked, modules(), modules);
      return List.of(stranger(modules.get(0).project, asked, reporter));
    }
    return modules.size() == 1 ? modules : new ReactorOrder(modules(), this::steps).sorted(modules);
  }

  /** A service that no module deploys, beside one that a module does. */
  private Parameters stranger(MavenProject beside, String service, Reporter reporter) {
    Parameters stranger = modules().parametersOf(beside, Whose.STRANGER);
    if (stranger.smoke().tests().isEmpty()) {
      reporter.report(
          new Event.Warning(
              "No module of this reactor deploys service "
                  + service
                  + ", so the state and the health check of its container decide whether it is"
                  + " good. For a smoke test, add one: -Drpi.smokePath=/health"));
    }
    return stranger;
  }

  @Override
  List<Parameters> steps(MavenProject module) {
    return List.of(modules().parametersOf(module));
  }
}
