package io.github.rpideploy.it.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Maven as a user runs it, in a process of its own, for a project of one or several services. */
public final class UsersMaven {

  private final Lab pi;
  private final Path project;
  private final List<String> options;

  private UsersMaven(Lab pi, Path project, List<String> options) {
    this.pi = pi;
    this.project = project;
    this.options = List.copyOf(options);
  }

  /** For a project that is there already. */
  public static UsersMaven of(Lab pi, Path project, List<String> options) {
    return new UsersMaven(pi, project, options);
  }

  /**
   * @param project a directory of its own
   * @param service the project's service
   * @param options for every run
   */
  public UsersMaven(Lab pi, Path project, String service, List<String> options) throws Exception {
    this(pi, Files.createDirectories(project), options);
    Files.writeString(
        project.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>it</groupId>
          <artifactId>users-project</artifactId>
          <version>1</version>
          <build><plugins><plugin>
            <groupId>io.github.rpideploy</groupId>
            <artifactId>rpi-deploy-maven-plugin</artifactId>
            <version>%s</version>
            <configuration><service>%s</service></configuration>
          </plugin></plugins></build>
        </project>
        """
            .formatted(System.getProperty("plugin.version"), service));
  }

  /**
   * The same for a reactor in which each service is a module, a folder of its name.
   *
   * @param services in their order
   */
  public static UsersMaven reactor(
      Lab pi, Path project, List<String> services, List<String> options) throws Exception {
    UsersMaven maven = new UsersMaven(pi, project, "none", options);
    Path root = project.resolve("pom.xml");
    String pom = Files.readString(root);
    StringBuilder modules = new StringBuilder("<packaging>pom</packaging><modules>");
    for (String service : services) {
      modules.append("<module>").append(service).append("</module>");
      Files.createDirectories(project.resolve(service).resolve("target"));
      Files.writeString(
          project.resolve(service).resolve("pom.xml"),
          pom.replace("users-project", service).replace(">none<", ">" + service + "<"));
    }
    Files.writeString(
        root,
        pom.replace("<configuration><service>none</service></configuration>", "")
            .replace("<build>", modules + "</modules><build>"));
    return maven;
  }

  /** Starts a goal; what it prints goes to the log. */
  public Process start(Path log, String goal, String... more) throws Exception {
    String own = "io.github.rpideploy:rpi-deploy-maven-plugin:" + goal;
    return start(log, List.of("-Drpi.settle=0", own), List.of(more));
  }

  /**
   * Makes a build to its end.
   *
   * @param words phases, goals and options
   * @return its exit status
   */
  public int build(Path log, String... words) throws Exception {
    Process build = start(log, List.of(), List.of(words));
    try {
      return build.waitFor();
    } finally {
      build.destroy();
    }
  }

  /** Of two values of an option Maven takes the last one. */
  private Process start(Path log, List<String> first, List<String> last) throws Exception {
    // A background job may ignore SIGINT, and so would its children: env makes it as it should be.
    List<String> line =
        new ArrayList<>(
            List.of(
                "env",
                "--default-signal=INT,TERM",
                Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                "-B",
                "-ntp",
                "-s",
                settings().toString(),
                "-Dmaven.repo.local=" + System.getProperty("plugin.repository")));
    line.addAll(first);
    line.addAll(options);
    line.addAll(last);
    line.addAll(pi.mavenOptions());
    ProcessBuilder builder = new ProcessBuilder(line).directory(project.toFile());
    // What failsafe's own JVM was given is not for this one.
    builder.environment().put("MAVEN_OPTS", String.join(" ", ResidentMaven.SHORT_LIVED));
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** Those of the invoker projects: what the developer's own repository holds is not downloaded. */
  private Path settings() throws Exception {
    Path template = Path.of(System.getProperty("lab"), "../src/it/settings.xml");
    String local = Path.of(System.getProperty("local.repository")).toUri().toString();
    return Files.writeString(
        project.resolve("settings.xml"),
        Files.readString(template).replace("@localRepositoryUrl@", local));
  }
}
