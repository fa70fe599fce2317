import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code java Report BENCH_DIRECTORY bench.json performance.md}: makes the report of what lab/bench measured. Parts
 * of an existing page that are written otherwise are {@link Kept}.
 */
public final class Report {
  private final Properties facts = new Properties();
  private final Runs runs;
  private final Tarballs tarballs;
  private final Grid goals;
  private final Grid ahead;
  private final List<Figures.Figure> figures;
  private final StringBuilder page = new StringBuilder();

  private Report(Path bench) throws IOException {
    try (Reader reader = Files.newBufferedReader(bench.resolve("facts.properties"))) {
      facts.load(reader);
    }
    runs = Runs.read(bench.resolve("runs.tsv"));
    tarballs = new Tarballs(bench);
    goals = Goals.of(runs, AddedRuns.read(bench.resolve("added.tsv")), tarballs, number(fact("patched")));
    ahead = Goals.ahead(runs);
    figures = Figures.of(runs, tarballs, bench.resolve("layers/two"));
  }

  public static void main(String[] args) throws IOException {
    Report report = new Report(Path.of(args[0]));
    Path page = Path.of(args[2]);
    report.write(Files.exists(page) ? Files.readString(page) : "");
    Files.writeString(Path.of(args[1]), report.json());
    Files.createDirectories(page.toAbsolutePath().getParent());
    Files.writeString(page, report.page);
    System.out.println(report.page);
  }

  private void write(String before) throws IOException {
    line("# How fast it is");
    line("");
    line("Measured by `lab/bench` on %s, commit %s, and written by `lab/bench report`.", fact("date"), fact("commit"));
    line("To repeat it on a quiet machine: `lab/bench fresh && lab/bench`, less than two hours; then `lab/bench pipeline`, 40 minutes,"
        + " and `lab/bench downtime`, 20 minutes.");
    line("");
    line("* Machine: %s processors (%s), %s, %s. Build machine, link and Pi in a box share them; the Pi has no SD card.",
        fact("processors"), fact("processor"), fact("memory"), fact("kernel"));
    line("* Versions: %s, %s, %s; Docker Engine of the build machine %s, of the Pi %s.",
        fact("java"), fact("maven"), fact("openssh"), fact("engine"), fact("piEngine"));
    line("* Images: the sample services, built by Jib on the ARM64 Java base of the lab: auth-server is a tarball of %s.",
        amount(tarballs.size("base", "auth-server")));
    legend();
    for (String link : Links.ALL) {
      table(link);
    }
    pipeline();
    line("");
    line("%s", Kept.ADDED.of(before));
    line("");
    line("%s", Kept.DOWNTIME.of(before));
    line("");
    line("## Figures to reach");
    line("");
    line("Medians of the runs above, and the limits that they are held against.");
    line("");
    for (Grid grid : List.of(goals, ahead)) {
      grid.table().forEach(row -> line("%s", row));
      line("");
    }
    line("| figure | measured | limit | |");
    line("| --- | --- | --- | --- |");
    figures.forEach(figure -> line("%s", figure.row()));
    line("");
    line("*Load*: what `docker load` needs after the last byte, taken as (c) empty Pi − tarball ÷ rate.");
    line("A tarball of 2 GB ships with `-Xmx128m`: `SmallHeapIT` shows it in every `mvn verify`.");
    line("");
    line("## Why some are not reached");
    line("");
    line("%s", Kept.REASONS.of(before));
  }

  private void legend() {
    line(
        """

        | | |
        | --- | --- |
        | (a) | `docker save IMAGE \\| ssh PI docker load`, OpenSSH |
        | (b) | the same through `gzip -1` |
        | (c) | Jib's whole tarball: `ssh PI docker load < jib-image.tar` |
        | (d) | `ssh -R` to a registry on the build machine, `docker pull` and `docker tag` on the Pi; the push to the registry is not counted |
        | (e) | `rpi:ship`: connect, probe, load, prove; the start of Maven's JVM is not counted |
        | floor | compressed bytes of the layers that the case changes ÷ rate of the link |
        | seconds | median; for two services the time for both |
        | ↑ ↓ | bytes that crossed the link to and from the Pi, everything from the SSH banner on; median |
        | written, busy | what the processes of the Pi wrote to its file system (`write_bytes` of /proc), and the seconds of its processors' time; median |
        | patch release of one library | one jar of %,.0f bytes, among the others in its layer, is another release of nimbus-jose-jwt |
        | patch release of Spring Boot | %s instead of %s, with every library that it manages |
        | the project's own library | a module of the reactor with 300 classes, a jar in a layer of its own, as Jib has it |
        | another build of the JRE | the same base image with the Java of another package of Debian: %s instead of %s; on overlay2 no layer above a changed one can stay |
        | six services | on one base, each with other starters of Spring Boot |
        | empty Pi | no image, no record of sent layers; for (e) also nothing compressed before, unless *layer cache warm* |
        | fresh CI runner | it has the build, and no cache of the plugin; an empty Pi is that too. The Pi has the release before |
        | Engine 28 | %s, whose images are in the containerd store; everything else is Engine %s |
        | side by side | at 20 Mbit/s, (a), (b) and (c) run at the same time, each to its own Pi over its own link, because they wait for the link; everything else runs alone |

        (a) and (b) send everything whatever has changed, so they were measured in fewer cases; and what takes long, in fewer rounds.""",
        number(fact("patched")), fact("otherBoot"), fact("boot"), fact("otherJre"), fact("jre"), fact("newEngine"), fact("piEngine"));
  }

  private void table(String link) throws IOException {
    line("");
    line("## %s", Links.name(link));
    line("");
    line("| | floor | (a) | (b) | (c) | (d) | (e) |");
    line("| --- | --- | --- | --- | --- | --- | --- |");
    for (String scenario : Links.CASES) {
      double floor = tarballs.changed(scenario) / Links.bytesPerSecond(link);
      line("| %s | %s | %s |", Links.title(scenario), link.equals("none") ? "" : text(floor < 0.1 ? "%.3f s" : "%.2f s", floor),
          Links.TOOLS.stream().map(tool -> cell(link, tool, scenario)).collect(Collectors.joining(" | ")));
    }
    for (String scenario : Links.OURS) {
      line("| %s | | | | | | %s |", Links.title(scenario), cell(link, "e", scenario));
    }
    line("");
    line("Runs of each: %s.", counts(link));
  }

  private String cell(String link, String tool, String scenario) {
    double seconds = runs.seconds(link, tool, scenario);
    return Double.isNaN(seconds)
        ? ""
        : "**%s**<br>↑ %s ↓ %s<br>%s written%s".formatted(
            text("%.2f s", seconds), amount(runs.up(link, tool, scenario)),
            amount(runs.median(link, tool, scenario, Runs.Run::down)),
            amount(runs.median(link, tool, scenario, Runs.Run::written)),
            text(", %.1f s busy", runs.median(link, tool, scenario, Runs.Run::busy)));
  }

  /** "3", or "1 to 3". */
  private String counts(String link) {
    IntSummaryStatistics counts =
        Links.TOOLS.stream()
            .flatMap(tool -> Links.cases().map(scenario -> runs.of(link, tool, scenario).size()))
            .filter(count -> count > 0)
            .mapToInt(Integer::intValue)
            .summaryStatistics();
    return counts.getCount() == 0
        ? "0"
        : counts.getMin() == counts.getMax() ? Integer.toString(counts.getMax()) : counts.getMin() + " to " + counts.getMax();
  }

  private void pipeline() {
    line(
        """

        ## From an edit to a verified service

        One line of auth-server changed, 20 Mbit/s, 30 ms.
        (a) the original way: `docker build` for linux/arm64 of a Dockerfile that runs Maven, under QEMU; `docker save | ssh docker load`; \
        `docker compose up -d --force-recreate --no-deps`; `curl` until it answers. (b) `mvn deploy -pl auth-server`.
        Both with `-B -ntp -DskipTests`: neither runs the module's tests. *Warm*: built and deployed before. *Cold*: an empty Pi; (a) without builder cache, \
        its base images there; (b) without Jib's caches, the layer cache and `target`, Maven's local repository there. \
        *Cold, nothing downloaded*: (b) also with an empty local repository, as (a) cold has it.
        The application starts under emulation, which no Pi needs, so that time has its own column.

        | | all | build | application's own start | the rest: ship, recreate, verify | all without the start | runs |
        | --- | --- | --- | --- | --- | --- | --- |""");
    row("(a) warm", "pipeline-a", "warm");
    row("(b) warm", "pipeline-b", "warm");
    row("(a) cold", "pipeline-a", "cold");
    row("(b) cold", "pipeline-b", "cold");
    row("(b) cold, nothing downloaded", "pipeline-b", "fresh");
  }

  private void row(String title, String tool, String scenario) {
    List<Runs.Run> measured = runs.of("20mbit", tool, scenario);
    List<ToDoubleFunction<Runs.Run>> columns =
        List.of(
            Runs.Run::seconds, Runs.Run::build, Runs.Run::start, r -> r.seconds() - r.build() - r.start(),
            r -> r.seconds() - r.start());
    line("| %s | %s | %d |", title,
        columns.stream().map(c -> text("%.1f s", Runs.median(measured, c))).collect(Collectors.joining(" | ")), measured.size());
  }

  private static double number(String text) {
    return text.matches("[0-9]+") ? Double.parseDouble(text) : Double.NaN;
  }

  private String fact(String name) {
    String fact = facts.getProperty(name, "");
    return fact.isEmpty() ? "?" : fact;
  }

  private void line(String format, Object... values) {
    page.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String text(String format, double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
  }

  private static String amount(double bytes) {
    return bytes < 1e6 ? text("%.1f kB", bytes / 1e3) : text("%.1f MB", bytes / 1e6);
  }

  private String json() {
    String all =
        facts.stringPropertyNames().stream()
            .sorted()
            .map(name -> "  \"%s\": \"%s\",\n".formatted(name, fact(name).replaceAll("[\\p{Cntrl}\"\\\\]", "")))
            .collect(Collectors.joining());
    return "{\n" + all + list("figures", Stream.of(goals.figures(), ahead.figures(), figures).flatMap(List::stream).map(Figures.Figure::json).toList()) + ",\n"
        + list("medians", runs.medians()) + ",\n" + list("runs", runs.all().stream().map(Runs.Run::json).toList()) + "\n}\n";
  }

  private static String list(String name, List<String> items) {
    return "  \"" + name + "\": [\n    " + String.join(",\n    ", items) + "\n  ]";
  }
}
