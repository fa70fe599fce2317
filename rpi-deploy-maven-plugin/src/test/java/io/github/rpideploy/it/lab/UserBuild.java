package io.github.rpideploy.it.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A user's project, and a real Maven that runs goals of the plugin in it. */
public final class UserBuild {

  private static final int MINUTES = 10;

  /** Those of {@link #again}, by their environment; they end with this JVM. */
  private static final Map<Map<String, String>, ResidentMaven> RESIDENTS = new HashMap<>();

  private final Path project;
  private final Path inputs;

  /**
   * @param project where the POMs are to be
   * @param inputs a directory for what Maven is given from outside of it
   */
  public UserBuild(Path project, Path inputs) throws IOException {
    this.project = Files.createDirectories(project);
    this.inputs = Files.createDirectories(inputs);
  }

  /** How it ended, and all that it printed. */
  public record Outcome(int status, String output) {}

  public Path project() {
    return project;
  }

  /**
   * Writes a POM that has the plugin.
   *
   * @param folder the module's, or {@code .}
   * @param elements what else stands in it: XML
   */
  public void pom(String folder, String artifactId, String elements) throws IOException {
    Path directory = Files.createDirectories(project.resolve(folder));
    Files.writeString(
        directory.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>it</groupId>
          <artifactId>%s</artifactId>
          <version>1</version>
          %s
          <build><plugins><plugin>
            <groupId>io.github.rpideploy</groupId>
            <artifactId>rpi-deploy-maven-plugin</artifactId>
            <version>%s</version>
          </plugin></plugins></build>
        </project>
        """
            .formatted(artifactId, elements, System.getProperty("plugin.version")));
  }

  /**
   * Writes the settings: those of the invoker projects, so that what the developer's own repository
   * holds is not downloaded.
   *
   * @param elements what else stands in it: XML
   */
  public void settings(String elements) throws IOException {
    Path template = Path.of(System.getProperty("lab"), "../src/it/settings.xml");
    String local = Path.of(System.getProperty("local.repository")).toUri().toString();
    Files.writeString(
        settingsFile(),
        Files.readString(template)
            .replace("@localRepositoryUrl@", local)
            .replace("</settings>", elements + "</settings>"));
  }

  /**
   * Runs Maven. Nothing has to stay good for a while, unless the test says how long.
   *
   * @param environment what its environment has besides ours
   */
  public Outcome run(Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                "-B",
                "-ntp",
                "-s",
                settingsFile().toString(),
                "-Dmaven.repo.local=" + System.getProperty("plugin.repository")));
    line.addAll(withoutSettling(arguments));
    Path log = Files.createTempFile(inputs, "maven", ".log");
    ProcessBuilder builder = new ProcessBuilder(line).directory(project.toFile());
    // Neither keys of whoever runs the tests, nor what failsafe's own JVM was given.
    builder.environment().remove("SSH_AUTH_SOCK");
    builder.environment().putAll(environment);
    builder.environment().put("MAVEN_OPTS", mavenOpts(environment));
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    process.getOutputStream().close();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException("Maven did not end: " + Files.readString(log));
    }
    // Not as a text: what is not UTF-8 would be lost.
    String output = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    Files.delete(log);
    return new Outcome(process.exitValue(), output);
  }

  /**
   * The same by a Maven that stays, which takes a fraction of the time. For builds of which another
   * test makes one like it by {@link #run}.
   */
  public Outcome again(Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    ResidentMaven maven = RESIDENTS.get(environment);
    if (maven == null) {
      Path home = Path.of(System.getProperty("maven.home"));
      // Not in the project's directory, which may be gone while it runs.
      Path directory = Path.of(System.getProperty("plugin.repository"));
      maven = ResidentMaven.start(home, directory, environment);
      RESIDENTS.put(Map.copyOf(environment), maven);
    }
    Path log = Files.createTempFile(inputs, "maven", ".log");
    ResidentMaven.Outcome outcome =
        maven.build(
            project, settingsFile(), log, withoutSettling(arguments), Duration.ofMinutes(MINUTES));
    Files.delete(log);
    return new Outcome(outcome.status(), outcome.output());
  }

  private Path settingsFile() {
    return inputs.resolve("settings.xml");
  }

  private static List<String> withoutSettling(List<String> arguments) {
    List<String> all = new ArrayList<>();
    if (arguments.stream().noneMatch(argument -> argument.startsWith("-Drpi.settle="))) {
      all.add("-Drpi.settle=0");
    }
    all.addAll(arguments);
    return all;
  }

  private static String mavenOpts(Map<String, String> environment) {
    return String.join(" ", ResidentMaven.SHORT_LIVED)
        + " "
        + environment.getOrDefault("MAVEN_OPTS", "");
  }

  /** The whole name of a goal, so that no group of plugins need be known. */
  public static String goal(String name) {
    return "io.github.rpideploy:rpi-deploy-maven-plugin:" + name;
  }
}
