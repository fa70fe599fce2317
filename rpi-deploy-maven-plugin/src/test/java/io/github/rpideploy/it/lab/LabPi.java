package io.github.rpideploy.it.lab;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Pi in a box as the scripts of the invoker projects see it: past the plugin, by plain ssh. Two
 * stories run at the same time, each on a Pi of its own.
 */
public final class LabPi {

  /** As src/it/prepare calls the first. */
  private static final String FIRST = System.getenv().getOrDefault("RPI_IT_PI", "it");

  /** What a thread of the invoker is called: it makes a story from its first script to its last. */
  private static final Pattern THREAD = Pattern.compile("pool-\\d+-thread-(\\d+)");

  private static final String SERVICE =
      "{{index .Actor.Attributes \"com.docker.compose.service\"}}";

  private final String labPi;
  private final String name;
  private int ownLogins;

  /**
   * @param labPi the path of {@code lab/pi}
   */
  public LabPi(Object labPi) {
    this.labPi = labPi.toString();
    Matcher thread = THREAD.matcher(Thread.currentThread().getName());
    this.name =
        thread.matches() && !thread.group(1).equals("1") ? FIRST + "-" + thread.group(1) : FIRST;
  }

  /**
   * Makes this Pi ready for a story: it is there, nothing runs on it, and Maven is told of it.
   *
   * @param forMaven takes the options, without {@code -D}
   */
  public void ready(Map<Object, Object> forMaven) throws IOException, InterruptedException {
    if (!Files.exists(file())) {
      lab("up", name);
    }
    stopEverything();
    forMaven.putAll(properties());
  }

  private Path file() {
    return Path.of(labPi).resolveSibling("target/" + name + ".properties");
  }

  private Properties properties() throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file())) {
      properties.load(in);
    }
    return properties;
  }

  /** Runs a shell command line on the Pi and returns what it printed; fails when it failed. */
  public String ssh(String commandLine) throws IOException, InterruptedException {
    ownLogins++;
    return lab("ssh", name, commandLine);
  }

  private String lab(String... words) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("bash", labPi));
    line.addAll(List.of(words));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", words) + " failed with " + status + ":\n" + output);
    }
    return output.strip();
  }

  /**
   * Removes every container of the Pi, so that no port is taken; images stay. {@link #created},
   * {@link #destroyed} and {@link #logins} count from here.
   */
  public void stopEverything() throws IOException, InterruptedException {
    ssh(
        "docker ps -aq | xargs -r docker rm -f >/dev/null; docker network prune -f >/dev/null;"
            + " date +%s > .started; wc -l < /var/log/sshd.log > .sshd");
  }

  /** Its address in the network of the lab, where every port that it publishes can be reached. */
  public String address() throws IOException, InterruptedException {
    return ssh("hostname -i");
  }

  /** How often somebody but this object has logged in. */
  public int logins() throws IOException, InterruptedException {
    String all =
        ssh("tail -n +$(($(cat .sshd) + 1)) /var/log/sshd.log | grep -c 'Accepted publickey'");
    return Integer.parseInt(all) - ownLogins;
  }

  /**
   * The services of which containers were created, in the order of their creation. The Engine
   * remembers its last 256 events only: not for containers with health checks that run for minutes.
   */
  public List<String> created(String composeProject) throws IOException, InterruptedException {
    return events(composeProject, "create");
  }

  /** The services of which containers were removed, in that order. */
  public List<String> destroyed(String composeProject) throws IOException, InterruptedException {
    return events(composeProject, "destroy");
  }

  /** Each container that was created, in that order: its service and its id. */
  public List<Map.Entry<String, String>> containersCreated(String composeProject)
      throws IOException, InterruptedException {
    return events(composeProject, "create", SERVICE + " {{.Actor.ID}}").stream()
        .map(line -> line.split(" ", -1))
        .map(words -> Map.entry(words[0], words[1]))
        .toList();
  }

  private List<String> events(String composeProject, String event)
      throws IOException, InterruptedException {
    return events(composeProject, event, SERVICE);
  }

  private List<String> events(String composeProject, String event, String format)
      throws IOException, InterruptedException {
    String lines =
        ssh(
            // docker cuts "now" down to whole seconds: what happened within this one would be
            // missing.
            "docker events --since $(cat .started) --until $(($(date +%s) + 1)) --filter"
                + " type=container --filter event="
                + event
                + " --filter label=com.docker.compose.project="
                + composeProject
                + " --format '"
                + format
                + "'");
    return new ArrayList<>(lines.lines().toList());
  }

  /** The id of the image that a service's container was made of. */
  public String runningImage(String composeProject, String service)
      throws IOException, InterruptedException {
    return inspect(composeProject, service, "{{.Image}}");
  }

  /** When a service's container was created. */
  public Instant createdAt(String composeProject, String service)
      throws IOException, InterruptedException {
    return Instant.parse(inspect(composeProject, service, "{{.Created}}"));
  }

  private String inspect(String composeProject, String service, String format)
      throws IOException, InterruptedException {
    return ssh(
        "docker inspect --format '"
            + format
            + "' $(docker ps -aq"
            + (" --filter label=com.docker.compose.project=" + composeProject)
            + (" --filter label=com.docker.compose.service=" + service)
            + ")");
  }

  /** What no message of a failing build may hold: a stack trace, or a piece of the private key. */
  public List<String> flawsOf(String log) throws IOException {
    List<String> flaws = new ArrayList<>();
    log.lines().filter(line -> line.matches("\\s+at [\\w.$/]+\\(.*\\)")).forEach(flaws::add);
    Files.readAllLines(Path.of(properties().getProperty("rpi.identityFile"))).stream()
        .filter(log::contains)
        .forEach(flaws::add);
    return flaws;
  }

  /** The platform of an image, {@code linux/arm64}. */
  public String platform(String image) throws IOException, InterruptedException {
    return ssh("docker image inspect --format '{{.Os}}/{{.Architecture}}' " + image);
  }
}
