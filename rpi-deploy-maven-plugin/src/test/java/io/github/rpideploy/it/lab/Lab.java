package io.github.rpideploy.it.lab;

import io.github.rpideploy.ssh.settings.SshRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;

/** A Pi in a box of one test class, past the plugin: by {@code lab/pi}. */
public final class Lab {

  /** Far more than anything here takes on a busy machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Two checkouts can be tested at the same time: as of src/it/prepare. */
  static final String CHECKOUT = System.getenv().getOrDefault("RPI_IT_PI", "it");

  private static final Path LAB = Path.of(System.getProperty("lab")).toAbsolutePath().normalize();

  private static final Map<List<String>, Path> IMAGES = new HashMap<>();

  private final String name;

  Lab(String name) {
    this.name = name;
  }

  /** Makes it anew, without data: {@code it-NAME}. */
  public static Lab up(String name, String... options) throws Exception {
    Lab lab = new Lab(CHECKOUT + "-" + name);
    script("engine", "--quiet");
    lab.pi("down");
    lab.pi("up", options);
    return lab;
  }

  /** The one that src/it/prepare has made for all. */
  public static Lab common() {
    return new Lab(CHECKOUT);
  }

  public void down() throws Exception {
    pi("down");
  }

  /** Shapes the link, {@code 2mbit 20ms}, or {@code none}. */
  public void link(String... shape) throws Exception {
    pi("link", shape);
  }

  /** Cuts the connections; with {@code --hold} nothing passes any more. */
  public void cut(String... options) throws Exception {
    pi("cut", options);
  }

  /** Cuts the connections, and nothing passes until the next {@link #link}: the client is gone. */
  public void cutForGood() {
    try {
      cut("--hold");
      cut();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Cuts the power of a Pi that has a disk of its own, and boots it. */
  public void crash() throws Exception {
    pi("crash");
  }

  /** The disk of a Pi that has one of its own is read-only until the next {@link #crash}. */
  public void wearOut() throws Exception {
    pi("worn");
  }

  /** Bytes that have gone to the Pi. */
  public long bytesUp() throws Exception {
    return Long.parseLong(pi("bytes").replaceFirst("(?s).*up=(\\d+).*", "$1"));
  }

  /** What a command line prints on the Pi; fails when it fails. */
  public String ssh(String commandLine) throws Exception {
    return run(sshLine(commandLine));
  }

  /** As {@code lab/pi ssh} does it, without a shell of its own here: tests ask often. */
  private List<String> sshLine(String commandLine) {
    String config = LAB.resolve("target/" + name + ".ssh_config").toString();
    return List.of("ssh", "-F", config, "-o", "KexAlgorithms=curve25519-sha256", name, commandLine);
  }

  private String sshConfig() {
    return LAB.resolve("target/" + name + ".ssh_config").toString();
  }

  /** The same as bytes. */
  byte[] sshBytes(String commandLine) throws Exception {
    Process process =
        new ProcessBuilder(sshLine(commandLine))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    try (InputStream out = process.getInputStream()) {
      byte[] bytes = out.readAllBytes();
      if (process.waitFor() != 0) {
        throw new IOException(commandLine + " failed");
      }
      return bytes;
    }
  }

  /**
   * Lets the Pi reach a port of this machine, past the relay that counts, until the process ends.
   *
   * @param onPi address and port there
   */
  Process tunnelBack(String onPi, int port) throws Exception {
    Process tunnel =
        new ProcessBuilder(
                "ssh",
                "-F",
                sshConfig(),
                "-N",
                "-o",
                "ExitOnForwardFailure=yes",
                "-o",
                "HostName=" + address(),
                "-o",
                "Port=22",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-R",
                onPi + ":127.0.0.1:" + port,
                name)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    await(
        "the Pi reaches " + onPi,
        () ->
            ssh("curl -s -o /dev/null http://" + onPi + "/v2/ && echo yes || true")
                .contains("yes"));
    return tunnel;
  }

  /** Runs a command as root on the Pi, through the Engine that the Pi is a container of. */
  public String asRoot(String commandLine) throws Exception {
    return run(List.of("docker", "exec", container(), "sh", "-c", commandLine));
  }

  /** The container that it is. */
  public String container() {
    return "rpi-lab-" + name;
  }

  /** Its address in the network of the lab, past the relay: every port of it can be reached. */
  public String address() throws Exception {
    return run(
        List.of(
            "docker",
            "inspect",
            "--format",
            "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
            "rpi-lab-" + name));
  }

  /** Copies a file or a directory of this machine to the Pi, as root. */
  void copy(Path from, String to) throws Exception {
    run(List.of("docker", "cp", "--quiet", from.toString(), "rpi-lab-" + name + ":" + to));
  }

  /** Gives it an image without a deploy. */
  public void load(Path tarball) throws Exception {
    copy(tarball, "/tmp/load.tar");
    asRoot("docker load -q -i /tmp/load.tar; rm /tmp/load.tar");
  }

  public SshRequest settings() throws IOException {
    Properties properties = properties();
    return SshRequest.to(properties.getProperty("rpi.host"))
        .withUser(properties.getProperty("rpi.user"))
        .withPort(Integer.parseInt(properties.getProperty("rpi.port")))
        .withIdentityFile(Path.of(properties.getProperty("rpi.identityFile")))
        .withKnownHosts(Path.of(properties.getProperty("rpi.knownHosts")))
        .withConfig("none");
  }

  /** The same as options for Maven. */
  public List<String> mavenOptions() throws IOException {
    List<String> options = new ArrayList<>();
    properties().forEach((key, value) -> options.add("-D" + key + "=" + value));
    return options;
  }

  /** The layers of the busybox base image, uncompressed, in a tarball for Jib. */
  static Path busybox(String architecture) throws Exception {
    return image("busybox-base", architecture);
  }

  /** A PostgreSQL that keeps its data in the container and lets everybody in. */
  public static Path postgres(String architecture) throws Exception {
    return image("postgres-base", architecture);
  }

  /** A Java 21 to run services on, for this machine's own processor. */
  public static Path jre() throws Exception {
    return image("jre-base", architecture());
  }

  /** What containers need not be emulated for: {@code amd64} or {@code arm64}. */
  public static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }

  /** A reverse proxy for the lab's Pis: {@code caddy}, {@code haproxy} or {@code nginx}. */
  public static Path proxy(String name) throws Exception {
    return image("proxy-base", name);
  }

  /** A tarball that a script of the lab makes once, and is asked for once. */
  private static synchronized Path image(String script, String... arguments) throws Exception {
    List<String> asked = new ArrayList<>(List.of(arguments));
    asked.add(0, script);
    Path known = IMAGES.get(asked);
    if (known == null) {
      List<String> said = script(script, arguments).lines().toList();
      known = Path.of(said.get(said.size() - 1));
      IMAGES.put(asked, known);
    }
    return known;
  }

  /** Waits for a condition; fails when it does not come true. */
  public static void await(String what, Callable<Boolean> condition) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      long begin = System.nanoTime();
      if (condition.call()) {
        return;
      }
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("waited in vain for: " + what);
      }
      // Who asks all the time is in the way of what is waited for.
      Thread.sleep(Math.max(100, 2 * (System.nanoTime() - begin) / 1_000_000));
    }
  }

  /** Waits until nothing is wrong any more; fails with what was wrong last. */
  public static void awaitNoFlaws(String what, Callable<List<String>> flaws) {
    List<String> last = new ArrayList<>();
    try {
      await(
          what,
          () -> {
            last.clear();
            last.addAll(flaws.call());
            return last.isEmpty();
          });
    } catch (Exception | AssertionError e) {
      throw new AssertionError(what + ": " + last, e);
    }
  }

  public Properties properties() throws IOException {
    Properties properties = new Properties();
    try (Reader file = Files.newBufferedReader(LAB.resolve("target/" + name + ".properties"))) {
      properties.load(file);
    }
    return properties;
  }

  private String pi(String command, String... arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of(command, name));
    words.addAll(List.of(arguments));
    return script("pi", words.toArray(String[]::new));
  }

  /** What a script of the lab prints; fails when it fails. */
  static String script(String script, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("bash", LAB.resolve(script).toString()));
    line.addAll(List.of(arguments));
    return run(line);
  }

  /** What a command of this machine prints; fails when it fails. */
  public static String run(List<String> line) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", line) + " failed:\n" + output);
    }
    return output.strip();
  }
}
