package io.github.rpideploy.maven.docs;

import io.github.rpideploy.maven.docs.PluginManual.Goal;
import io.github.rpideploy.maven.docs.PluginManual.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The two pages that are generated from the plugin's descriptor. */
final class Pages {

  static final String COMMAND =
      "mvn -q test -pl rpi-deploy-maven-plugin -Dtest=GeneratedDocsTest -Ddocs.write=true";

  private static final String HEAD =
      "<!-- Generated from the Javadoc of the goals and parameters. Do not edit; run:\n     "
          + COMMAND
          + " -->";

  private final PluginManual manual;

  Pages(PluginManual manual) {
    this.manual = manual;
  }

  String goals() {
    Markdown page =
        new Markdown()
            .block(HEAD)
            .heading(1, "Goals")
            .prose("[Parameters](parameters.md) explains each parameter.");
    for (Goal goal : manual.goals().values()) {
      List<Parameter> own = own(goal);
      page.heading(2, "rpi:" + goal.name())
          .prose(goal.description().prose())
          .list(
              List.of(
                  "Runs: " + when(goal),
                  "Example: " + item(goal.description(), "Example"),
                  "Since: " + goal.since(),
                  "Parameters: "
                      + (own.isEmpty() ? "" : "those below, and ")
                      + "the [shared parameters](#shared-parameters)"));
      if (!own.isEmpty()) {
        page.block(table(own));
      }
    }
    return page.heading(2, "rpi:help")
        .prose("Prints this manual at the terminal.")
        .list(
            List.of(
                "Runs: from the command line; also without a project",
                "Example: `mvn rpi:help -Ddetail -Dgoal=deploy`"))
        .heading(2, "Shared parameters")
        .prose("Every goal takes these, and ignores those that it does not need.")
        .list(Topic.ALL.stream().flatMap(this::shared).toList())
        .toString();
  }

  private static String when(Goal goal) {
    String bound =
        goal.phase()
            .map(phase -> "in the phase `" + phase + "` when the POM has it; ")
            .orElse("from the command line; ");
    String project = goal.needsProject() ? "" : "; also without a project";
    return bound
        + (goal.isOnce() ? "once for the whole reactor" : "for each module of the build")
        + project;
  }

  private List<Parameter> own(Goal goal) {
    return goal.parameters().stream()
        .map(this::parameter)
        .filter(parameter -> !isShared(parameter))
        .toList();
  }

  private static String table(List<Parameter> own) {
    List<String> rows = new ArrayList<>(List.of("| parameter | what |", "| --- | --- |"));
    for (Parameter parameter : own) {
      rows.add(
          "| "
              + link(parameter, parameter.title())
              + " | "
              + parameter.description().firstSentence()
              + " |");
    }
    return String.join("\n", rows);
  }

  private Stream<String> shared(Topic topic) {
    String links =
        topic.parameters().stream()
            .map(this::parameter)
            .filter(this::isShared)
            .map(parameter -> link(parameter, parameter.name()))
            .collect(Collectors.joining(", "));
    return links.isEmpty() ? Stream.empty() : Stream.of(topic.title() + ": " + links);
  }

  private boolean isShared(Parameter parameter) {
    return parameter.goals().equals(manual.goals().keySet());
  }

  private Parameter parameter(String name) {
    return Objects.requireNonNull(manual.parameters().get(name), name);
  }

  private static String link(Parameter parameter, String text) {
    return "[" + text + "](parameters.md#" + anchor(parameter.title()) + ")";
  }

  String parameters() {
    Markdown page =
        new Markdown()
            .block(HEAD)
            .heading(1, "Parameters")
            .prose(
                "Set a parameter once for all modules as a property of the parent POM"
                    + " (`<rpi.host>raspberrypi.local</rpi.host>`), for one module as a property or"
                    + " in its `<configuration>` (`<host>`), or for one build with `-D`. The order"
                    + " of precedence is Maven's: `<configuration>`, then `-D`, then properties,"
                    + " then the default. A misspelled name gets a warning that asks what you"
                    + " meant: `rpi.smokepath` is `rpi.smokePath`.")
            .list(
                Topic.ALL.stream()
                    .map(topic -> "[" + topic.title() + "](#" + anchor(topic.title()) + ")")
                    .toList());
    for (Topic topic : Topic.ALL) {
      page.heading(2, topic.title()).prose(topic.introduction());
      for (String name : topic.parameters()) {
        describe(page, parameter(name));
      }
    }
    return page.toString();
  }

  private void describe(Markdown page, Parameter parameter) {
    page.heading(3, parameter.title())
        .prose(parameter.description().prose())
        .list(
            List.of(
                "Set with: "
                    + parameter
                        .property()
                        .map(
                            property ->
                                "`-D" + property + "` or `<" + parameter.name() + ">` in the POM")
                        .orElse("`<" + parameter.name() + ">` in the POM only"),
                "Value: "
                    + (parameter.isSwitch()
                        ? "`true` or `false`"
                        : item(parameter.description(), "Value")),
                "Default: "
                    + parameter
                        .defaultValue()
                        .map(value -> "`" + value + "`")
                        .orElseGet(() -> item(parameter.description(), "Default")),
                "Example: " + item(parameter.description(), "Example"),
                "Since: " + parameter.since(),
                "Goals: " + goals(parameter)));
  }

  private String goals(Parameter parameter) {
    return isShared(parameter)
        ? "all"
        : parameter.goals().stream()
            .map(goal -> "[rpi:" + goal + "](goals.md#rpi" + goal + ")")
            .collect(Collectors.joining(", "));
  }

  private static String item(Description description, String name) {
    return description.items().getOrDefault(name, "");
  }

  /** As GitHub makes it of a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
  }
}
