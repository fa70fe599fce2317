package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginManagement;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.component.configurator.ComponentConfigurationException;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;
import org.codehaus.plexus.configuration.DefaultPlexusConfiguration;
import org.codehaus.plexus.configuration.PlexusConfiguration;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one module for a goal that runs once for all of them.
 *
 * <p>Maven configures such a goal for a single module only. The others are read here as Maven
 * would: the plugin's configuration in that module's effective POM, then {@code -D} and properties,
 * then the default.
 */
final class ModuleParameters extends Parameters {

  static ModuleParameters of(
      MavenSession session,
      MavenProject module,
      MojoExecution execution,
      ComponentConfigurator configurator) {
    MavenSession moduleSession = session.clone();
    moduleSession.setCurrentProject(module);
    ModuleParameters parameters = new ModuleParameters();
    try {
      configurator.configureComponent(
          parameters,
          configuration(module, execution),
          new PluginParameterExpressionEvaluator(moduleSession, execution),
          execution.getMojoDescriptor().getPluginDescriptor().getClassRealm());
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
    plugin(module, execution)
        .ifPresent(
            plugin ->
                parameters.after =
                    After.of(plugin, session.getUserProperties(), module.getProperties())
                        .orElse(null));
    return parameters;
  }

  /**
   * Every parameter as the POM configures it, or else with its expression and default. The goal's
   * own parameters are not shared, so they are left out.
   */
  private static PlexusConfiguration configuration(MavenProject module, MojoExecution execution) {
    Xpp3Dom inPom =
        plugin(module, execution).map(plugin -> (Xpp3Dom) plugin.getConfiguration()).orElse(null);
    PlexusConfiguration whole = new DefaultPlexusConfiguration("configuration");
    Set<String> shared =
        Stream.<Class<?>>iterate(
                Parameters.class, room -> room != Object.class, Class::getSuperclass)
            .flatMap(room -> Arrays.stream(room.getDeclaredFields()))
            .map(Field::getName)
            .collect(Collectors.toSet());
    PlexusConfiguration defaults = execution.getMojoDescriptor().getMojoConfiguration();
    for (String name : shared) {
      // One that can only be set in the POM has neither expression nor default.
      PlexusConfiguration parameter = defaults.getChild(name, false);
      Xpp3Dom configured = inPom == null ? null : inPom.getChild(name);
      if (configured != null) {
        whole.addChild(copy(configured, parameter));
      } else if (parameter != null) {
        whole.addChild(parameter);
      }
    }
    return whole;
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

  private static Optional<Plugin> plugin(MavenProject module, MojoExecution execution) {
    // In Maven 4 it is null where there is no project.
    PluginManagement management = module.getPluginManagement();
    List<Plugin> managed = management == null ? List.of() : management.getPlugins();
    return Stream.of(module.getBuildPlugins(), managed)
        .flatMap(List::stream)
        .filter(
            plugin ->
                plugin.getGroupId().equals(execution.getGroupId())
                    && plugin.getArtifactId().equals(execution.getArtifactId()))
        .findFirst();
  }
}
