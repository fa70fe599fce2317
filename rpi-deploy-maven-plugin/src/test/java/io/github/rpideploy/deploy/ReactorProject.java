package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.RandomReactor.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The POMs of a {@link RandomReactor}. Nothing is bound in them but the three goals, so that a
 * build takes no longer than these.
 */
final class ReactorProject {

  /** What Maven binds by itself. */
  private static final Map<String, List<String>> LIFECYCLE =
      Map.of(
          "resources", List.of("resources", "testResources"),
          "compiler", List.of("compile", "testCompile"),
          "surefire", List.of("test"),
          "jar", List.of("jar"),
          "install", List.of("install"),
          "deploy", List.of("deploy"));

  private final RandomReactor reactor;
  private final Path directory;
  private final List<Path> tarballs;

  /**
   * @param directory where the POMs are to be
   * @param tarballs those of the services
   */
  ReactorProject(RandomReactor reactor, Path directory, List<Path> tarballs) {
    this.reactor = reactor;
    this.directory = directory;
    this.tarballs = tarballs;
  }

  void write() throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("compose.yaml"), compose(reactor.size()));
    Files.writeString(directory.resolve("pom.xml"), parent());
    for (int module = 0; module < reactor.size(); module++) {
      Path folder = Files.createDirectories(directory.resolve(RandomReactor.service(module)));
      Files.writeString(folder.resolve("pom.xml"), module(module));
    }
  }

  /** A compose file with that many services. */
  static String compose(int services) {
    return IntStream.range(0, services)
        .mapToObj(RandomReactor::service)
        .map(
            service ->
                "  " + service + ": {image: " + service + ", platform: linux/arm64, init: true}\n")
        .collect(Collectors.joining("", "services:\n", ""));
  }

  private String parent() {
    String modules =
        IntStream.range(0, reactor.size())
            .mapToObj(module -> "<module>" + RandomReactor.service(module) + "</module>")
            .collect(Collectors.joining());
    String nothing =
        LIFECYCLE.entrySet().stream()
            .map(
                plugin ->
                    plugin.getValue().stream()
                        .map(
                            "<execution><id>default-%s</id><phase>none</phase></execution>"
                                ::formatted)
                        .collect(
                            Collectors.joining(
                                "",
                                "<plugin><artifactId>maven-%s-plugin</artifactId><executions>"
                                    .formatted(plugin.getKey()),
                                "</executions></plugin>\n")))
            .collect(Collectors.joining());
    return """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>it.order</groupId>
          <artifactId>order</artifactId>
          <version>1</version>
          <packaging>pom</packaging>
          <modules>%s</modules>
          <properties>
            <project.build.outputTimestamp>2026-11-01T00:00:00Z</project.build.outputTimestamp>
            <rpi.settle>0</rpi.settle>
            <rpi.smokeCommand>true</rpi.smokeCommand>
            <rpi.timeout>2m</rpi.timeout>
          </properties>
          <build>
            <pluginManagement><plugins>%s</plugins></pluginManagement>
            <plugins><plugin>
              <groupId>io.github.rpideploy</groupId>
              <artifactId>rpi-deploy-maven-plugin</artifactId>
              <version>%s</version>
              <executions><execution>
                <goals><goal>ship</goal><goal>recreate</goal><goal>verify</goal></goals>
              </execution></executions>
            </plugin></plugins>
          </build>
        </project>
        """
        .formatted(modules, nothing, System.getProperty("plugin.version"));
  }

  private String module(int module) {
    String dependencies =
        reactor.dependencies().get(module).stream()
            .map(
                other ->
                    "<dependency><groupId>it.order</groupId><artifactId>%s</artifactId>"
                            .formatted(RandomReactor.service(other))
                        + "<version>1</version></dependency>")
            .collect(Collectors.joining());
    Path tarball =
        reactor.fails(module, Failure.SHIP)
            ? directory.resolve("not-there.tar")
            : tarballs.get(module);
    return """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <parent><groupId>it.order</groupId><artifactId>order</artifactId><version>1</version></parent>
          <artifactId>%1$s</artifactId>
          <properties>
            <rpi.service>%1$s</rpi.service>
            <rpi.imageTar>%2$s</rpi.imageTar>
          </properties>
          <dependencies>%3$s</dependencies>
          <build><plugins>
            <plugin>
              <groupId>io.github.rpideploy</groupId>
              <artifactId>rpi-deploy-maven-plugin</artifactId>
              <configuration>%4$s</configuration>
            </plugin>
            %5$s
          </plugins></build>
        </project>
        """
        .formatted(
            RandomReactor.service(module),
            tarball,
            dependencies,
            after(module),
            reactor.fails(module, Failure.BUILD) ? brokenBuild() : "");
  }

  /** Nothing where it is what is so anyway; what is directly before a service suffices. */
  private String after(int module) {
    Set<Integer> after = reactor.after().get(module);
    return after.equals(IntStream.range(0, module).boxed().collect(Collectors.toUnmodifiableSet()))
        ? ""
        : after.stream()
            .map(other -> "<service>" + RandomReactor.service(other) + "</service>")
            .collect(Collectors.joining("", "<after>", "</after>"));
  }

  /** There is no jar that could be installed. */
  private static String brokenBuild() {
    return """
        <plugin>
          <groupId>org.apache.maven.plugins</groupId>
          <artifactId>maven-install-plugin</artifactId>
          <version>3.1.4</version>
          <executions><execution>
            <id>fails</id><phase>package</phase><goals><goal>install</goal></goals>
          </execution></executions>
        </plugin>
        """;
  }
}
