package io.github.rpideploy.maven.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.maven.docs.PluginManual.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** docs/goals.md and docs/parameters.md say what the plugin's descriptor says. */
class GeneratedDocsTest {

  private static final PluginManual MANUAL =
      PluginManual.read(Path.of("target/plugin-enhanced.xml"));

  private static final Path DOCS = Path.of("../docs");

  @BeforeAll
  static void write() throws IOException {
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(DOCS.resolve("goals.md"), new Pages(MANUAL).goals());
      Files.writeString(DOCS.resolve("parameters.md"), new Pages(MANUAL).parameters());
    }
  }

  @Test
  void the_pages_are_up_to_date() throws IOException {
    assertThat(Files.readString(DOCS.resolve("goals.md")))
        .as("docs/goals.md is stale; run: " + Pages.COMMAND)
        .isEqualTo(new Pages(MANUAL).goals());
    assertThat(Files.readString(DOCS.resolve("parameters.md")))
        .as("docs/parameters.md is stale; run: " + Pages.COMMAND)
        .isEqualTo(new Pages(MANUAL).parameters());
  }

  @Test
  void every_goal_and_parameter_is_described_with_its_value_default_and_example() {
    assertThat(MANUAL.gaps()).isEmpty();
  }

  @Test
  void every_parameter_has_a_topic_and_only_one() {
    assertThat(Topic.ALL.stream().flatMap(topic -> topic.parameters().stream()))
        .containsExactlyInAnyOrderElementsOf(MANUAL.parameters().keySet());
  }

  @Test
  void no_line_is_long() {
    Pages pages = new Pages(MANUAL);
    assertThat((pages.goals() + pages.parameters()).lines()).allMatch(line -> line.length() <= 160);
  }

  @Test
  void a_changed_default_makes_a_page_stale() {
    Parameter keep = parameter("keep");

    PluginManual changed =
        MANUAL.with(
            new Parameter(
                keep.name(),
                keep.type(),
                keep.property(),
                Optional.of("4"),
                keep.since(),
                keep.description(),
                keep.goals()));

    assertThat(new Pages(changed).parameters()).isNotEqualTo(new Pages(MANUAL).parameters());
  }

  @Test
  void a_parameter_without_anything_is_told_what_it_lacks() {
    Parameter bare =
        new Parameter(
            "bare",
            "int",
            Optional.of("rpi.bare"),
            Optional.empty(),
            "",
            new Description("", Map.of()),
            MANUAL.goals().keySet());

    assertThat(MANUAL.with(bare).gaps())
        .containsExactly(
            "rpi.bare has no description",
            "rpi.bare has no example",
            "rpi.bare has no @since",
            "rpi.bare has no value",
            "rpi.bare has no default");
  }

  @Test
  void javadoc_becomes_markdown() {
    Description description =
        Description.of(
            "An empty <code>&lt;after/&gt;</code> means\n none. \n<p>More.</p> <ul>\n"
                + "<li>Value: a list</li>\n<li>Default: <code>rpi/</code> and more</li></ul>");

    assertThat(description)
        .isEqualTo(
            new Description(
                "An empty `<after/>` means none.\n\nMore.",
                Map.of("Value", "a list", "Default", "`rpi/` and more")));
  }

  @Test
  void each_sentence_has_its_line() {
    assertThat(new Markdown().prose("One. Two of `a. B`. `Three` is 1.5 s.").toString())
        .isEqualTo(String.join("\n", List.of("One.", "Two of `a. B`.", "`Three` is 1.5 s.", "")));
  }

  private static Parameter parameter(String name) {
    return Objects.requireNonNull(MANUAL.parameters().get(name));
  }
}
