package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.maven.model.Plugin;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.xml.Xpp3Dom;

/** The modules that take part in a goal that runs once for the whole reactor. */
final class Participants {

  private static final String JIB = "com.google.cloud.tools:jib-maven-plugin";

  private Participants() {}

  /** Why a module takes no part, empty when it does. */
  static Optional<String> skipped(Parameters parameters) {
    MavenProject module = parameters.project;
    if (parameters.skip) {
      return Optional.of("rpi.skip");
    }
    if (module.getPackaging().equals("pom")) {
      return Optional.of("packaging pom");
    }
    if (parameters.service != null) {
      return Optional.empty();
    }
    List<Plugin> plugins = module.getBuildPlugins();
    Optional<Plugin> jib = plugins.stream().filter(p -> p.getKey().equals(JIB)).findFirst();
    if (jib.isEmpty()) {
      return Optional.of("no jib-maven-plugin in its build and no rpi.service configured");
    }
    return skipsJib(module, jib.get()) ? Optional.of("jib.skip") : Optional.empty();
  }

  private static boolean skipsJib(MavenProject module, Plugin jib) {
    Xpp3Dom skip =
        jib.getConfiguration() instanceof Xpp3Dom configuration
            ? configuration.getChild("skip")
            : null;
    String configured =
        skip == null ? module.getProperties().getProperty("jib.skip") : skip.getValue();
    return Boolean.parseBoolean(configured);
  }

  /** All that take part, in the reactor's order; the others are reported. */
  static List<Parameters> of(Modules modules, Reporter reporter) {
    List<Parameters> participants = new ArrayList<>();
    for (MavenProject module : modules.built()) {
      Parameters parameters = modules.parametersOf(module);
      Optional<String> skipped = skipped(parameters);
      if (skipped.isPresent()) {
        reporter.report(new Event.Skipped(module.getArtifactId(), skipped.get()));
      } else {
        participants.add(parameters);
      }
    }
    return participants;
  }

  /**
   * The same for a goal that needs no tarball: {@code -Drpi.service} chooses the module that
   * deploys that service.
   */
  static List<Parameters> chosen(Modules modules) {
    List<Parameters> all = of(modules, event -> {});
    String asked = modules.chosenService();
    if (asked == null || all.isEmpty()) {
      return all;
    }
    return List.of(
        all.stream().filter(module -> isOwn(module, asked)).findFirst().orElse(all.get(0)));
  }

  private static boolean isOwn(Parameters module, String service) {
    String configured = module.project.getProperties().getProperty("rpi.service");
    return module.serviceName().equals(service)
        && service.equals(configured == null ? module.project.getArtifactId() : configured);
  }

  /**
   * @throws DeployException when two modules deploy the same service, or to different Pis or
   *     directories
   */
  static void requireOneStack(Modules modules, List<Parameters> participants) {
    requireDistinctServices(participants);
    requireOneTarget(modules, participants);
  }

  private static void requireDistinctServices(List<Parameters> participants) {
    Map<String, String> moduleOf = new HashMap<>();
    for (Parameters module : participants) {
      String other = moduleOf.put(module.serviceName(), module.project.getArtifactId());
      if (other != null) {
        throw new DeployException(
            "Modules "
                + other
                + " and "
                + module.project.getArtifactId()
                + " both deploy service "
                + module.serviceName(),
            "Give each its own <properties><rpi.service>…</rpi.service></properties>; use"
                + " -Drpi.service with one module only: -pl "
                + other);
      }
    }
  }

  private static void requireOneTarget(Modules modules, List<Parameters> participants) {
    Parameters first = participants.get(0);
    Target target = modules.target(first);
    for (Parameters module : participants) {
      if (!modules.target(module).equals(target)) {
        throw new DeployException(
            "Modules "
                + first.project.getArtifactId()
                + " and "
                + module.project.getArtifactId()
                + " deploy to different Pis or directories, but one "
                + modules.goal()
                + " works on one",
            "Run it once for each of them: -pl " + module.project.getArtifactId());
      }
    }
  }
}
