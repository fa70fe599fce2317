import java.util.List;

/** The links and the cases, in the order in which they are reported. */
final class Links {
  static final List<String> ALL = List.of("20mbit", "100mbit", "none");
  static final List<String> CASES = List.of("cold", "class", "dependency", "patch", "nothing", "two");
  static final List<String> TOOLS = List.of("a", "b", "c", "d", "e");

  private Links() {}

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
    return switch (scenario) {
      case "cold" -> "empty Pi";
      case "cold-again" -> "empty Pi, layer cache warm";
      case "old-engine" -> "empty Pi with Engine 20.10";
      case "class" -> "one class changed";
      case "dependency" -> "one more library";
      case "patch" -> "patch release of one library";
      case "nothing" -> "nothing changed";
      case "two" -> "two services, empty Pi";
      default -> throw new IllegalArgumentException(scenario);
    };
  }
}
