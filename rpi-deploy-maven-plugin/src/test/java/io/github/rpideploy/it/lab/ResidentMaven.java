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
    Path home = Path.of(System.getProperty("mavens"), "apache-maven-" + version);
    Files.createDirectories(directory);
    Path template = Path.of(System.getProperty("lab"), "../src/it/settings.xml");
    String local = Path.of(System.getProperty("local.repository")).toUri().toString();
    Files.writeString(
        directory.resolve("settings.xml"),
        Files.readString(template).replace("@localRepositoryUrl@", local));
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                // Each build loads the plugin anew: there is nothing to optimise for long.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote",
                "-Xmx512m",
                "-Dmaven.home=" + home,
                "-cp",
                classPath(home),
                "io.github.rpideploy.it.lab.MavenBuilds",
                home.resolve("bin/m2.conf").toString())
            .directory(directory.toFile());
    builder.environment().remove("SSH_AUTH_SOCK");
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
    Path log = project.resolve("build.log");
    List<String> line = new ArrayList<>(List.of(project.toString(), "-B", "-ntp"));
    line.addAll(List.of("-l", log.toString(), "-f", project.resolve("pom.xml").toString()));
    line.addAll(List.of("-s", directory.resolve("settings.xml").toString()));
    line.add("-Dmaven.repo.local=" + System.getProperty("plugin.repository"));
    line.addAll(arguments);
    said.clear();
    orders.println(String.join("\t", line));
    String status = awaitEnd(limit);
    if (status == null) {
      throw new AssertionError(
          "Maven in %s does not end:\n%s\n%s".formatted(home, threadDump(), Files.readString(log)));
    }
    return new Outcome(Integer.parseInt(status), Files.readString(log));
  }

  private @Nullable String awaitEnd(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (String line = next(end); line != null; line = next(end)) {
      if (line.startsWith(MavenBuilds.ENDED)) {
        return line.substring(MavenBuilds.ENDED.length());
      }
    }
    return null;
  }

  private @Nullable String next(long end) throws InterruptedException {
    return said.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private String threadDump() throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(process.pid()),
                "Thread.print")
            .redirectErrorStream(true)
            .start();
    String dump = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    return dump;
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
