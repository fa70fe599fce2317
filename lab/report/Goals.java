import java.io.IOException;
import java.util.List;

/** What every kind of change may cost at every link: one row a case, one column a link. Only the limits are written here. */
final class Goals {

  private static final String SECONDS = "%.2f s";
  private static final String BYTES = "%,.0f bytes";
  private static final String RATIO = "%.2f";

  private final Runs runs;
  private final AddedRuns added;
  private final Tarballs tarballs;
  private final Grid grid = new Grid("");

  private Goals(Runs runs, AddedRuns added, Tarballs tarballs) {
    this.runs = runs;
    this.added = added;
    this.tarballs = tarballs;
  }

  /** PATCHED are the bytes of the jar that case "patch" changes. */
  static Grid of(Runs runs, AddedRuns added, Tarballs tarballs, double patched) throws IOException {
    Goals goals = new Goals(runs, added, tarballs);
    goals.afterThePackage();
    goals.emptyPi();
    goals.patch(patched);
    goals.boot();
    goals.six();
    goals.added();
    return goals.grid;
  }

  /** The seconds of (e) against the best of the other tools, in every case that both were measured in. */
  static Grid ahead(Runs runs) {
    Grid grid = new Grid("ahead of (a) to (d)");
    for (String scenario : Links.CASES) {
      for (String link : Links.ALL) {
        String best = best(runs, link, scenario);
        grid.add(Links.title(scenario), link, best.isEmpty() ? "" : "(" + best + ")", runs.seconds(link, "e", scenario),
            runs.seconds(link, best, scenario), SECONDS);
      }
    }
    return grid;
  }

  private void afterThePackage() {
    seconds("one class changed: `rpi:ship` of a build, as an extension", link -> added.goal(link, "class"), 0.45, 0.30, 0.25);
    seconds("nothing changed: `rpi:ship` of a build, as an extension", link -> added.goal(link, "nothing"), 0.25, 0.18, 0.15);
  }

  private void emptyPi() {
    seconds("empty Pi, nothing compressed before; not shaped: the seconds of (c)", link -> ours(link, "cold"), 34, 9.0,
        runs.seconds("none", "c", "cold"));
    seconds("two services, empty Pi", link -> ours(link, "two"), 45, 11.5, 3.4);
  }

  private void patch(double jar) {
    String row = "patch release of one of many libraries; bytes: 0.35 × the jar";
    seconds(row, link -> ours(link, "patch"), 1.3, 0.7, 0.7);
    bytes(row, "patch", 0.35 * jar);
  }

  private void boot() throws IOException {
    String row = "patch release of Spring Boot; bytes: 0.15 × the layers; seconds: those for the layers, by (d), + 5 %";
    bytes(row, "boot", 0.15 * tarballs.changed("boot"));
    for (String link : List.of("100mbit", "none")) {
      grid.add(row, link, "", ours(link, "boot"), 1.05 * runs.seconds(link, "d", "boot"), SECONDS);
    }
    grid.add("patch release of Spring Boot: seconds for which the Pi is busy; 1.5 × those for the layers, by (d)", "20mbit", "",
        runs.median("20mbit", "e", "boot", Runs.Run::busy), 1.5 * runs.median("20mbit", "d", "boot", Runs.Run::busy), SECONDS);
  }

  private void six() throws IOException {
    String row = "six services of one framework, empty Pi: bytes ÷ those of their distinct layers; not shaped: the best other's seconds";
    for (String link : List.of("20mbit", "100mbit")) {
      grid.add(row, link, "", runs.up(link, "e", "six") / tarballs.changed("six"), 0.50, RATIO);
    }
    String best = best(runs, "none", "six");
    grid.add(row, "none", best.isEmpty() ? "" : "(" + best + ")", ours("none", "six"), runs.seconds("none", best, "six"), SECONDS);
  }

  private void added() {
    for (String scenario : AddedRuns.CASES) {
      for (String link : Links.ALL) {
        String best = added.best(link, scenario);
        grid.add("*added seconds* as an extension, " + Links.title(scenario) + ": those of the best other", link,
            best.isEmpty() ? "" : "(" + best + ")", added.median(link, scenario, "x"), added.median(link, scenario, best), SECONDS);
      }
    }
  }

  /** Which of the other tools is the fastest; empty when none was measured. */
  private static String best(Runs runs, String link, String scenario) {
    return Runs.least(Links.OTHERS, tool -> runs.seconds(link, tool, scenario));
  }

  private interface Measured {
    double at(String link);
  }

  /** Limits for each of Links.ALL. */
  private void seconds(String row, Measured measured, double... limits) {
    for (int i = 0; i < limits.length; i++) {
      String link = Links.ALL.get(i);
      grid.add(row, link, "", measured.at(link), limits[i], SECONDS);
    }
  }

  /** At 20 Mbit/s, as they hardly differ between links. */
  private void bytes(String row, String scenario, double limit) {
    grid.add(row, "20mbit", "", runs.up("20mbit", "e", scenario), limit, BYTES);
  }

  private double ours(String link, String scenario) {
    return runs.seconds(link, "e", scenario);
  }
}
