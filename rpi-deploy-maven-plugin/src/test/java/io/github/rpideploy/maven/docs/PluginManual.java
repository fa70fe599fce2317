package io.github.rpideploy.maven.docs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What the plugin's descriptor says of its goals and parameters.
 *
 * @param goals by name, without the generated {@code help}
 * @param parameters that users can set, by name
 */
record PluginManual(Map<String, Goal> goals, Map<String, Parameter> parameters) {

  /** The goal that maven-plugin-plugin generates; its parameters are not ours. */
  private static final String HELP = "help";

  /**
   * @param phase that it is bound to by default, if any
   * @param isOnce whether it runs once for the whole reactor
   * @param needsProject whether it needs a project
   * @param parameters the names of those that it takes
   */
  record Goal(
      String name,
      Description description,
      Optional<String> phase,
      boolean isOnce,
      boolean needsProject,
      String since,
      Set<String> parameters) {}

  /**
   * @param property of {@code -D}, if it has one
   * @param defaultValue that Maven sets, if any
   * @param goals the names of those that take it
   */
  record Parameter(
      String name,
      String type,
      Optional<String> property,
      Optional<String> defaultValue,
      String since,
      Description description,
      Set<String> goals) {

    /** How users call it. */
    String title() {
      return property.orElse(name);
    }

    boolean isSwitch() {
      return type.equals("boolean");
    }
  }

  /** Reads the descriptor with the Javadoc as HTML, which the build writes before the tests run. */
  static PluginManual read(Path descriptor) {
    try (InputStream in = Files.newInputStream(descriptor)) {
      Element plugin =
          DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in).getDocumentElement();
      Map<String, Goal> goals = new TreeMap<>();
      Map<String, Parameter> parameters = new TreeMap<>();
      for (Element mojo : children(child(plugin, "mojos").orElseThrow())) {
        if (!text(mojo, "goal").equals(HELP)) {
          Set<String> taken = takenBy(mojo, parameters);
          goals.put(text(mojo, "goal"), goal(mojo, taken));
        }
      }
      return new PluginManual(goals, parameters);
    } catch (IOException e) {
      throw new UncheckedIOException("the build writes it in the phase process-classes", e);
    } catch (ParserConfigurationException | SAXException e) {
      throw new AssertionError(e);
    }
  }

  private static Goal goal(Element mojo, Set<String> parameters) {
    return new Goal(
        text(mojo, "goal"),
        Description.of(text(mojo, "description")),
        child(mojo, "phase").map(Element::getTextContent),
        Boolean.parseBoolean(text(mojo, "aggregator")),
        Boolean.parseBoolean(text(mojo, "requiresProject")),
        text(mojo, "since"),
        parameters);
  }

  private static Set<String> takenBy(Element mojo, Map<String, Parameter> all) {
    Set<String> taken = new TreeSet<>();
    Element configuration = child(mojo, "configuration").orElseThrow();
    for (Element element : children(child(mojo, "parameters").orElseThrow())) {
      String name = text(element, "name");
      if (Boolean.parseBoolean(text(element, "editable"))) {
        all.computeIfAbsent(name, first -> parameter(element, child(configuration, name)))
            .goals()
            .add(text(mojo, "goal"));
        taken.add(name);
      }
    }
    return taken;
  }

  private static Parameter parameter(Element element, Optional<Element> configured) {
    return new Parameter(
        text(element, "name"),
        text(element, "type"),
        configured
            .map(value -> value.getTextContent().strip())
            .filter(expression -> expression.matches("\\$\\{.+}"))
            .map(expression -> expression.substring(2, expression.length() - 1)),
        configured
            .map(value -> value.getAttribute("default-value"))
            .filter(value -> !value.isEmpty()),
        text(element, "since"),
        Description.of(text(element, "description")),
        new TreeSet<>());
  }

  private static String text(Element parent, String name) {
    return child(parent, name).map(Element::getTextContent).orElse("").strip();
  }

  private static Optional<Element> child(Element parent, String name) {
    return children(parent).stream()
        .filter(element -> element.getTagName().equals(name))
        .findFirst();
  }

  private static List<Element> children(Element parent) {
    NodeList nodes = parent.getChildNodes();
    return IntStream.range(0, nodes.getLength())
        .mapToObj(nodes::item)
        .filter(Element.class::isInstance)
        .map(Element.class::cast)
        .toList();
  }

  /** What users would miss in it, one line for each. */
  List<String> gaps() {
    List<String> gaps = new ArrayList<>();
    for (Goal goal : goals.values()) {
      missing(goal.description(), "Example", goal.since())
          .forEach(what -> gaps.add("rpi:" + goal.name() + " has no " + what));
    }
    for (Parameter parameter : parameters.values()) {
      Stream.concat(
              missing(parameter.description(), "Example", parameter.since()),
              Stream.concat(
                  lacks(
                      parameter.isSwitch() || parameter.description().items().containsKey("Value"),
                      "value"),
                  lacks(
                      parameter.defaultValue().isPresent()
                          || parameter.description().items().containsKey("Default"),
                      "default")))
          .forEach(what -> gaps.add(parameter.title() + " has no " + what));
    }
    return gaps;
  }

  private static Stream<String> missing(Description description, String item, String since) {
    return Stream.of(
            lacks(!description.prose().isBlank(), "description"),
            lacks(description.items().containsKey(item), "example"),
            lacks(!since.isEmpty(), "@since"))
        .flatMap(gaps -> gaps);
  }

  private static Stream<String> lacks(boolean has, String what) {
    return has ? Stream.empty() : Stream.of(what);
  }

  /** The same, with one parameter changed. */
  PluginManual with(Parameter changed) {
    Map<String, Parameter> all = new LinkedHashMap<>(parameters);
    all.put(changed.name(), changed);
    return new PluginManual(goals, all);
  }
}
