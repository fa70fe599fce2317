package io.github.rpideploy.it.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A steady load on services while something is done to them: {@code lab/Load.java}, in a process of
 * its own that ends with this JVM at the latest.
 */
public final class ServiceLoad {

  /** Requests may wait as long as they like: on a busy machine that is no failure. */
  private static final String PATIENCE_SECONDS = "300";

  private final Process process;

  private ServiceLoad(Process process) {
    this.process = process;
  }

  /**
   * Starts it. A service counts from its first good answer on.
   *
   * @param labPi the path of {@code lab/pi}
   * @param services a name, an interval in milliseconds and a URL each, {@code name=50=http://...}
   */
  public static ServiceLoad start(Object labPi, List<? extends CharSequence> services)
      throws IOException {
    String load = Path.of(labPi.toString()).resolveSibling("Load.java").toString();
    String java = System.getProperty("java.home") + "/bin/java";
    List<String> line = new ArrayList<>(List.of(java, load, PATIENCE_SECONDS));
    services.forEach(service -> line.add(service.toString()));
    return new ServiceLoad(
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Ends it. How many requests each service was sent, and those that failed. */
  public Map<String, Asked> end() throws IOException, InterruptedException {
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the load failed: " + said);
    }
    Map<String, Asked> asked = new HashMap<>();
    for (String line : said.lines().toList()) {
      String[] words = line.split("\t", -1);
      if (words[0].equals("asked")) {
        long silence = Long.parseLong(words[5]) - Long.parseLong(words[4]);
        asked.put(
            words[1],
            new Asked(Integer.parseInt(words[2]), new ArrayList<>(), Duration.ofMillis(silence)));
      } else {
        asked.get(words[1]).failed().add(line);
      }
    }
    return asked;
  }

  /**
   * What became of the requests to one service.
   *
   * @param failed a line for each that was not answered with status 200
   * @param silence the longest time between two good answers
   */
  public record Asked(int requests, List<String> failed, Duration silence) {}
}
