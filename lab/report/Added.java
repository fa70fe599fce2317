import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;

/** {@code java Added added.tsv facts.properties performance.md}: writes what lab/added measured between the "added" marks of the page. */
public final class Added {

  private final AddedRuns runs;
  private final StringBuilder text = new StringBuilder();

  private Added(AddedRuns runs) {
    this.runs = runs;
  }

  public static void main(String[] args) throws IOException {
    Properties facts = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(args[1]))) {
      facts.load(reader);
    }
    Added added = new Added(AddedRuns.read(Path.of(args[0])));
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
        The limits are under *Figures to reach*.

        | | |
        | --- | --- |
        | (c) | `mvn package`, then `ssh PI docker load < jib-image.tar`; at 20 Mbit/s, where that takes longest, in three rounds only |
        | (d) | what it has after `mvn package`: `docker pull` and `docker tag` through `ssh -R`; its push to the registry is not counted |
        | (d) and push | the same after `mvn package jib:build`, which also pushes to the registry on the build machine |
        | (e) | `mvn deploy` with only `rpi:ship` bound; Maven's install is part of it |
        | (e) extension | the same with `<extensions>true</extensions>` |
        | its goal | of that what comes after the build: `rpi:ship`, as `deploy.json` has it |
        | seconds | median, from the smallest to the greatest |

        | | `mvn package` | (c) | (d) | (d) and push | (e) | (e) extension | its goal | rounds |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- |""");
    for (String link : Links.ALL) {
      for (String scenario : AddedRuns.CASES) {
        row(link, scenario);
      }
    }
    line("");
  }

  private void row(String link, String scenario) {
    int rounds = runs.values(link, scenario, "package").length;
    if (rounds > 0) {
      line("| %s, %s | %s | %.2f s | %d |", Links.name(link), Links.title(scenario),
          List.of("package", "c", "d", "push", "e", "x").stream()
              .map(way -> cell(runs.values(link, scenario, way)))
              .collect(Collectors.joining(" | ")),
          runs.goal(link, scenario), rounds);
    }
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
