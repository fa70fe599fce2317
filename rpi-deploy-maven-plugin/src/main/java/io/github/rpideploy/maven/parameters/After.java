package io.github.rpideploy.maven.parameters;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.maven.model.ConfigurationContainer;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.jspecify.annotations.Nullable;

/**
 * The services that a module names as coming before its own. Maven's own conversion cannot tell an
 * empty list from a missing one.
 */
public final class After {

  private static final String NAME = "after";
  private static final String PROPERTY = "rpi.after";

  private After() {}

  /**
   * Empty when nothing is configured; an empty list when no service comes before it.
   *
   * @param containers where it may be configured; the first that has it decides
   * @param properties the user's and the module's; the first that has the property decides
   */
  public static Optional<List<String>> of(
      List<? extends ConfigurationContainer> containers, Properties... properties) {
    return containers.stream()
        .map(After::inPom)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> property(properties));
  }

  private static Optional<List<String>> inPom(ConfigurationContainer container) {
    if (!(container.getConfiguration() instanceof Xpp3Dom configuration)) {
      return Optional.empty();
    }
    return Optional.ofNullable(configuration.getChild(NAME))
        .map(
            configured ->
                configured.getChildCount() == 0
                    ? names(configured.getValue())
                    : Arrays.stream(configured.getChildren())
                        .flatMap(child -> names(child.getValue()).stream())
                        .toList());
  }

  private static Optional<List<String>> property(Properties... properties) {
    return Stream.of(properties)
        .map(some -> some.getProperty(PROPERTY))
        .filter(Objects::nonNull)
        .findFirst()
        .map(After::names);
  }

  private static List<String> names(@Nullable String text) {
    return text == null
        ? List.of()
        : Arrays.stream(text.split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
  }
}
