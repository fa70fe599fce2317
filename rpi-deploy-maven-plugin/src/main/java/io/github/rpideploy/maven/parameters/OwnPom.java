package io.github.rpideploy.maven.parameters;

import java.util.List;
import java.util.stream.Stream;
import org.apache.maven.model.Build;
import org.apache.maven.model.ConfigurationContainer;
import org.apache.maven.model.Model;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginManagement;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.xml.Xpp3Dom;

/**
 * What a module's own POM says, before Maven merges it with those of its parents: an empty element
 * takes the value of the parent then, or that of a property, although its author wanted none.
 */
public final class OwnPom {

  /** The artifact id of this plugin. */
  public static final String PLUGIN = "rpi-deploy-maven-plugin";

  private OwnPom() {}

  /** Whether the module itself configures the parameter, and only as an empty element. */
  public static boolean empties(MavenProject module, String parameter) {
    List<Xpp3Dom> own =
        configurations(module.getOriginalModel())
            .map(container -> child(container, parameter))
            .flatMap(List::stream)
            .toList();
    return !own.isEmpty() && own.stream().allMatch(OwnPom::isEmpty);
  }

  /** In Maven 4, and without a project, there is no model. */
  private static Stream<ConfigurationContainer> configurations(Model model) {
    Build build = model == null ? null : model.getBuild();
    if (build == null) {
      return Stream.empty();
    }
    PluginManagement management = build.getPluginManagement();
    List<Plugin> managed = management == null ? List.of() : management.getPlugins();
    return Stream.of(build.getPlugins(), managed)
        .flatMap(List::stream)
        .filter(plugin -> PLUGIN.equals(plugin.getArtifactId()))
        .flatMap(plugin -> Stream.concat(Stream.of(plugin), plugin.getExecutions().stream()));
  }

  private static List<Xpp3Dom> child(ConfigurationContainer container, String name) {
    return container.getConfiguration() instanceof Xpp3Dom configuration
            && configuration.getChild(name) != null
        ? List.of(configuration.getChild(name))
        : List.of();
  }

  private static boolean isEmpty(Xpp3Dom element) {
    String value = element.getValue();
    return element.getChildCount() == 0 && (value == null || value.isBlank());
  }
}
