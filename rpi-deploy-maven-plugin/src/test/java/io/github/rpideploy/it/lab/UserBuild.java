package io.github.rpideploy.it.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A user's project, and a real Maven that runs goals of the plugin in it. */
public final class UserBuild {

  private static final int MINUTES = 10;

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
        inputs.resolve("settings.xml"),
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
                inputs.resolve("settings.xml").toString(),
                "-Dmaven.repo.local=" + System.getProperty("plugin.repository")));
    if (arguments.stream().noneMatch(argument -> argument.startsWith("-Drpi.settle="))) {
      line.add("-Drpi.settle=0");
    }
    line.addAll(arguments);
    Path log = Files.createTempFile(inputs, "maven", ".log");
    ProcessBuilder builder = new ProcessBuilder(line).directory(project.toFile());
    // What failsafe's own JVM was given is not for this one.
    builder.environment().remove("MAVEN_OPTS");
    // Neither are keys of whoever runs the tests.
    builder.environment().remove("SSH_AUTH_SOCK");
    builder.environment().putAll(environment);
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

  /** The whole name of a goal, so that no group of plugins need be known. */
  public static String goal(String name) {
    return "io.github.rpideploy:rpi-deploy-maven-plugin:" + name;
  }
}
