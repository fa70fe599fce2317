package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.maven.ModuleParameters.Whose;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.project.MavenProject;

/** The modules that take part in a goal that runs once for the whole reactor. */
final class Participants {

  private static final String TARBALL_WITHOUT_SERVICE =
      "rpi.imageTar configured, but no rpi.service that names its service";

  /** So many modules fit into a message. */
  private static final int MOST_MODULES = 10;

  private Participants() {}

  /** Why a module takes no part, empty when it does. */
  static Optional<String> skipped(Modules modules, Parameters parameters) {
    MavenProject module = parameters.project;
    if (parameters.skip) {
      return Optional.of("rpi.skip");
    }
    if (module.getPackaging().equals("pom")) {
      return Optional.of("packaging pom");
    }
    boolean jibSkips = Jib.isSkipped(module, modules.property(module, "jib.skip"));
    if (parameters.service != null) {
      // Another builder may have made the tarball, but not where Jib leaves its own.
      return jibSkips && Jib.writes(module, parameters.imageTar)
          ? Optional.of("jib.skip")
          : Optional.empty();
    }
    if (Jib.isOnlyManaged(module)) {
      return Optional.of(
          "jib-maven-plugin is only in <pluginManagement>, not in <build><plugins>, and no"
              + " rpi.service configured");
    }
    if (!Jib.isInBuild(module) && !Jib.writes(module, parameters.imageTar)) {
      return Optional.of(TARBALL_WITHOUT_SERVICE);
    }
    if (!Jib.isInBuild(module)) {
      return Optional.of("no jib-maven-plugin in its build and no rpi.service configured");
    }
    return jibSkips ? Optional.of("jib.skip") : Optional.empty();
  }

  /** All that take part, in the reactor's order; the others are reported. */
  static List<Parameters> of(Modules modules, Reporter reporter) {
    List<Parameters> participants = new ArrayList<>();
    for (MavenProject module : modules.built()) {
      Parameters parameters = modules.parametersOf(module);
      Optional<String> skipped = skipped(modules, parameters);
      if (skipped.isPresent()) {
        reporter.report(new Event.Skipped(module.getArtifactId(), skipped.get()));
      } else {
        participants.add(parameters);
      }
    }
    return participants;
  }

  /**
   * Where no module of the reactor takes part, somebody must have wanted that: with {@code
   * rpi.skip} or {@code jib.skip}, or by building a part of the reactor only.
   *
   * @throws DeployException when nobody has, so that a success would be taken for a deploy
   */
  static void requireThatNoneIsWanted(Modules modules) {
    boolean wanted =
        modules.all().stream().anyMatch(module -> mayBeService(modules, module))
            || modules.built().stream().allMatch(module -> modules.parametersOf(module).skip);
    if (wanted) {
      return;
    }
    List<String> reasons =
        modules.built().stream()
            .map(module -> module.getArtifactId() + ": " + whyNot(modules, module))
            .toList();
    String failure =
        "No module of this build is a service, so nothing was deployed:\n  "
            + reasons.stream().limit(MOST_MODULES).collect(Collectors.joining("\n  "))
            + (reasons.size() > MOST_MODULES
                ? "\n  and " + (reasons.size() - MOST_MODULES) + " more"
                : "");
    if (modules.built().stream().anyMatch(Jib::isOnlyManaged)) {
      throw Jib.onlyManaged(failure);
    }
    String service = "<rpi.service>auth-server</rpi.service>";
    String name = "<properties>" + service + "</properties>";
    if (reasons.stream().anyMatch(reason -> reason.endsWith(TARBALL_WITHOUT_SERVICE))) {
      throw new DeployException(
          failure, "The Pi was not contacted. Name the service in the module's POM: " + name);
    }
    throw new DeployException(
        failure,
        "The Pi was not contacted. Add jib-maven-plugin to <build><plugins> of each module that is"
            + " a service, or, if something else makes its image tarball, name both there: "
            + "<properties>"
            + service
            + "<rpi.imageTar>target/image.tar</rpi.imageTar></properties>. If nothing is to be deployed: -Drpi.skip=true");
  }

  /** One whose parameters cannot be read may be one: its own goal fails with that. */
  private static boolean mayBeService(Modules modules, MavenProject module) {
    try {
      return isService(modules.parametersOf(module));
    } catch (DeployException e) {
      return true;
    }
  }

  private static String whyNot(Modules modules, MavenProject module) {
    return skipped(modules, modules.parametersOf(module)).orElse("");
  }

  /** Whether it is one, skipped or not. */
  static boolean isService(Parameters module) {
    return !module.project.getPackaging().equals("pom")
        && (Jib.isInBuild(module.project) || module.service != null);
  }

  /**
   * The same for a goal that needs no tarball: {@code -Drpi.service} chooses the module that
   * deploys that service, even one that this build leaves out. Where none does, all remain: they
   * say where the service runs, but none of them says how it is tested.
   */
  static List<Parameters> chosen(Modules modules) {
    List<Parameters> named = of(modules, event -> {});
    String asked = modules.chosenService();
    if (asked == null) {
      return named;
    }
    List<Parameters> own =
        Stream.of(modules.built(), modules.all())
            .flatMap(List::stream)
            .distinct()
            .map(module -> modules.parametersOf(module, Whose.OWN))
            .filter(Participants::isService)
            .toList();
    Optional<Parameters> itself =
        own.stream().filter(module -> module.serviceName().equals(asked)).findFirst();
    if (itself.isPresent()) {
      return List.of(itself.get());
    }
    List<Parameters> others =
        own.stream()
            .filter(module -> modules.built().contains(module.project))
            .filter(module -> skipped(modules, module).isEmpty())
            .toList();
    // Without any, the command line alone makes a module a service.
    return others.isEmpty() ? named.stream().limit(1).toList() : others;
  }

  /**
   * @throws DeployException when two modules deploy the same service to the same directory on a Pi,
   *     or different compose files
   */
  static void requireDistinctServices(Map<Parameters, List<TargetStack>> targets) {
    Map<TargetStack, Map<String, String>> moduleOf = new HashMap<>();
    Map<TargetStack, String> first = new LinkedHashMap<>();
    targets.forEach(
        (module, all) -> {
          String name = module.project.getArtifactId();
          for (TargetStack target : all) {
            first.putIfAbsent(target, name);
            String other =
                moduleOf
                    .computeIfAbsent(target, any -> new HashMap<>())
                    .put(module.serviceName(), name);
            if (other != null) {
              throw new DeployException(
                  "Modules "
                      + other
                      + " and "
                      + name
                      + " both deploy service "
                      + module.serviceName(),
                  "Give each its own <properties><rpi.service>…</rpi.service></properties>; use"
                      + " -Drpi.service with one module only: -pl "
                      + other);
            }
          }
        });
    TargetStack.requireOneFileEach(first);
  }

  /**
   * @throws DeployException when modules go to different Pis, so that nobody knows on which of them
   *     a service is that no module deploys
   */
  static void requireOnePlaceFor(String service, Modules modules, List<Parameters> participants) {
    Parameters first = participants.get(0);
    for (Parameters module : participants) {
      if (!modules.targets(module).equals(modules.targets(first))) {
        throw new DeployException(
            "Modules "
                + first.project.getArtifactId()
                + " and "
                + module.project.getArtifactId()
                + " deploy to different Pis or directories, and no module deploys "
                + service
                + ", so it is not known where "
                + modules.goal()
                + " finds it",
            "Choose a module that goes where it is: -pl " + module.project.getArtifactId());
      }
    }
  }
}
