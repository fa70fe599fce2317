import java.util.List;
import java.util.stream.Stream;

/** The links and the cases, in the order in which they are reported. */
final class Links {
  static final List<String> ALL = List.of("20mbit", "100mbit", "none");
  static final List<String> CASES =
      List.of("cold", "class", "dependency", "patch", "boot", "library", "jre", "nothing", "two", "six");

  /** What only (e) was measured in. */
  static final List<String> OURS =
      List.of(
          "cold-again", "class-fresh", "patch-fresh", "boot-fresh", "cold-28", "nothing-28", "class-28", "patch-28",
          "boot-28", "old-engine");

  static final List<String> TOOLS = List.of("a", "b", "c", "d", "e");
  static final List<String> OTHERS = List.of("a", "b", "c", "d");

  private Links() {}

  static Stream<String> cases() {
    return Stream.concat(CASES.stream(), OURS.stream());
  }

  static String name(String link) {
    return switch (link) {
      case "20mbit" -> "20 Mbit/s, 30 ms";
      case "100mbit" -> "100 Mbit/s, 5 ms";
      default -> "not shaped";
    };
  }

  /** Infinite if the link is not shaped. */
  static double bytesPerSecond(String link) {
    return switch (link) {
      case "20mbit" -> 2.5e6;
      case "100mbit" -> 12.5e6;
      default -> Double.POSITIVE_INFINITY;
    };
  }

  static String title(String scenario) {
    if (scenario.endsWith("-28")) {
      return title(scenario.substring(0, scenario.length() - 3)) + ", Engine 28 with the containerd store";
    }
    if (scenario.endsWith("-fresh")) {
      return title(scenario.substring(0, scenario.length() - 6)) + ", from a fresh CI runner";
    }
    return switch (scenario) {
      case "cold" -> "empty Pi";
      case "cold-again" -> "empty Pi, layer cache warm";
      case "old-engine" -> "empty Pi with Engine 20.10";
      case "class" -> "one class changed";
      case "dependency" -> "one more library";
      case "patch" -> "patch release of one library";
      case "boot" -> "patch release of Spring Boot";
      case "library" -> "one class of the project's own library changed";
      case "jre" -> "another build of the JRE";
      case "nothing" -> "nothing changed";
      case "two" -> "two services, empty Pi";
      case "six" -> "six services, empty Pi";
      default -> throw new IllegalArgumentException(scenario);
    };
  }
}
