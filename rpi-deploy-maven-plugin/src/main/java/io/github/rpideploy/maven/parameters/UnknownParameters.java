package io.github.rpideploy.maven.parameters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.ConfigurationContainer;
import org.apache.maven.model.Model;
import org.apache.maven.model.Profile;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.configuration.PlexusConfiguration;
import org.codehaus.plexus.util.xml.Xpp3Dom;

/**
 * Finds names that are meant to be parameters of this plugin and are none. Maven ignores such a
 * property in silence, and such an element before 3.9. The real names come from the plugin's
 * descriptor.
 */
public final class UnknownParameters {

  private static final String PREFIX = "rpi.";

  private static final Pattern PROPERTY = Pattern.compile("\\$\\{(rpi\\.[^}]+)}");

  private final MavenSession session;
  private final PluginDescriptor plugin;

  /** What can be set in the POM's {@code <configuration>}, and with a property. */
  private final Set<String> elements = new TreeSet<>();

  private final Set<String> properties = new TreeSet<>();

  private UnknownParameters(MavenSession session, PluginDescriptor plugin) {
    this.session = session;
    this.plugin = plugin;
    for (MojoDescriptor goal : plugin.getMojos()) {
      for (PlexusConfiguration parameter : goal.getMojoConfiguration().getChildren()) {
        elements.add(parameter.getName());
        Matcher property = PROPERTY.matcher(parameter.getValue(""));
        if (property.matches()) {
          properties.add(property.group(1));
        }
      }
      // One that can only be set in the POM has neither a property nor a default.
      goal.getParameters().forEach(parameter -> elements.add(parameter.getName()));
    }
  }

  /** A warning for each of them: what it is, where it stands, and what was probably meant. */
  public static List<String> warnings(MavenSession session, PluginDescriptor plugin) {
    UnknownParameters unknown = new UnknownParameters(session, plugin);
    List<String> warnings = new ArrayList<>();
    unknown.given().forEach(name -> unknown.ofCommandLine(name).ifPresent(warnings::add));
    unknown.inPoms().forEach((name, at) -> unknown.ofPom(name, at).ifPresent(warnings::add));
    unknown
        .configured()
        .forEach((name, at) -> unknown.ofElement(name, at).ifPresent(warnings::add));
    return warnings;
  }

  private Set<String> given() {
    return unknown(session.getUserProperties());
  }

  private Set<String> unknown(Properties some) {
    Set<String> names = new TreeSet<>(some.stringPropertyNames());
    names.removeIf(
        name -> !name.toLowerCase(Locale.ROOT).startsWith(PREFIX) || properties.contains(name));
    return names;
  }

  /** Where each one stands in a POM. Maven 4 has those of the command line there too. */
  private Map<String, MavenProject> inPoms() {
    Map<String, MavenProject> found = new TreeMap<>();
    Set<String> given = given();
    for (MavenProject module : session.getProjects()) {
      for (String name : unknown(module.getProperties())) {
        if (!given.contains(name)) {
          found.putIfAbsent(name, highest(module, name));
        }
      }
    }
    return found;
  }

  /** The module or parent that the others inherit it from. */
  private static MavenProject highest(MavenProject module, String name) {
    MavenProject highest = module;
    for (MavenProject parent = module.getParent();
        parent != null && parent.getProperties().containsKey(name);
        parent = parent.getParent()) {
      highest = parent;
    }
    return highest;
  }

  private Optional<String> ofCommandLine(String name) {
    String problem = name + " on the command line is no parameter of this plugin";
    return Spelling.nearest(name, properties)
        .map(meant -> problem + meaning(name, "-D" + meant))
        // Who gives a value to a property of the POM knows what it does.
        .or(
            () ->
                isUsed(name)
                    ? Optional.empty()
                    : Optional.of(problem + ". List them with: mvn rpi:help -Ddetail"));
  }

  private Optional<String> ofPom(String name, MavenProject at) {
    String module = at.getArtifactId();
    String place = declares(at, name) ? " in the POM of " + module : ", set for " + module + ",";
    return Spelling.nearest(name, properties)
        .map(
            meant ->
                name
                    + place
                    + " is no parameter of this plugin"
                    + meaning(name, "<" + meant + ">"));
  }

  /** Who uses a property has made it: that it resembles one of ours may be chance. */
  private String meaning(String name, String meant) {
    return isUsed(name)
        ? "; unless it is your own property, you may mean " + meant
        : ": did you mean " + meant + "?";
  }

  /** Otherwise a profile of settings.xml, or another plugin, has set it. */
  private static boolean declares(MavenProject project, String name) {
    Model written = project.getOriginalModel();
    return written == null
        || Stream.concat(
                Stream.of(written.getProperties()),
                written.getProfiles().stream().map(Profile::getProperties))
            .anyMatch(some -> some.containsKey(name));
  }

  private boolean isUsed(String name) {
    return session.getProjects().stream()
        .flatMap(module -> Stream.iterate(module, some -> some != null, MavenProject::getParent))
        .distinct()
        .anyMatch(uses("${" + name + "}"));
  }

  private static Predicate<MavenProject> uses(String expression) {
    return project -> {
      try {
        return project.getFile() != null
            && Files.readString(project.getFile().toPath(), StandardCharsets.ISO_8859_1)
                .contains(expression);
      } catch (IOException e) {
        // Maven has read it, so it was there a moment ago.
        return false;
      }
    };
  }

  /** The elements of the plugin's configuration, with the first module that has each. */
  private Map<String, MavenProject> configured() {
    Map<String, MavenProject> found = new TreeMap<>();
    for (MavenProject module : session.getProjects()) {
      module.getBuildPlugins().stream()
          .filter(some -> some.getKey().equals(plugin.getPluginLookupKey()))
          .flatMap(some -> Stream.concat(Stream.of(some), some.getExecutions().stream()))
          .flatMap(UnknownParameters::children)
          .filter(name -> !elements.contains(name))
          .forEach(name -> found.putIfAbsent(name, module));
    }
    return found;
  }

  private static Stream<String> children(ConfigurationContainer container) {
    return container.getConfiguration() instanceof Xpp3Dom configuration
        ? Stream.of(configuration.getChildren()).map(Xpp3Dom::getName)
        : Stream.empty();
  }

  private Optional<String> ofElement(String name, MavenProject at) {
    return Spelling.nearest(name, elements)
        .map(
            meant ->
                "<%s> in the <configuration> of %s is no parameter of this plugin: did you mean <%s>?"
                    .formatted(name, at.getArtifactId(), meant));
  }
}
