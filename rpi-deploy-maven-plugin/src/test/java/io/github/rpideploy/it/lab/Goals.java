package io.github.rpideploy.it.lab;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** All goals of the plugin, as its descriptor has them: a new one cannot be forgotten. */
public final class Goals {

  /** They need each other, in this order; what they leave, the others can look at. */
  private static final List<String> FIRST = List.of("ship", "recreate", "verify", "deploy");

  private Goals() {}

  /** The goals that go to a Pi, in an order in which each of them can succeed. */
  public static List<String> all() throws Exception {
    List<String> goals = new ArrayList<>();
    try (InputStream descriptor = Goals.class.getResourceAsStream("/META-INF/maven/plugin.xml")) {
      Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(descriptor);
      NodeList names = xml.getElementsByTagName("goal");
      for (int i = 0; i < names.getLength(); i++) {
        // The goal "help" has a parameter of that name.
        if (names.item(i).getParentNode().getNodeName().equals("mojo")) {
          goals.add(names.item(i).getTextContent().strip());
        }
      }
    }
    // It prints what the descriptor says and takes nothing.
    if (!goals.remove("help") || !goals.containsAll(FIRST)) {
      throw new IllegalStateException("not the descriptor of this plugin: " + goals);
    }
    goals.sort(
        Comparator.comparing((String goal) -> FIRST.contains(goal) ? FIRST.indexOf(goal) : 99)
            .thenComparing(Comparator.naturalOrder()));
    return goals;
  }
}
