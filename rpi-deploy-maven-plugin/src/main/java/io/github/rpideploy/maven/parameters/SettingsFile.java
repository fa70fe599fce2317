package io.github.rpideploy.maven.parameters;

import java.io.File;
import java.io.IOException;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** settings.xml as the user wrote it, before Maven decrypts anything. */
final class SettingsFile {

  private SettingsFile() {}

  /** The password of that server as the file has it; empty when there is none. */
  static Optional<String> password(File file, String id) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      NodeList servers = factory.newDocumentBuilder().parse(file).getElementsByTagName("server");
      for (int i = 0; i < servers.getLength(); i++) {
        Element server = (Element) servers.item(i);
        if (text(server, "id").filter(id::equals).isPresent()) {
          return text(server, "password");
        }
      }
      return Optional.empty();
    } catch (ParserConfigurationException | SAXException | IOException e) {
      // Maven has read it before and would have failed.
      return Optional.empty();
    }
  }

  private static Optional<String> text(Element element, String child) {
    NodeList found = element.getElementsByTagName(child);
    return found.getLength() == 0
        ? Optional.empty()
        : Optional.of(found.item(0).getTextContent().strip());
  }
}
