package io.github.rpideploy.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

class JUnitXmlTest {

  @TempDir Path directory;

  private final DeployJson deploy = new DeployJson(() -> Instant.EPOCH);

  @Test
  void the_names_are_those_that_CI_servers_know() throws Exception {
    engine("");
    deploy.report(
        new Event.Shipped(
            "auth-server",
            "a:latest",
            "sha256:1",
            "a:rpi-1",
            1,
            1,
            1,
            1,
            1,
            Duration.ofSeconds(60)));
    deploy.report(new Event.Recreated("auth-server", "c1", Duration.ofMillis(1200)));
    deploy.report(new Event.Verified("auth-server", "healthy", Duration.ofSeconds(8)));
    deploy.report(new Event.Failed("gateway", "the container exited (code 1)\nits log says so"));
    deploy.report(new Event.RolledBack("gateway", "gateway:rpi-0", "healthy", Duration.ZERO));

    assertThat(written())
        .isEqualToNormalizingNewlines(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="rpi" tests="2" failures="1" errors="0" skipped="0" time="9.200">
              <testsuite name="rpi/x" tests="2" failures="1" errors="0" skipped="0" time="9.200">
                <testcase classname="rpi/x" name="auth-server" time="9.200">
                  <system-out>verified: healthy</system-out>
                </testcase>
                <testcase classname="rpi/x" name="gateway" time="0.000">
                  <failure message="the container exited (code 1)" type="failed">\
            the container exited (code 1)
            its log says so
            It is back on gateway:rpi-0.</failure>
                </testcase>
              </testsuite>
            </testsuites>
            """);
  }

  @Test
  void what_does_not_run_is_skipped_and_what_is_unchanged_has_passed() throws Exception {
    deploy.report(new Event.Unchanged("config", "healthy"));
    deploy.report(new Event.NotDeployed("gateway", "auth-server failed before it"));
    deploy.report(new Event.Recreated("half-way", "c1", Duration.ofSeconds(1)));
    deploy.report(new Event.Verified("taken-back", "healthy", Duration.ofSeconds(8)));
    deploy.report(new Event.RolledBack("taken-back", "t:rpi-0", "healthy", Duration.ofSeconds(4)));

    Element suite = suites().get(0);

    assertThat(suite.getAttribute("tests")).isEqualTo("4");
    assertThat(suite.getAttribute("skipped")).isEqualTo("3");
    assertThat(suite.getAttribute("failures")).isEqualTo("0");
    assertThat(all(suite, "skipped"))
        .extracting(skipped -> skipped.getAttribute("message"))
        .containsExactly(
            "auth-server failed before it",
            "no goal has verified it",
            "verified, then taken back to t:rpi-0 because another one failed");
    assertThat(all(all(suite, "testcase").get(0), "skipped")).isEmpty();
  }

  @Test
  void each_target_is_a_suite() throws Exception {
    for (String target : List.of("kitchen", "attic")) {
      engine(target);
      on(target, new Event.Verified("auth-server", "healthy", Duration.ofSeconds(1)));
    }
    on("attic", new Event.Failed("gateway", "it exited"));

    assertThat(suites())
        .extracting(
            suite -> suite.getAttribute("name"),
            suite -> suite.getAttribute("failures"),
            suite -> all(suite, "testcase").get(0).getAttribute("classname"))
        .containsExactly(tuple("kitchen", "0", "kitchen"), tuple("attic", "1", "attic"));
  }

  @Test
  void hostile_text_is_data() throws Exception {
    String name = "a\"><failure message='x'/>&lt;\t\n]]>";
    deploy.report(
        new Event.Failed(
            name,
            "<b>&amp;</b> ]]> \"'\u001b]52;c;eA==\u0007\u0000\u009b2J\u007f"
                + "\uFFFE\uFFFF\uD800 \uD83D\uDE00\r\n<!--"));

    Element testcase = all(suites().get(0), "testcase").get(0);

    assertThat(testcase.getAttribute("name")).isEqualTo("a\"><failure message='x'/>&lt;  ]]>");
    Element failure = all(testcase, "failure").get(0);
    assertThat(failure.getAttribute("message"))
        .isEqualTo("<b>&amp;</b> ]]> \"']52;c;eA==2J \uD83D\uDE00");
    assertThat(failure.getTextContent())
        .isEqualTo("<b>&amp;</b> ]]> \"']52;c;eA==2J \uD83D\uDE00\n<!--");
  }

  @Test
  void a_build_without_services_has_no_suite() throws Exception {
    assertThat(suites()).isEmpty();
  }

  private void engine(String target) {
    on(target, new Event.EngineFound("pi@pi:22", "rpi/x", "26.1.5", "overlay2", "arm64", "2.26.1"));
  }

  private void on(String target, Event event) {
    deploy.report(target.isEmpty() ? event : new Event.OnTarget(target, event));
  }

  private String written() throws IOException {
    Path file = directory.resolve("target/rpi/TEST-rpi.xml");
    JUnitXml.write(deploy.services(), file);
    return Files.readString(file);
  }

  private List<Element> suites() throws IOException, SAXException, ParserConfigurationException {
    String text = written();
    Element root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(text.getBytes(UTF_8)))
            .getDocumentElement();
    return all(root, "testsuite");
  }

  private static List<Element> all(Element within, String name) {
    NodeList found = within.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }
}
