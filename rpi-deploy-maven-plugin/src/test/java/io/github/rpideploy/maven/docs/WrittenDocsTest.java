package io.github.rpideploy.maven.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.SAXException;

/** What people have written for people names only what there is. */
class WrittenDocsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final PluginManual MANUAL =
      PluginManual.read(Path.of("target/plugin-enhanced.xml"));

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+?) *$");
  private static final Pattern CODE = Pattern.compile("(?ms)^ *```(\\w*)\\n(.*?)^ *```$");
  private static final Pattern PARAMETER =
      Pattern.compile("(?:-D|<)(rpi\\.[A-Za-z.]*[A-Za-z])(?![A-Za-z.]*…)");
  private static final Pattern GOAL = Pattern.compile("\\brpi:([a-z]+)\\b");

  static Stream<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : List.of(".", "docs", "docs/ko", "lab", "sample-services")) {
      try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
      }
    }
    return pages.stream().map(Path::normalize).sorted();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void every_link_leads_somewhere(Path page) throws IOException {
    assertThat(deadLinks(page, Files.readString(page))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void every_XML_is_well_formed(Path page) throws IOException {
    assertThat(brokenXml(Files.readString(page))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void every_goal_and_parameter_exists(Path page) throws IOException {
    assertThat(unknown(Files.readString(page))).isEmpty();
  }

  /** Who translates can say everything in another way, but for what is typed and what is shown. */
  @ParameterizedTest
  @CsvSource({"README.md, README.ko.md", "docs/start.md, docs/ko/start.md"})
  void a_translation_has_the_same_headings_and_commands(String page, String translation)
      throws IOException {
    String original = Files.readString(ROOT.resolve(page));
    String translated = Files.readString(ROOT.resolve(translation));

    assertThat(commands(translated)).isEqualTo(commands(original));
    assertThat(levels(translated)).isEqualTo(levels(original));
    assertThat(levels(original)).hasSizeGreaterThan(5);
  }

  /** Code without its comments, and commands in lines of their own. */
  private static List<String> commands(String text) {
    String blocks =
        CODE.matcher(text).results().map(MatchResult::group).collect(Collectors.joining("\n"));
    return Stream.concat(
            blocks.lines(),
            CODE.matcher(text).replaceAll("").lines().filter(line -> line.startsWith("    ")))
        .map(line -> line.replaceAll("<!--.*?-->|  +#.*", "").strip())
        .toList();
  }

  private static List<String> levels(String text) {
    return CODE.matcher(text)
        .replaceAll("")
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst(" .*", ""))
        .toList();
  }

  @Test
  void what_leads_nowhere_is_found() {
    Path page = ROOT.resolve("README.md");

    assertThat(deadLinks(page, "[a](docs/ssh.md#keys) [b](no.md) [c](docs/ssh.md#no) [d](#no)"))
        .containsExactly("no.md", "docs/ssh.md#no", "#no");
    assertThat(brokenXml("```xml\n<a>…</a>\n```\n```xml\n<a>\n```\n")).hasSize(1);
    assertThat(unknown("`rpi:deploy -Drpi.host=x` `rpi:fly` `-Drpi.hots=y` `<rpi.fly>`"))
        .containsExactly("rpi:fly", "rpi.fly", "rpi.hots");
  }

  private static List<String> deadLinks(Path page, String text) {
    return matches(LINK, CODE.matcher(text).replaceAll(""))
        .filter(link -> !link.matches("[a-z]+:.*"))
        .filter(link -> !leadsSomewhere(page, text, link))
        .toList();
  }

  private static boolean leadsSomewhere(Path page, String text, String link) {
    String[] parts = link.split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    if (!Files.exists(file)) {
      return false;
    }
    return parts.length == 1 || anchors(file.equals(page) ? text : read(file)).contains(parts[1]);
  }

  /** As GitHub makes them of headings. */
  private static Set<String> anchors(String text) {
    return matches(HEADING, CODE.matcher(text).replaceAll(""))
        .map(heading -> heading.replaceAll("\\[([^]]*)\\]\\([^)]*\\)", "$1"))
        .map(heading -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", ""))
        .map(heading -> heading.replace(' ', '-'))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static List<String> brokenXml(String text) {
    return CODE.matcher(text)
        .results()
        .filter(block -> block.group(1).equals("xml"))
        .map(block -> block.group(2))
        .filter(Predicate.not(WrittenDocsTest::isWellFormed))
        .toList();
  }

  private static boolean isWellFormed(String xml) {
    try {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(("<all>" + xml + "</all>").getBytes(UTF_8)));
      return true;
    } catch (SAXException e) {
      return false;
    } catch (IOException | ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> unknown(String text) {
    Set<String> goals = new HashSet<>(MANUAL.goals().keySet());
    // Made by Maven's own plugin.
    goals.add("help");
    Set<String> properties =
        MANUAL.parameters().values().stream()
            .map(PluginManual.Parameter::property)
            .flatMap(Optional::stream)
            .collect(Collectors.toSet());
    return Stream.concat(
            matches(GOAL, text).filter(goal -> !goals.contains(goal)).map(goal -> "rpi:" + goal),
            matches(PARAMETER, text).filter(name -> !properties.contains(name)).sorted())
        .distinct()
        .toList();
  }

  private static Stream<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult match) -> match.group(1));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
