import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code java BenchReport.java FACTS RUNS BENCH_DIRECTORY bench.json performance.md}: makes the report of what
 * lab/bench measured. What stands between the two "reasons" marks of an existing report is kept.
 */
public final class BenchReport {
  private static final List<String> LINKS = List.of("20mbit", "100mbit", "none");
  private static final List<String> CASES = List.of("cold", "class", "dependency", "nothing", "two");
  private static final List<String> TOOLS = List.of("a", "b", "c", "d", "e");
  private static final Map<String, String> LINK_NAMES =
      Map.of("20mbit", "20 Mbit/s, 30 ms", "100mbit", "100 Mbit/s, 5 ms", "none", "not shaped");
  private static final Map<String, Double> BYTES_PER_SECOND = Map.of("20mbit", 2.5e6, "100mbit", 12.5e6);
  private static final String BEGIN = "<!-- reasons -->";
  private static final String END = "<!-- /reasons -->";

  /** One run of one tool. */
  private record Run(String link, String tool, String scenario, double seconds, double up, double down, double written) {}

  private final Properties facts = new Properties();
  private final List<Run> runs = new ArrayList<>();
  private final Path bench;
  private final StringBuilder page = new StringBuilder();
  private final List<String> figures = new ArrayList<>();

  private BenchReport(Path facts, Path runs, Path bench) throws IOException {
    try (Reader reader = Files.newBufferedReader(facts)) {
      this.facts.load(reader);
    }
    for (String line : Files.readAllLines(runs)) {
      String[] f = line.split("\t");
      this.runs.add(new Run(f[1], f[2], f[3], number(f[4]), number(f[5]), number(f[6]), number(f[7])));
    }
    this.bench = bench;
  }

  public static void main(String[] args) throws IOException {
    BenchReport report = new BenchReport(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
    Path page = Path.of(args[4]);
    String kept = Files.exists(page) ? Files.readString(page) : "";
    report.write(reasons(kept));
    Files.writeString(Path.of(args[3]), report.json());
    Files.writeString(page, report.page.toString());
    System.out.println(report.page);
  }

  private static double number(String text) {
    return text.isEmpty() || text.equals("-") ? Double.NaN : Double.parseDouble(text);
  }

  private static String reasons(String page) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    return begin < 0 || end < begin ? "\n" : page.substring(begin + BEGIN.length(), end);
  }

  /** The median of what was measured, NaN if nothing was. */
  private double median(String link, String tool, String scenario, ToDoubleFunction<Run> value) {
    double[] all =
        runs.stream()
            .filter(r -> r.link.equals(link) && r.tool.equals(tool) && r.scenario.equals(scenario))
            .mapToDouble(value)
            .filter(v -> !Double.isNaN(v))
            .sorted()
            .toArray();
    return all.length == 0 ? Double.NaN : all.length % 2 == 1 ? all[all.length / 2] : (all[all.length / 2 - 1] + all[all.length / 2]) / 2;
  }

  private double seconds(String link, String tool, String scenario) {
    return median(link, tool, scenario, Run::seconds);
  }

  private double up(String link, String tool, String scenario) {
    return median(link, tool, scenario, Run::up);
  }

  private void write(String reasons) throws IOException {
    line("# How fast it is");
    line("");
    line("Made by `lab/bench` (%s, commit %s); to repeat it: `lab/bench fresh && lab/bench && lab/bench pipeline`, about two hours.", facts.getProperty("date"), facts.getProperty("commit"));
    line("What each tool is, and how it is measured, stands in [lab/README.md](../lab/README.md).");
    line("");
    line("Machine: %s processors (%s), %s, %s; %s; %s; %s; Engine of the build machine %s, of the Pi in a box %s.", facts.getProperty("processors"), facts.getProperty("processor"), facts.getProperty("memory"), facts.getProperty("kernel"), facts.getProperty("java"), facts.getProperty("maven"), facts.getProperty("openssh"), facts.getProperty("engine"), facts.getProperty("piEngine"));
    line("Build machine, link and Pi share these processors. Images: the sample services on the ARM64 Java base of the lab, %s as a tarball.", mega(tarball("base", "auth-server")));
    line("");
    line("(a) `docker save | ssh docker load` · (b) the same with `gzip -1` · (c) Jib's tarball through `ssh docker load` · (d) `docker pull` of a registry of the build machine through `ssh -R` · (e) `rpi:ship`.");
    line("Seconds are medians; bytes go to the Pi, everything included from the SSH banner on; *written* is what the Pi's processes write to its disk. *Floor*: the compressed layers that changed, at the rate of the link.");
    for (String link : LINKS) {
      table(link);
    }
    more();
    pipeline();
    figures();
    line("");
    line("## Why some are not reached");
    line(BEGIN + reasons + END);
  }

  private void table(String link) throws IOException {
    line("");
    line("## %s", LINK_NAMES.get(link));
    line("");
    line("| | floor | (a) | (b) | (c) | (d) | (e) |");
    line("| --- | --- | --- | --- | --- | --- | --- |");
    for (String scenario : CASES) {
      StringBuilder row = new StringBuilder("| " + title(scenario) + " | ");
      Double rate = BYTES_PER_SECOND.get(link);
      row.append(rate == null ? "" : "%.2f s".formatted(changed(scenario) / rate)).append(" |");
      for (String tool : TOOLS) {
        double seconds = seconds(link, tool, scenario);
        row.append(
            Double.isNaN(seconds)
                ? " |"
                : " %.2f s, %s up, %s written |".formatted(seconds, mega(up(link, tool, scenario)), mega(median(link, tool, scenario, Run::written))));
      }
      line(row.toString());
    }
    double count = runs.stream().filter(r -> r.link.equals(link) && r.tool.equals("e") && r.scenario.equals("cold")).count();
    line("");
    line("%.0f runs of each.", count);
  }

  private void more() {
    line("");
    line("## (e) in other circumstances");
    line("");
    for (String link : LINKS) {
      line("* %s: cold with the base layer compressed before %.2f s, %s; on Engine 20.10, which cannot read zstd, %.2f s, %s.", LINK_NAMES.get(link), seconds(link, "e", "cold-again"), mega(up(link, "e", "cold-again")), seconds(link, "e", "old-engine"), mega(up(link, "e", "old-engine")));
    }
  }

  private void pipeline() {
    line("");
    line("## From an edit to a verified service");
    line("");
    line("One line of auth-server changed, link 20 Mbit/s, 30 ms. (a): `docker build` for linux/arm64 under QEMU, `docker save | ssh docker load`, `docker compose up`, `curl` until it answers. (b): `mvn deploy -pl auth-server`. Neither runs the tests of the module.");
    line("");
    line("| | all | the application's own start | the rest |");
    line("| --- | --- | --- | --- |");
    for (String tool : List.of("pipeline-a", "pipeline-b")) {
      for (String scenario : List.of("warm", "cold")) {
        double all = median("20mbit", tool, scenario, Run::seconds);
        double start = median("20mbit", tool, scenario, Run::written);
        line("| (%s) %s | %.0f s | %.0f s | %.0f s |", tool.substring(9), scenario, all, start, all - start);
      }
    }
  }

  private void figures() throws IOException {
    double layers = layers("base", "auth-server").values().stream().mapToLong(Long::longValue).sum();
    double changed = changed("class") + documents();
    figure("One class changed: bytes to the Pi at most the changed layers, config and manifest + 24 KiB", up("20mbit", "e", "class"), changed + 24 * 1024, "%.0f");
    figure("One class changed, 20 Mbit/s: at most 2.0 s", seconds("20mbit", "e", "class"), 2.0, "%.2f s");
    figure("Nothing changed: at most 16 KiB", up("20mbit", "e", "nothing"), 16 * 1024, "%.0f");
    figure("Nothing changed, 20 Mbit/s: at most 1.5 s", seconds("20mbit", "e", "nothing"), 1.5, "%.2f s");
    figure("Cold: bytes at most 0.85 x the tarball's layers", up("20mbit", "e", "cold"), 0.85 * layers, "%.0f");
    cold("20mbit", "cold", 0.92, "Cold, 20 Mbit/s: at most 0.92 x tarball / rate + load");
    cold("100mbit", "cold", 1.0, "Cold, 100 Mbit/s, nothing compressed before: at most 1.0 x tarball / rate + load");
    cold("100mbit", "cold-again", 1.0, "Cold, 100 Mbit/s, the base layer compressed before: the same");
    figure("Engine 20.10, cold: bytes at most 1.08 x the tarball's layers", up("20mbit", "e", "old-engine"), 1.08 * layers, "%.0f");
    cold("20mbit", "old-engine", 1.15, "Engine 20.10, cold, 20 Mbit/s: at most 1.15 x tarball / rate + load");
    figure("Two services cold: bytes at most 1.01 x their distinct layers as sent", up("20mbit", "e", "two"), 1.01 * asSent(), "%.0f");
    for (String link : LINKS) {
      for (String scenario : CASES) {
        double best = TOOLS.subList(0, 4).stream().mapToDouble(t -> seconds(link, t, scenario)).filter(s -> !Double.isNaN(s)).min().orElse(Double.NaN);
        figure("Ahead of (a) to (d): " + title(scenario) + ", " + LINK_NAMES.get(link), seconds(link, "e", scenario), best, "%.2f s");
      }
    }
    for (String tool : List.of("a", "c")) {
      figure("One class changed: a hundredth of the bytes of (" + tool + ")", up("20mbit", "e", "class"), up("20mbit", tool, "class") / 100, "%.0f");
    }
    for (String scenario : List.of("warm", "cold")) {
      figure("Edit to verified without the application's start, " + scenario + ": a tenth of the original pipeline", rest("pipeline-b", scenario), rest("pipeline-a", scenario) / 10, "%.0f s");
    }
    double ours = up("none", "e", "cold") / seconds("none", "e", "cold");
    double theirs = up("none", "c", "cold") / seconds("none", "c", "cold");
    figure("Not shaped, cold: bytes per second at least 0.8 x (c), here as seconds per MB", 1e6 / ours, 1e6 / (0.8 * theirs), "%.4f s");
    line("");
    line("A tarball of 2 GB ships with `-Xmx128m`: `SmallHeapIT` shows it in every `mvn verify`.");
  }

  private double rest(String tool, String scenario) {
    return median("20mbit", tool, scenario, Run::seconds) - median("20mbit", tool, scenario, Run::written);
  }

  /** What docker load needs after the last byte is taken from (c), of which the rest is the link. */
  private void cold(String link, String scenario, double factor, String title) throws IOException {
    double atRate = tarball("base", "auth-server") / BYTES_PER_SECOND.get(link);
    double load = seconds(link, "c", "cold") - atRate;
    figure(title, seconds(link, "e", scenario), factor * atRate + load, "%.2f s");
  }

  private void figure(String title, double value, double limit, String format) {
    if (figures.isEmpty()) {
      line("");
      line("## Figures to reach");
      line("");
      line("| figure | measured | limit | |");
      line("| --- | --- | --- | --- |");
    }
    String verdict = Double.isNaN(value) || Double.isNaN(limit) ? "not measured" : value <= limit ? "reached" : "**not reached**";
    String both = Double.isNaN(value) ? "|" : ("%s | %s".formatted(format, format)).formatted(value, limit);
    line("| %s | %s | %s |", title, both, verdict);
    figures.add("{\"figure\": \"%s\", \"measured\": %s, \"limit\": %s, \"verdict\": \"%s\"}".formatted(title, json(value), json(limit), verdict.replace("*", "")));
  }

  private static String title(String scenario) {
    return switch (scenario) {
      case "cold" -> "empty Pi";
      case "class" -> "one class changed";
      case "dependency" -> "one library more";
      case "nothing" -> "nothing changed";
      default -> "two services, empty Pi";
    };
  }

  /** The compressed bytes of the layers that a case changes. */
  private long changed(String scenario) throws IOException {
    Map<String, Long> base = layers("base", "auth-server");
    Map<String, Long> wanted = new LinkedHashMap<>();
    switch (scenario) {
      case "cold" -> wanted.putAll(base);
      case "two" -> {
        wanted.putAll(base);
        wanted.putAll(layers("base", "extension-server"));
      }
      case "class", "dependency" -> {
        wanted.putAll(layers(scenario, "auth-server"));
        wanted.keySet().removeAll(base.keySet());
      }
      default -> {}
    }
    return wanted.values().stream().mapToLong(Long::longValue).sum();
  }

  private long documents() throws IOException {
    Map<String, Long> entries = entries("class", "auth-server");
    return entries.entrySet().stream().filter(e -> e.getKey().endsWith(".json")).mapToLong(Map.Entry::getValue).sum();
  }

  /** Both services' layers, each once, as the plugin sends them: as zstd where its cache has that. */
  private long asSent() throws IOException {
    Map<String, Long> zstd = new LinkedHashMap<>();
    Path cache = bench.resolve("layers");
    if (Files.isDirectory(cache)) {
      try (Stream<Path> files = Files.list(cache)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".zst")).toList()) {
          zstd.put(file.getFileName().toString().substring(0, 64), Files.size(file));
        }
      }
    }
    Set<String> counted = new LinkedHashSet<>();
    long sum = 0;
    for (String service : List.of("auth-server", "extension-server")) {
      List<Long> sizes = List.copyOf(layers("base", service).values());
      List<String> diffIds = hex(text("base", service, "config.json"), "\"diff_ids\":\\[([^\\]]*)");
      for (int i = 0; i < sizes.size(); i++) {
        if (counted.add(diffIds.get(i))) {
          sum += Math.min(sizes.get(i), zstd.getOrDefault(diffIds.get(i), Long.MAX_VALUE));
        }
      }
    }
    return sum;
  }

  private static List<String> hex(String json, String list) {
    Matcher part = Pattern.compile(list).matcher(json);
    List<String> found = new ArrayList<>();
    if (part.find()) {
      Matcher digits = Pattern.compile("[0-9a-f]{64}").matcher(part.group(1));
      while (digits.find()) {
        found.add(digits.group());
      }
    }
    return found;
  }

  private double tarball(String variant, String service) throws IOException {
    Path file = file(variant, service);
    return Files.exists(file) ? Files.size(file) : Double.NaN;
  }

  private Path file(String variant, String service) {
    return bench.resolve(variant).resolve(service).resolve("target/jib-image.tar");
  }

  /** A tarball's layers, lowest first, with their sizes. */
  private Map<String, Long> layers(String variant, String service) throws IOException {
    Map<String, Long> entries = entries(variant, service);
    Map<String, Long> layers = new LinkedHashMap<>();
    for (String digest : hex(text(variant, service, "manifest.json"), "\"Layers\":\\[([^\\]]*)")) {
      layers.put(digest, entries.get(digest + ".tar.gz"));
    }
    return layers;
  }

  private Map<String, Long> entries(String variant, String service) throws IOException {
    Map<String, Long> entries = new LinkedHashMap<>();
    walk(variant, service, (name, offset, size, in) -> entries.put(name, size));
    return entries;
  }

  private String text(String variant, String service, String wanted) throws IOException {
    StringBuilder text = new StringBuilder();
    walk(
        variant,
        service,
        (name, offset, size, in) -> {
          if (name.equals(wanted)) {
            byte[] bytes = new byte[(int) (long) size];
            in.seek(offset);
            in.readFully(bytes);
            text.append(new String(bytes, StandardCharsets.UTF_8));
          }
        });
    return text.toString();
  }

  private interface Visitor {
    void entry(String name, long offset, long size, RandomAccessFile in) throws IOException;
  }

  private void walk(String variant, String service, Visitor visitor) throws IOException {
    byte[] header = new byte[512];
    try (RandomAccessFile in = new RandomAccessFile(file(variant, service).toFile(), "r")) {
      for (long at = 0; at + 512 <= in.length(); ) {
        in.seek(at);
        in.readFully(header);
        if (header[0] == 0) {
          return;
        }
        String name = new String(header, 0, 100, StandardCharsets.US_ASCII).replaceFirst("\0.*", "");
        long size = Long.parseLong(new String(header, 124, 11, StandardCharsets.US_ASCII).trim(), 8);
        visitor.entry(name, at + 512, size, in);
        at += 512 + (size + 511) / 512 * 512;
      }
    }
  }

  private void line(String format, Object... values) {
    page.append(values.length == 0 ? format : format.formatted(values)).append('\n');
  }

  private static String mega(double bytes) {
    if (Double.isNaN(bytes)) {
      return "-";
    }
    return bytes < 1e6 ? "%.1f kB".formatted(bytes / 1e3) : "%.1f MB".formatted(bytes / 1e6);
  }

  private static String json(double value) {
    return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%.3f", value);
  }

  private String json() {
    StringBuilder json = new StringBuilder("{\n");
    facts.stringPropertyNames().stream().sorted().forEach(k -> json.append("  \"%s\": \"%s\",\n".formatted(k, facts.getProperty(k).replace("\"", ""))));
    List<String> all = new ArrayList<>();
    for (Run r : runs) {
      all.add("    {\"link\": \"%s\", \"tool\": \"%s\", \"case\": \"%s\", \"seconds\": %s, \"up\": %s, \"down\": %s, \"written\": %s}".formatted(r.link, r.tool, r.scenario, json(r.seconds), json(r.up), json(r.down), json(r.written)));
    }
    json.append("  \"figures\": [\n    ").append(String.join(",\n    ", figures)).append("\n  ],\n");
    return json.append("  \"runs\": [\n").append(String.join(",\n", all)).append("\n  ]\n}\n").toString();
  }
}
