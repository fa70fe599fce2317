package io.github.rpideploy.it.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A steady load on services while something is done to them: {@code lab/Load.java}, in a process of
 * its own that ends with this JVM at the latest.
 */
public final class ServiceLoad {

  /** Requests may wait as long as they like: on a busy machine that is no failure. */
  private static final String PATIENCE_SECONDS = "300";

  private final Process process;
  private final BufferedReader output;

  private ServiceLoad(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts it; it counts from the first good answer of each service on.
   *
   * @param labPi the path of {@code lab/pi}
   * @param services a name, an interval in milliseconds and a URL each, {@code name=50=http://...}
   */
  public static ServiceLoad start(Object labPi, List<? extends CharSequence> services)
      throws IOException {
    String program = Path.of(labPi.toString()).resolveSibling("Load.java").toString();
    String java = System.getProperty("java.home") + "/bin/java";
    List<String> line = new ArrayList<>(List.of(java, program, PATIENCE_SECONDS));
    services.forEach(service -> line.add(service.toString()));
    return new ServiceLoad(
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /**
   * Waits until a service that runs has given its first good answer: a JVM on a busy machine may
   * take as long to start as a deploy.
   *
   * @throws TimeoutException when there is none for two minutes
   */
  public ServiceLoad awaitBegun() throws Exception {
    CompletableFuture<String> said = CompletableFuture.supplyAsync(this::readLine);
    try {
      if (!said.get(2, TimeUnit.MINUTES).startsWith("begun\t")) {
        throw new IOException("the load did not begin: " + said.join());
      }
      return this;
    } finally {
      if (!said.isDone()) {
        process.destroy();
      }
    }
  }

  private String readLine() {
    try {
      return String.valueOf(output.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it. How many requests each service was sent, and those that failed. */
  public Map<String, Asked> end() throws IOException, InterruptedException {
    process.getOutputStream().close();
    List<String> said = output.lines().filter(line -> !line.startsWith("begun\t")).toList();
    if (process.waitFor() != 0) {
      throw new IOException("the load failed: " + said);
    }
    Map<String, Asked> asked = new HashMap<>();
    for (String line : said) {
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
