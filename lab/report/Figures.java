import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures to reach, each held against what was measured. */
final class Figures {

  /** One figure; which of them is the better is the same for all: the smaller. NOTE is what a cell says besides. */
  record Figure(String title, String note, double measured, double limit, String format) {

    Figure(String title, double measured, double limit, String format) {
      this(title, "", measured, limit, format);
    }

    String verdict() {
      return Double.isNaN(measured) || Double.isNaN(limit)
          ? "not measured"
          : measured <= limit ? "reached" : "not reached";
    }

    String row() {
      return "| %s | %s | %s | %s |".formatted(title, text(measured), text(limit), marked());
    }

    /** The same, where title and link are told by the row and column. */
    String cell() {
      if (Double.isNaN(limit)) {
        return "not measured";
      }
      String held = text(limit) + (note.isEmpty() ? "" : " " + note) + ": " + marked();
      return Double.isNaN(measured) ? "≤ " + held : text(measured) + (measured <= limit ? " ≤ " : " > ") + held;
    }

    private String marked() {
      return verdict().equals("not reached") ? "**not reached**" : verdict();
    }

    private String text(double value) {
      return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
    }

    String json() {
      return """
          {"figure": "%s", "measured": %s, "limit": %s, "verdict": "%s"}"""
          .formatted(title, Runs.json(measured), Runs.json(limit), verdict());
    }
  }

  private static final String BYTES = "%,.0f bytes";
  private static final String SECONDS = "%.2f s";
  private static final double KIB = 1024;

  private final Runs runs;
  private final Tarballs tarballs;
  private final List<Figure> all = new ArrayList<>();

  private Figures(Runs runs, Tarballs tarballs) {
    this.runs = runs;
    this.tarballs = tarballs;
  }

  static List<Figure> of(Runs runs, Tarballs tarballs, Path layerCache) throws IOException {
    Figures figures = new Figures(runs, tarballs);
    figures.little();
    figures.cold(layerCache);
    figures.pipeline();
    return figures.all;
  }

  private void little() throws IOException {
    double changed = tarballs.changed("class") + tarballs.documents("class", "auth-server");
    add("One class changed: bytes to the Pi ≤ changed layers + config + manifest + 24 KiB",
        ours("20mbit", "class", true), changed + 24 * KIB, BYTES);
    add("One class changed, 20 Mbit/s: ≤ 2.0 s", ours("20mbit", "class", false), 2.0, SECONDS);
    add("Nothing changed: bytes to the Pi ≤ 16 KiB", ours("20mbit", "nothing", true), 16 * KIB, BYTES);
    add("Nothing changed, 20 Mbit/s: ≤ 1.5 s", ours("20mbit", "nothing", false), 1.5, SECONDS);
    for (String tool : List.of("a", "c")) {
      add("One class changed: bytes to the Pi ≤ 1/100 of those of (" + tool + ")",
          ours("20mbit", "class", true), runs.up("20mbit", tool, "class") / 100, BYTES);
    }
  }

  private void cold(Path layerCache) throws IOException {
    double layers = tarballs.layerBytes("base", "auth-server");
    add("Empty Pi: bytes to the Pi ≤ 0.85 × the tarball's layers", ours("20mbit", "cold", true), 0.85 * layers, BYTES);
    cold("20mbit", "cold", 0.92, "Empty Pi, 20 Mbit/s: ≤ 0.92 × tarball ÷ rate, + load");
    cold("100mbit", "cold", 1.0, "Empty Pi, 100 Mbit/s, layer cache empty: ≤ 1.0 × tarball ÷ rate, + load");
    cold("100mbit", "cold-again", 1.0, "Empty Pi, 100 Mbit/s, layer cache warm: the same");
    add("Empty Pi with Engine 20.10: bytes to the Pi ≤ 1.08 × the tarball's layers",
        ours("20mbit", "old-engine", true), 1.08 * layers, BYTES);
    cold("20mbit", "old-engine", 1.15, "Empty Pi with Engine 20.10, 20 Mbit/s: ≤ 1.15 × tarball ÷ rate, + load");
    cold("100mbit", "old-engine", 1.15, "Empty Pi with Engine 20.10, 100 Mbit/s: the same");
    add("Two services, empty Pi: bytes to the Pi ≤ 1.01 × their distinct layers as sent",
        ours("20mbit", "two", true), 1.01 * tarballs.asSent(layerCache), BYTES);
    // Throughput is the tarball's bytes a second, in whatever form they travel; so it is told as seconds.
    double theirs = runs.seconds("none", "c", "cold");
    add("Empty Pi, not shaped, layer cache empty: throughput ≥ 0.8 × (c)", ours("none", "cold", false), theirs / 0.8, SECONDS);
    add("Empty Pi, not shaped, layer cache warm: the same", ours("none", "cold-again", false), theirs / 0.8, SECONDS);
  }

  /** What docker load needs after the last byte is taken from (c), of which all the rest is the link. */
  private void cold(String link, String scenario, double factor, String title) throws IOException {
    double atRate = tarballs.size("base", "auth-server") / Links.bytesPerSecond(link);
    double load = runs.seconds(link, "c", "cold") - atRate;
    add(title, ours(link, scenario, false), factor * atRate + load, SECONDS);
  }

  private void pipeline() {
    for (String scenario : List.of("warm", "cold")) {
      add("Edit to verified, without the application's start, " + scenario + ": ≤ 1/10 of the original pipeline",
          rest("pipeline-b", scenario), rest("pipeline-a", scenario) / 10, "%.1f s");
    }
  }

  private double rest(String tool, String scenario) {
    return runs.median("20mbit", tool, scenario, r -> r.seconds() - r.start());
  }

  private double ours(String link, String scenario, boolean bytes) {
    return bytes ? runs.up(link, "e", scenario) : runs.seconds(link, "e", scenario);
  }

  private void add(String title, double measured, double limit, String format) {
    all.add(new Figure(title, measured, limit, format));
  }
}
