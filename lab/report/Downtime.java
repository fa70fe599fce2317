import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * {@code java Downtime DIRECTORY performance.md}: writes what lab/downtime measured between the "downtime" marks of the page.
 * Exits with 1 when a figure is not reached.
 */
public final class Downtime {

  /** How much longer than by the plain command a service may be away. */
  private static final double RATIO = 1.1;

  /** One replacement of auth-server; milliseconds, and requests to extension-server. */
  private record Round(
      String scenario, String way, int milliseconds, int requests, int failed, int asking, int askingFailed, int outside) {

    static Round parse(String line) {
      String[] f = line.split("\t");
      int[] n = IntStream.range(3, 9).map(i -> Integer.parseInt(f[i])).toArray();
      return new Round(f[0], f[1], n[0], n[1], n[2], n[3], n[4], n[5]);
    }
  }

  private final List<Round> rounds;
  private final StringBuilder text = new StringBuilder();
  private boolean reached = true;

  private Downtime(List<Round> rounds) {
    this.rounds = rounds;
  }

  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    Properties facts = new Properties();
    try (Reader reader = Files.newBufferedReader(directory.resolve("facts.properties"))) {
      facts.load(reader);
    }
    Downtime downtime =
        new Downtime(Files.readAllLines(directory.resolve("rounds.tsv")).stream().map(Round::parse).toList());
    downtime.write(facts);
    Path page = Path.of(args[1]);
    Files.writeString(page, Kept.DOWNTIME.replace(Files.readString(page), downtime.text.toString()));
    System.out.println(downtime.text);
    System.exit(downtime.reached ? 0 : 1);
  }

  private void write(Properties facts) {
    line(Kept.heading("How long a service is away", "downtime", facts));
    line(
        """
        auth-server is replaced by a new release again and again, alternately by

        * *plain*: `mvn package`, `ssh PI docker load < jib-image.tar`, and `docker compose up -d --force-recreate --no-deps auth-server` over `ssh`, and
        * *ours*: `mvn deploy -pl auth-server`, which builds, ships, recreates and verifies.

        Meanwhile auth-server gets 100 requests a second and extension-server 20, each over its own connection.
        *Away*: from auth-server's last good answer to the first good one. *Small*: busybox' `httpd`, which listens at once; for another 20 requests
        a second extension-server asks auth-server. *Spring Boot*: the sample services; extension-server
        checks a token with the keys of auth-server. Both run on the processor's own architecture: emulated, Spring Boot takes a minute to start
        either way, which would hide everything else. Maven and the load have one processor, the Pi has the others.

        | | away: median, from the shortest to the longest | requests to extension-server | failed | requests that need auth-server | failed | failed while auth-server was there | runs |
        | --- | --- | --- | --- | --- | --- | --- | --- |""");
    List<String> scenarios = rounds.stream().map(Round::scenario).distinct().toList();
    for (String scenario : scenarios) {
      for (String way : List.of("plain", "ours")) {
        row(scenario, way);
      }
    }
    line("");
    line("| figure | measured | limit | |");
    line("| --- | --- | --- | --- |");
    scenarios.forEach(this::figures);
    line("");
  }

  private void row(String scenario, String way) {
    List<Round> of = of(scenario, way);
    List<Integer> away = of.stream().map(Round::milliseconds).sorted().toList();
    boolean asks = sum(of, Round::asking) > 0;
    line("| %s, %s | **%.3f s**, %.3f to %.3f s | %,d | %d | %s | %s | %s | %d |", title(scenario), way, median(of),
        away.get(0) / 1e3, away.get(away.size() - 1) / 1e3, sum(of, Round::requests), sum(of, Round::failed),
        asks ? String.format(Locale.ROOT, "%,d", sum(of, Round::asking)) : "", asks ? sum(of, Round::askingFailed) : "",
        asks ? sum(of, Round::outside) : "", of.size());
  }

  private void figures(String scenario) {
    if (rounds.stream().anyMatch(r -> r.requests == 0)) {
      throw new IllegalStateException("extension-server was never asked in some round: see the logs of lab/downtime");
    }
    List<Round> plain = of(scenario, "plain");
    List<Round> ours = of(scenario, "ours");
    figure(new Figures.Figure(title(scenario) + ": away ≤ 1.1 × as long as by the plain command",
        median(ours), RATIO * median(plain), "%.3f s"));
    figure(new Figures.Figure(title(scenario) + ": failed requests to extension-server that the plain command does not cause too",
        sum(ours, Round::failed) + sum(ours, Round::outside), sum(plain, Round::failed) + sum(plain, Round::outside), "%.0f"));
  }

  private void figure(Figures.Figure figure) {
    reached &= figure.verdict().equals("reached");
    line("%s", figure.row());
  }

  private List<Round> of(String scenario, String way) {
    return rounds.stream().filter(r -> r.scenario.equals(scenario) && r.way.equals(way)).toList();
  }

  private static int sum(List<Round> rounds, ToIntFunction<Round> value) {
    return rounds.stream().mapToInt(value).sum();
  }

  /** Seconds. */
  private static double median(List<Round> rounds) {
    List<Integer> sorted = rounds.stream().map(Round::milliseconds).sorted(Comparator.naturalOrder()).toList();
    int middle = sorted.size() / 2;
    return (sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2.0) / 1e3;
  }

  private static String title(String scenario) {
    return scenario.equals("spring") ? "Spring Boot" : "Small";
  }

  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values)).append('\n');
  }
}
