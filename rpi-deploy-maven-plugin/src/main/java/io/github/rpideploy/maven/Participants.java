package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.maven.project.MavenProject;

/** The modules of a reactor whose services a goal is about that runs once for all of them. */
final class Participants {

  private Participants() {}

  /** All that take part, in the reactor's order; the others are reported. */
  static List<Parameters> of(RpiMojo mojo, Reporter reporter) {
    List<Parameters> participants = new ArrayList<>();
    for (MavenProject module : mojo.session.getProjects()) {
      Parameters parameters = mojo.parametersOf(module);
      Optional<String> skipped = Reactor.skipped(parameters);
      if (skipped.isPresent()) {
        reporter.report(new Event.Skipped(module.getArtifactId(), skipped.get()));
      } else {
        participants.add(parameters);
      }
    }
    return participants;
  }

  /**
   * The same for a goal that needs no tarball: where {@code -Drpi.service} names a service it is
   * about that one, as the module has it that deploys it.
   */
  static List<Parameters> chosen(RpiMojo mojo) {
    List<Parameters> all = of(mojo, event -> {});
    String asked = mojo.session.getUserProperties().getProperty("rpi.service");
    if (asked == null || all.isEmpty()) {
      return all;
    }
    return List.of(
        all.stream().filter(module -> isOwn(module, asked)).findFirst().orElse(all.get(0)));
  }

  private static boolean isOwn(Parameters module, String service) {
    String said = module.project.getProperties().getProperty("rpi.service");
    return module.serviceName().equals(service)
        && service.equals(said == null ? module.project.getArtifactId() : said);
  }

  /**
   * @throws DeployException when two modules deploy one service, or they go to several Pis
   */
  static void requireOneStack(RpiMojo mojo, List<Parameters> modules) {
    requireDistinctServices(modules);
    requireOneTarget(mojo, modules);
  }

  private static void requireDistinctServices(List<Parameters> modules) {
    Map<String, String> moduleOf = new HashMap<>();
    for (Parameters module : modules) {
      String other = moduleOf.put(module.serviceName(), module.project.getArtifactId());
      if (other != null) {
        throw new DeployException(
            "Modules "
                + other
                + " and "
                + module.project.getArtifactId()
                + " both deploy service "
                + module.serviceName(),
            "Give each its own <properties><rpi.service>…</rpi.service></properties>; -Drpi.service"
                + " goes with one module only: -pl "
                + other);
      }
    }
  }

  private static void requireOneTarget(RpiMojo mojo, List<Parameters> modules) {
    Parameters first = modules.get(0);
    for (Parameters module : modules) {
      if (!mojo.haveOneTarget(first, module)) {
        throw new DeployException(
            "Modules "
                + first.project.getArtifactId()
                + " and "
                + module.project.getArtifactId()
                + " go to different Pis or directories; one "
                + mojo.execution.getMojoDescriptor().getFullGoalName()
                + " goes to one",
            "Call it for each target apart: -pl " + module.project.getArtifactId());
      }
    }
  }
}
