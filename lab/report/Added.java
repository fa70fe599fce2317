import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** {@code java Added added.tsv facts.properties performance.md}: writes what lab/added measured between the "added" marks of the page. */
public final class Added {

  /** What the goal of a build may take, with the plugin as an extension: seconds by link and case. */
  private static final Map<String, Double> GOAL =
      Map.of(
          "20mbit class", 0.45, "100mbit class", 0.30, "none class", 0.25,
          "20mbit nothing", 0.25, "100mbit nothing", 0.18, "none nothing", 0.15);

  private static final List<String> CASES = List.of("nothing", "class");
  private static final List<String> OTHERS = List.of("c", "d");

  /** The whole process of one way, and of it what came after the build or, of ours, the goal; seconds. */
  private record Run(String round, String link, String scenario, String way, double whole, double rest) {

    static Run parse(String line) {
      String[] f = line.split("\t");
      return new Run(f[0], f[1], f[2], f[3], Double.parseDouble(f[4]), f[5].equals("-") ? Double.NaN : Double.parseDouble(f[5]));
    }
  }

  private final List<Run> runs;
  private final StringBuilder text = new StringBuilder();

  private Added(List<Run> runs) {
    this.runs = runs;
  }

  public static void main(String[] args) throws IOException {
    Properties facts = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(args[1]))) {
      facts.load(reader);
    }
    Added added = new Added(Files.readAllLines(Path.of(args[0])).stream().map(Run::parse).toList());
    added.write(facts);
    Path page = Path.of(args[2]);
    Files.writeString(page, Kept.ADDED.replace(Files.readString(page), added.text.toString()));
    System.out.println(added.text);
  }

  private void write(Properties facts) {
    line(Kept.heading("What it adds to a build", "added", facts));
    line(
        """
        What a user waits for: the whole process, from the start of Maven's JVM to its end, minus `mvn package -pl auth-server` of the same round.
        A round takes every way once, in an order of chance, all with the same build by Maven and Jib, `-DskipTests`.
        Where one class changed, each way builds after an edit of its own; afterwards it is checked that the Pi has what was built.

        | | |
        | --- | --- |
        | (c) | `mvn package`, then `ssh PI docker load < jib-image.tar` |
        | (d) | what it has after `mvn package`: `docker pull` and `docker tag` through `ssh -R`; its push to the registry is not counted |
        | (d) and push | the same after `mvn package jib:build`, which also pushes to the registry on the build machine |
        | (e) | `mvn deploy` with only `rpi:ship` bound; Maven's install is part of it |
        | (e) extension | the same with `<extensions>true</extensions>` |
        | seconds | median, from the smallest to the greatest |

        | | `mvn package` | (c) | (d) | (d) and push | (e) | (e) extension | rounds |
        | --- | --- | --- | --- | --- | --- | --- | --- |""");
    List<String> links = Links.ALL.stream().filter(link -> runs.stream().anyMatch(r -> r.link.equals(link))).toList();
    for (String link : links) {
      for (String scenario : CASES) {
        line("| %s, %s | %s | %d |", Links.name(link), Links.title(scenario),
            List.of("package", "c", "d", "push", "e", "x").stream()
                .map(way -> cell(values(link, scenario, way)))
                .collect(Collectors.joining(" | ")),
            values(link, scenario, "package").length);
      }
    }
    line("");
    line("| figure | measured | limit | |");
    line("| --- | --- | --- | --- |");
    links.forEach(this::figures);
    line("");
  }

  private void figures(String link) {
    for (String scenario : CASES) {
      String title = "%s, %s".formatted(Links.name(link), Links.title(scenario));
      double limit = GOAL.get(link + " " + scenario);
      figure("%s: the goal of a build, as an extension, ≤ %.2f s".formatted(title, limit), goal(link, scenario), limit);
      String best = "c";
      for (String other : OTHERS) {
        best = median(link, scenario, other) < median(link, scenario, best) ? other : best;
      }
      figure("%s: adds, as an extension, ≤ the best other, (%s)".formatted(title, best), median(link, scenario, "x"),
          median(link, scenario, best));
    }
  }

  private void figure(String title, double measured, double limit) {
    line("%s", new Figures.Figure(title, measured, limit, "%.2f s").row());
  }

  private double goal(String link, String scenario) {
    return Runs.median(of(link, scenario, "x").stream().mapToDouble(Run::rest));
  }

  private double median(String link, String scenario, String way) {
    return Runs.median(Arrays.stream(values(link, scenario, way)));
  }

  /** Of every round what a way adds; of package its whole seconds. */
  private double[] values(String link, String scenario, String way) {
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
    return runs.stream().filter(r -> r.link.equals(link) && r.scenario.equals(scenario) && r.way.equals(way)).toList();
  }

  private static String cell(double[] values) {
    return values.length == 0
        ? ""
        : String.format(Locale.ROOT, "**%.2f s**, %.2f to %.2f s", Runs.median(Arrays.stream(values)),
            Arrays.stream(values).min().orElseThrow(), Arrays.stream(values).max().orElseThrow());
  }

  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values)).append('\n');
  }
}
