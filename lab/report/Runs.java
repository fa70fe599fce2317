import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** All that lab/bench has measured, one line of runs.tsv a run. What was not measured is NaN. */
record Runs(List<Run> all) {

  /**
   * One run of one tool: seconds, bytes to the Pi and from it, bytes written by the Pi, the seconds for which it kept one
   * processor busy; of a pipeline also the seconds of the application's own start and of the build.
   */
  record Run(
      String link, String tool, String scenario, double seconds, double up, double down, double written, double start,
      double build, double busy) {

    static Run parse(String line) {
      String[] f = line.split("\t");
      return new Run(
          f[1], f[2], f[3], number(f, 4), number(f, 5), number(f, 6), number(f, 7), number(f, 8), number(f, 9),
          number(f, 10));
    }

    private static double number(String[] fields, int index) {
      return index >= fields.length || fields[index].isEmpty() || fields[index].equals("-")
          ? Double.NaN
          : Double.parseDouble(fields[index]);
    }

    String json() {
      return """
          {"link": "%s", "tool": "%s", "case": "%s", "seconds": %s, "up": %s, "down": %s, "written": %s, "busy": %s, "start": %s, "build": %s}"""
          .formatted(
              link, tool, scenario, Runs.json(seconds), Runs.json(up), Runs.json(down), Runs.json(written),
              Runs.json(busy), Runs.json(start), Runs.json(build));
    }
  }

  static Runs read(Path file) throws IOException {
    return new Runs(Files.exists(file) ? Files.readAllLines(file).stream().map(Run::parse).toList() : List.of());
  }

  double seconds(String link, String tool, String scenario) {
    return median(link, tool, scenario, Run::seconds);
  }

  double up(String link, String tool, String scenario) {
    return median(link, tool, scenario, Run::up);
  }

  double median(String link, String tool, String scenario, ToDoubleFunction<Run> value) {
    return median(of(link, tool, scenario), value);
  }

  List<Run> of(String link, String tool, String scenario) {
    return all.stream()
        .filter(r -> r.link.equals(link) && r.tool.equals(tool) && r.scenario.equals(scenario))
        .toList();
  }

  static double median(List<Run> runs, ToDoubleFunction<Run> value) {
    return median(runs.stream().mapToDouble(value));
  }

  static double median(DoubleStream values) {
    double[] sorted = values.filter(v -> !Double.isNaN(v)).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length == 0
        ? Double.NaN
        : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Which name has the smallest value; empty when none has a value. */
  static String least(List<String> names, ToDoubleFunction<String> value) {
    return names.stream()
        .filter(name -> !Double.isNaN(value.applyAsDouble(name)))
        .min(Comparator.comparingDouble(value))
        .orElse("");
  }

  /** One line for each link, tool and case: how many runs, and their medians. */
  List<String> medians() {
    Map<String, List<Run>> groups = new LinkedHashMap<>();
    for (Run run : all) {
      groups.computeIfAbsent(run.link + " " + run.tool + " " + run.scenario, k -> new ArrayList<>()).add(run);
    }
    return groups.values().stream()
        .map(
            runs ->
                """
                {"link": "%s", "tool": "%s", "case": "%s", "runs": %d, "seconds": %s, "up": %s, "down": %s, "written": %s, "busy": %s}"""
                    .formatted(
                        runs.get(0).link, runs.get(0).tool, runs.get(0).scenario, runs.size(),
                        json(median(runs, Run::seconds)), json(median(runs, Run::up)), json(median(runs, Run::down)),
                        json(median(runs, Run::written)), json(median(runs, Run::busy))))
        .toList();
  }

  static String json(double value) {
    return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%.3f", value).replaceFirst("\\.?0+$", "");
  }
}
