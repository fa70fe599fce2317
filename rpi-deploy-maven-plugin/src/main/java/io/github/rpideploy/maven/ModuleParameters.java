package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.maven.parameters.After;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.ConfigurationContainer;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.model.PluginManagement;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.component.configurator.ComponentConfigurationException;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;
import org.codehaus.plexus.configuration.DefaultPlexusConfiguration;
import org.codehaus.plexus.configuration.PlexusConfiguration;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one module for a goal that runs once for all of them, or that must know what
 * comes before its own module.
 *
 * <p>Maven configures such a goal for a single module only. The others are read here as Maven
 * would: the plugin's configuration in that module's effective POM, dominated by that of its
 * executions, then {@code -D} and properties, then the default.
 */
final class ModuleParameters extends Parameters {

  private static final String SERVICE = "rpi.service";

  /** The goals that deploy a service; what is configured for the first of them dominates. */
  private static final List<String> DEPLOYING = List.of("verify", "recreate", "ship");

  /** What belongs to one service, and is wrong for another: how it is tested, and its name. */
  private static final Set<String> OF_ONE_SERVICE =
      Stream.concat(
              names(SmokeParameters.class).filter(name -> !name.equals("settle")),
              Stream.of("service", "timeout"))
          .collect(Collectors.toUnmodifiableSet());

  /** Whose parameters they are, where the command line has {@code -Drpi.service}. */
  enum Whose {
    /** The module's as Maven has them: it has the service of the command line too. */
    NAMED,
    /** The module's with the service that is its own. */
    OWN,
    /** Those of a service beside the module's that no module deploys. */
    STRANGER
  }

  /** Where the parameters of a module come from. */
  private record Source(
      MavenSession session,
      MavenProject module,
      MojoExecution goal,
      ComponentConfigurator configurator,
      Whose whose) {

    Optional<Plugin> plugin() {
      // In Maven 4 it is null where there is no project.
      PluginManagement management = module.getPluginManagement();
      List<Plugin> managed = management == null ? List.of() : management.getPlugins();
      return Stream.of(module.getBuildPlugins(), managed)
          .flatMap(List::stream)
          .filter(
              plugin ->
                  plugin.getGroupId().equals(goal.getGroupId())
                      && plugin.getArtifactId().equals(goal.getArtifactId()))
          .findFirst();
    }

    List<PluginExecution> executions() {
      return plugin().map(Plugin::getExecutions).orElse(List.of());
    }

    List<PluginExecution> execution(String id) {
      return executions().stream().filter(execution -> execution.getId().equals(id)).toList();
    }

    /** Whether the POM says nothing of it, only the command line. */
    boolean isOnlyGiven(String parameter) {
      return whose == Whose.STRANGER && OF_ONE_SERVICE.contains(parameter);
    }

    /** What stands for a parameter that is not configured; null for nothing at all. */
    @Nullable PlexusConfiguration unconfigured(PlexusConfiguration parameter) {
      if (isOnlyGiven(parameter.getName())) {
        String property = parameter.getValue("").replaceAll("[${}]", "");
        return with(session.getUserProperties().getProperty(property), parameter);
      }
      return whose == Whose.OWN && parameter.getName().equals("service")
          ? with(ownService(), parameter)
          : parameter;
    }

    /** The property of the POM; Maven 4 puts that of the command line into all of its models. */
    private @Nullable String ownService() {
      String effective = module.getProperties().getProperty(SERVICE);
      if (effective == null
          || module.getFile() == null
          || !effective.equals(session.getUserProperties().getProperty(SERVICE))) {
        return effective;
      }
      try (InputStream pom = Files.newInputStream(module.getFile().toPath())) {
        String written =
            new MavenXpp3Reader().read(pom, false).getProperties().getProperty(SERVICE);
        return written == null || written.contains("${") ? effective : written;
      } catch (IOException | XmlPullParserException e) {
        // Maven has read it, so it is of a kind that only a newer Maven knows.
        return effective;
      }
    }

    private static @Nullable PlexusConfiguration with(
        @Nullable String value, PlexusConfiguration parameter) {
      String byDefault = parameter.getAttribute("default-value");
      if (value == null && byDefault == null) {
        return null;
      }
      PlexusConfiguration known = new DefaultPlexusConfiguration(parameter.getName(), value);
      if (byDefault != null) {
        known.setAttribute("default-value", byDefault);
      }
      return known;
    }

    /** Those that deploy the module's service; where some are skipped, the others. */
    List<PluginExecution> deploying() {
      List<PluginExecution> bound =
          executions().stream().filter(some -> !"none".equals(some.getPhase())).toList();
      List<PluginExecution> running =
          bound.stream().filter(some -> !read(this, List.of(some)).skip).toList();
      return DEPLOYING.stream()
          .flatMap(
              name ->
                  (running.isEmpty() ? bound : running)
                      .stream().filter(some -> some.getGoals().contains(name)).limit(1))
          .distinct()
          .toList();
    }
  }

  /**
   * What a module configures for the service that it deploys.
   *
   * <p>A goal that the command line runs for one module has the plugin's configuration, or that of
   * the execution {@code default-cli}, as Maven has it. A goal that runs once for all modules has
   * that of the executions with which the module deploys, so that either way deploys the same.
   */
  static ModuleParameters of(
      MavenSession session,
      MavenProject module,
      MojoExecution goal,
      ComponentConfigurator configurator,
      Whose whose) {
    Source source = new Source(session, module, goal, configurator, whose);
    List<PluginExecution> own = source.execution(goal.getExecutionId());
    boolean once = goal.getMojoDescriptor().isAggregator();
    boolean called = goal.getSource() == MojoExecution.Source.CLI;
    boolean asMavenHasIt = once ? !own.isEmpty() : called;
    return read(source, asMavenHasIt ? own : source.deploying());
  }

  /** What a module configures for a goal of its own; the command line's has an id too. */
  static ModuleParameters of(
      MavenSession session,
      MavenProject module,
      MojoExecution goal,
      ComponentConfigurator configurator,
      String executionId) {
    Source source = new Source(session, module, goal, configurator, Whose.NAMED);
    return read(source, source.execution(executionId));
  }

  /**
   * @param executions those that count, the dominating one first; without any, the plugin's
   *     configuration counts
   */
  private static ModuleParameters read(Source source, List<PluginExecution> executions) {
    MavenProject module = source.module();
    MavenSession moduleSession = source.session().clone();
    moduleSession.setCurrentProject(module);
    ModuleParameters parameters = new ModuleParameters();
    try {
      source
          .configurator()
          .configureComponent(
              parameters,
              configuration(source, executions),
              new PluginParameterExpressionEvaluator(moduleSession, source.goal()),
              source.goal().getMojoDescriptor().getPluginDescriptor().getClassRealm());
    } catch (ComponentConfigurationException e) {
      PlexusConfiguration failed = e.getFailedConfiguration();
      throw new DeployException(
          "The rpi configuration of module "
              + module.getArtifactId()
              + " cannot be read: "
              + (failed == null ? "" : "parameter " + failed.getName() + ": ")
              + e.getMessage(),
          "Show it with: mvn help:effective-pom -pl " + module.getArtifactId(),
          e);
    }
    parameters.after = after(source, executions).orElse(null);
    return parameters;
  }

  /** What an execution says that does not count holds too: a service has one place in the order. */
  private static Optional<List<String>> after(Source source, List<PluginExecution> executions) {
    return After.of(
        Stream.of(executions.stream(), source.plugin().stream(), source.executions().stream())
            .flatMap(some -> some)
            .toList(),
        source.session().getUserProperties(),
        source.module().getProperties());
  }

  /**
   * Every parameter as the POM configures it, or else with its expression and default. The goal's
   * own parameters are not shared, so they are left out.
   */
  private static PlexusConfiguration configuration(
      Source source, List<PluginExecution> executions) {
    PlexusConfiguration whole = new DefaultPlexusConfiguration("configuration");
    Set<String> shared =
        Stream.<Class<?>>iterate(
                Parameters.class, room -> room != Object.class, Class::getSuperclass)
            .flatMap(ModuleParameters::names)
            .collect(Collectors.toSet());
    Plugin plugin = source.plugin().orElse(new Plugin());
    PlexusConfiguration defaults = source.goal().getMojoDescriptor().getMojoConfiguration();
    for (String name : shared) {
      // One that can only be set in the POM has neither expression nor default.
      PlexusConfiguration parameter = defaults.getChild(name, false);
      Xpp3Dom configured = source.isOnlyGiven(name) ? null : inPom(name, plugin, executions);
      PlexusConfiguration unconfigured = parameter == null ? null : source.unconfigured(parameter);
      if (configured != null) {
        whole.addChild(copy(configured, parameter));
      } else if (unconfigured != null) {
        whole.addChild(unconfigured);
      }
    }
    return whole;
  }

  private static Stream<String> names(Class<?> room) {
    return Arrays.stream(room.getDeclaredFields()).map(Field::getName);
  }

  /** In an effective POM, each execution has what the plugin configures, unless it has its own. */
  private static @Nullable Xpp3Dom inPom(
      String name, Plugin plugin, List<PluginExecution> executions) {
    Xpp3Dom general = child(plugin, name);
    return executions.stream()
        .map(execution -> child(execution, name))
        .filter(Objects::nonNull)
        .filter(own -> !own.equals(general))
        .findFirst()
        .orElse(general);
  }

  private static @Nullable Xpp3Dom child(ConfigurationContainer container, String name) {
    return container.getConfiguration() instanceof Xpp3Dom configuration
        ? configuration.getChild(name)
        : null;
  }

  private static PlexusConfiguration copy(Xpp3Dom dom, @Nullable PlexusConfiguration defaults) {
    PlexusConfiguration copy = new DefaultPlexusConfiguration(dom.getName(), dom.getValue());
    if (defaults != null && defaults.getAttribute("default-value") != null) {
      copy.setAttribute("default-value", defaults.getAttribute("default-value"));
    }
    for (Xpp3Dom child : dom.getChildren()) {
      copy.addChild(copy(child, null));
    }
    return copy;
  }
}
