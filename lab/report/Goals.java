import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What every kind of change may cost at every link: one row a case, one column a link. Only the limits are written here. */
final class Goals {

  private static final String SECONDS = "%.2f s";
  private static final String BYTES = "%,.0f bytes";
  private static final String RATIO = "%.2f";

  private final Runs runs;
  private final AddedRuns added;
  private final Tarballs tarballs;
  private final double patched;

  /** By row and link. */
  private final Map<String, Map<String, List<Figures.Figure>>> rows = new LinkedHashMap<>();

  private Goals(Runs runs, AddedRuns added, Tarballs tarballs, double patched) {
    this.runs = runs;
    this.added = added;
    this.tarballs = tarballs;
    this.patched = patched;
  }

  /** PATCHED are the bytes of the jar that case "patch" changes. */
  static Goals of(Runs runs, AddedRuns added, Tarballs tarballs, double patched) throws IOException {
    Goals goals = new Goals(runs, added, tarballs, patched);
    goals.afterThePackage();
    goals.emptyPi();
    goals.newRelease();
    goals.six();
    goals.added();
    goals.processor();
    return goals;
  }

  List<Figures.Figure> figures() {
    return rows.values().stream().flatMap(row -> row.values().stream()).flatMap(List::stream).toList();
  }

  Stream<String> table() {
    return Stream.concat(
        Stream.of(
            "| | " + Links.ALL.stream().map(Links::name).collect(Collectors.joining(" | ")) + " |", "| --- | --- | --- | --- |"),
        rows.entrySet().stream()
            .map(
                row ->
                    "| " + row.getKey() + " | "
                        + Links.ALL.stream()
                            .map(link -> row.getValue().getOrDefault(link, List.of()))
                            .map(cell -> cell.stream().map(Figures.Figure::cell).collect(Collectors.joining("<br>")))
                            .collect(Collectors.joining(" | "))
                        + " |"));
  }

  private void afterThePackage() {
    seconds("One class changed: `rpi:ship` of a build, as an extension", link -> added.goal(link, "class"), 0.45, 0.30, 0.25);
    seconds("Nothing changed: the same", link -> added.goal(link, "nothing"), 0.25, 0.18, 0.15);
  }

  private void emptyPi() {
    seconds("Empty Pi, nothing compressed before; not shaped: the seconds of (c)", link -> ours(link, "cold"), 34, 9.0,
        runs.seconds("none", "c", "cold"));
    seconds("Two services, empty Pi", link -> ours(link, "two"), 45, 11.5, 3.4);
  }

  private void newRelease() throws IOException {
    String patch = "One of many jars in another patch release; bytes: 0.35 × the jar";
    seconds(patch, link -> ours(link, "patch"), 1.3, 0.7, 0.7);
    add(patch, "20mbit", "", runs.up("20mbit", "e", "patch"), 0.35 * patched, BYTES);
    String boot = "Patch release of Spring Boot; bytes: 0.15 × the layers; seconds: those of the layers, by (d), + 5 %";
    add(boot, "20mbit", "", runs.up("20mbit", "e", "boot"), 0.15 * tarballs.changed("boot"), BYTES);
    for (String link : List.of("100mbit", "none")) {
      add(boot, link, "", ours(link, "boot"), 1.05 * runs.seconds(link, "d", "boot"), SECONDS);
    }
  }

  private void six() throws IOException {
    String six = "Six services of one framework, empty Pi: bytes ÷ those of their distinct layers; not shaped: the best other's seconds";
    double layers = tarballs.changed("six");
    for (String link : List.of("20mbit", "100mbit")) {
      add(six, link, "", layers > 0 ? runs.up(link, "e", "six") / layers : Double.NaN, 0.50, RATIO);
    }
    add(six, "none", "", ours("none", "six"), Figures.best(runs, "none", "six").seconds(), SECONDS);
  }

  private void added() {
    for (String link : Links.ALL) {
      for (String scenario : AddedRuns.CASES) {
        String best = added.best(link, scenario);
        add("*Added seconds*, as an extension: those of the best other", link,
            Links.title(scenario) + (best == null ? "" : ", (" + best + ")"), added.median(link, scenario, "x"),
            best == null ? Double.NaN : added.median(link, scenario, best), SECONDS);
      }
    }
  }

  private void processor() {
    add("Patch release of Spring Boot: seconds of the Pi's processor ≤ 1.5 × those for the layers, by (d)", "20mbit", "",
        runs.median("20mbit", "e", "boot", Runs.Run::busy), 1.5 * runs.median("20mbit", "d", "boot", Runs.Run::busy), SECONDS);
  }

  private interface Measured {
    double at(String link);
  }

  /** Limits for each of Links.ALL. */
  private void seconds(String row, Measured measured, double... limits) {
    for (int i = 0; i < limits.length; i++) {
      String link = Links.ALL.get(i);
      add(row, link, "", measured.at(link), limits[i], SECONDS);
    }
  }

  private double ours(String link, String scenario) {
    return runs.seconds(link, "e", scenario);
  }

  private void add(String row, String link, String note, double measured, double limit, String format) {
    rows.computeIfAbsent(row, r -> new LinkedHashMap<>())
        .computeIfAbsent(link, l -> new ArrayList<>())
        .add(new Figures.Figure(Links.name(link) + (note.isEmpty() ? "" : ", " + note) + ": " + row, note, measured, limit, format));
  }
}
