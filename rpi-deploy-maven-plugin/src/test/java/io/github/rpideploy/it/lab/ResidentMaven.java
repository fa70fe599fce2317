package io.github.rpideploy.it.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Maven distribution that makes one build after the other in a process of its own: a build costs
 * a fraction of what a new process takes.
 */
public final class ResidentMaven implements AutoCloseable {

  /** For a JVM that is not worth optimising much: it takes half the processor time. */
  static final List<String> SHORT_LIVED = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Path home;
  private final Path directory;
  private final Process process;
  private final PrintStream orders;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  private ResidentMaven(Path home, Path directory, Process process) {
    this.home = home;
    this.directory = directory;
    this.process = process;
    this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "what Maven says");
    reader.setDaemon(true);
    reader.start();
  }

  /** How a build ended, and what it printed. */
  public record Outcome(int status, String output) {}

  /**
   * Starts one.
   *
   * @param version of the distribution, which the plugin's POM has unpacked
   * @param directory of its own
   */
  public static ResidentMaven start(String version, Path directory) throws IOException {
    Files.createDirectories(directory);
    Path template = Path.of(System.getProperty("lab"), "../src/it/settings.xml");
    String local = Path.of(System.getProperty("local.repository")).toUri().toString();
    Files.writeString(
        directory.resolve("settings.xml"),
        Files.readString(template).replace("@localRepositoryUrl@", local));
    Path home = Path.of(System.getProperty("mavens"), "apache-maven-" + version);
    return start(home, directory, Map.of());
  }

  /**
   * Starts the one of a directory.
   *
   * @param home of the distribution
   * @param environment what its environment has besides ours; with {@code MAVEN_OPTS}
   */
  static ResidentMaven start(Path home, Path directory, Map<String, String> environment)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Each build loads the plugin anew: there is nothing to optimise for long.
    line.addAll(SHORT_LIVED);
    line.addAll(
        List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote", "-Xmx512m"));
    line.addAll(
        Stream.of(environment.getOrDefault("MAVEN_OPTS", "").split(" ", -1))
            .filter(option -> !option.isEmpty())
            .toList());
    line.addAll(
        List.of(
            "-Dmaven.home=" + home,
            "-cp",
            classPath(home),
            "io.github.rpideploy.it.lab.MavenBuilds",
            home.resolve("bin/m2.conf").toString()));
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
    builder.environment().remove("SSH_AUTH_SOCK");
    builder.environment().putAll(environment);
    builder.environment().remove("MAVEN_OPTS");
    return new ResidentMaven(home, directory, builder.redirectErrorStream(true).start());
  }

  /** What bin/mvn has on it, and our class. */
  private static String classPath(Path home) throws IOException {
    try (Stream<Path> boot = Files.list(home.resolve("boot"))) {
      Path launcher = boot.filter(file -> file.toString().endsWith(".jar")).findFirst().get();
      Path ours =
          Path.of(
              URI.create(
                  MavenBuilds.class
                      .getProtectionDomain()
                      .getCodeSource()
                      .getLocation()
                      .toString()));
      return launcher + System.getProperty("path.separator") + ours;
    }
  }

  /**
   * Makes a build.
   *
   * @param limit far more than it can take
   * @throws AssertionError with a thread dump when it does not end
   */
  public Outcome build(Path project, List<String> arguments, Duration limit)
      throws IOException, InterruptedException {
    return build(
        project, directory.resolve("settings.xml"), project.resolve("build.log"), arguments, limit);
  }

  /**
   * The same, with settings and a log of its own.
   *
   * @param log to which Maven writes; what the process prints besides is part of the outcome, too
   */
  Outcome build(Path project, Path settings, Path log, List<String> arguments, Duration limit)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(project.toString(), "-B", "-ntp"));
    line.addAll(List.of("-l", log.toString(), "-f", project.resolve("pom.xml").toString()));
    line.addAll(List.of("-s", settings.toString()));
    line.add("-Dmaven.repo.local=" + System.getProperty("plugin.repository"));
    line.addAll(arguments);
    if (!process.isAlive()) {
      throw new AssertionError("Maven in %s has ended: %s".formatted(home, said));
    }
    said.clear();
    orders.println(String.join("\t", line));
    StringBuilder printed = new StringBuilder();
    String status = awaitEnd(limit, printed);
    // Not as a text: what is not UTF-8 would be lost.
    String output = printed + new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    if (status == null) {
      throw new AssertionError(
          "Maven in %s does not end:\n%s\n%s".formatted(home, threadDump(), output));
    }
    return new Outcome(Integer.parseInt(status), output);
  }

  private @Nullable String awaitEnd(Duration limit, StringBuilder printed)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (String line = next(end); line != null; line = next(end)) {
      if (line.startsWith(MavenBuilds.ENDED)) {
        return line.substring(MavenBuilds.ENDED.length());
      }
      printed.append(line).append('\n');
    }
    return null;
  }

  private @Nullable String next(long end) throws InterruptedException {
    return said.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  /** What its threads do now, as jcmd prints it. */
  public String threadDump() throws IOException, InterruptedException {
    return jcmd("Thread.print");
  }

  /** How many objects of each class there are that something refers to, as jcmd prints it. */
  public String liveObjects() throws IOException, InterruptedException {
    return jcmd("GC.class_histogram");
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(process.pid()),
                command)
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    return said;
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      lines.lines().forEach(said::add);
    } catch (UncheckedIOException | IOException e) {
      // It was closed.
    }
    said.add(MavenBuilds.ENDED + "-1");
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
