package io.github.rpideploy.report;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * What became of the services as JUnit XML, which CI servers show as test results: a suite for each
 * target, a case for the verification of each service.
 */
public final class JUnitXml {

  private final XMLStreamWriter xml;

  private JUnitXml(XMLStreamWriter xml) {
    this.xml = xml;
  }

  /** Writes the report. A reader finds the old file or the new one, never a part. */
  public static void write(List<DeployedService> services, Path file) throws IOException {
    StringWriter text = new StringWriter();
    try {
      // The JDK's own, whatever else a build has on its class path.
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      new JUnitXml(xml).suites(services);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
    WholeFile.write(file, text + "\n");
  }

  private void suites(List<DeployedService> services) throws XMLStreamException {
    Map<String, List<DeployedService>> byPlace = new LinkedHashMap<>();
    for (DeployedService service : services) {
      byPlace.computeIfAbsent(service.place(), any -> new ArrayList<>()).add(service);
    }
    xml.writeStartDocument("UTF-8", "1.0");
    line(0);
    xml.writeStartElement("testsuites");
    attribute("name", "rpi");
    counts(services);
    for (Map.Entry<String, List<DeployedService>> place : byPlace.entrySet()) {
      line(1);
      xml.writeStartElement("testsuite");
      attribute("name", place.getKey());
      counts(place.getValue());
      for (DeployedService service : place.getValue()) {
        testcase(service);
      }
      line(1);
      xml.writeEndElement();
    }
    line(0);
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void counts(List<DeployedService> services) throws XMLStreamException {
    attribute("tests", String.valueOf(services.size()));
    attribute(
        "failures", String.valueOf(services.stream().filter(DeployedService::isFailed).count()));
    attribute("errors", "0");
    attribute("skipped", String.valueOf(services.stream().filter(JUnitXml::isSkipped).count()));
    attribute(
        "time",
        seconds(services.stream().map(JUnitXml::time).reduce(Duration.ZERO, Duration::plus)));
  }

  private void testcase(DeployedService service) throws XMLStreamException {
    line(2);
    xml.writeStartElement("testcase");
    attribute("classname", service.place());
    attribute("name", service.service());
    attribute("time", seconds(time(service)));
    String reason = service.reason() == null ? "no goal has verified it" : service.reason();
    line(3);
    if (service.isFailed()) {
      xml.writeStartElement("failure");
      attribute("message", reason.lines().findFirst().orElse(""));
      attribute("type", service.outcome().jsonName());
      xml.writeCharacters(allowed(reason + service.back()));
      xml.writeEndElement();
    } else if (isSkipped(service)) {
      xml.writeEmptyElement("skipped");
      attribute("message", skipped(service, reason));
    } else {
      xml.writeStartElement("system-out");
      xml.writeCharacters(allowed(service.outcome().jsonName() + ": " + reason));
      xml.writeEndElement();
    }
    line(2);
    xml.writeEndElement();
  }

  /** It was verified, but what was verified does not run any more. */
  private static String skipped(DeployedService service, String reason) {
    return service.outcome() == Outcome.ROLLED_BACK
        ? "verified, then taken back to " + service.rolledBackTo() + " because another one failed"
        : reason;
  }

  private static boolean isSkipped(DeployedService service) {
    return !service.isFailed()
        && service.outcome() != Outcome.VERIFIED
        && service.outcome() != Outcome.UNCHANGED;
  }

  private static Duration time(DeployedService service) {
    return service.elapsed("recreate", "verify");
  }

  private static String seconds(Duration elapsed) {
    return String.format(Locale.ROOT, "%.3f", DeployJson.seconds(elapsed));
  }

  /** On one line: a parser makes spaces of line breaks and tabs. */
  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, allowed(value).replaceAll("[\t\n]", " "));
  }

  private void line(int depth) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(depth));
  }

  /**
   * Without what no XML 1.0 document may have (section 2.2), not even escaped, and without the
   * control characters that it advises against: the file may be shown on a terminal.
   */
  private static String allowed(String text) {
    return text.codePoints()
        .filter(
            c ->
                c == '\t'
                    || c == '\n'
                    || (c >= 0x20 && c < 0x7F)
                    || (c >= 0xA0 && c <= 0xD7FF)
                    || (c >= 0xE000 && c <= 0xFFFD)
                    || c >= 0x10000)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
