import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** All that lab/added has measured, one line of added.tsv a run. What was not measured is NaN. */
record AddedRuns(List<Run> all) {

  static final List<String> CASES = List.of("nothing", "class");
  static final List<String> OTHERS = List.of("c", "d");

  /** The whole process of one way, and of it what came after the build or, of ours, the goal; seconds. */
  record Run(String round, String link, String scenario, String way, double whole, double rest) {

    static Run parse(String line) {
      String[] f = line.split("\t");
      return new Run(f[0], f[1], f[2], f[3], Double.parseDouble(f[4]), f[5].equals("-") ? Double.NaN : Double.parseDouble(f[5]));
    }
  }

  static AddedRuns read(Path file) throws IOException {
    return new AddedRuns(Files.exists(file) ? Files.readAllLines(file).stream().map(Run::parse).toList() : List.of());
  }

  /** What the goal of a build takes, with the plugin as an extension. */
  double goal(String link, String scenario) {
    return Runs.median(of(link, scenario, "x").stream().mapToDouble(Run::rest));
  }

  /** The other way that adds the least; empty when none was measured. */
  String best(String link, String scenario) {
    return Runs.least(OTHERS, way -> median(link, scenario, way));
  }

  double median(String link, String scenario, String way) {
    return Runs.median(Arrays.stream(values(link, scenario, way)));
  }

  /** Of every round what a way adds; of package its whole seconds. */
  double[] values(String link, String scenario, String way) {
    return switch (way) {
      case "package" -> of(link, scenario, way).stream().mapToDouble(Run::whole).toArray();
      case "d" -> of(link, scenario, way).stream().mapToDouble(Run::rest).toArray();
      default -> of(link, scenario, way.equals("push") ? "d" : way).stream().mapToDouble(this::added).toArray();
    };
  }

  private double added(Run run) {
    return run.whole
        - of(run.link, run.scenario, "package").stream()
            .filter(r -> r.round.equals(run.round))
            .mapToDouble(Run::whole)
            .findFirst()
            .orElseThrow();
  }

  private List<Run> of(String link, String scenario, String way) {
    return all.stream().filter(r -> r.link.equals(link) && r.scenario.equals(scenario) && r.way.equals(way)).toList();
  }
}
