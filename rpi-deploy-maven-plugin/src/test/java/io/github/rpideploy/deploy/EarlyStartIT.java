package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.ResidentMaven;
import io.github.rpideploy.ssh.Pi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The plugin as an extension of builds that one JVM makes after each other, with a Pi in memory: it
 * connects beside the build, is no nuisance where nothing is deployed or the Pi is off, and nothing
 * of it stays.
 */
class EarlyStartIT {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private static final String BESIDE = "beside the build";

  /**
   * Builds whose classes the JDK itself refers to: its process reaper, for a minute, to the one
   * that was the first to start a program, and ObjectMethods.OBJECT_EQ to the last that compared
   * records.
   */
  private static final int HELD_BY_THE_JDK = 2;

  @TempDir private static Path mavens;

  private static final Map<String, ResidentMaven> STARTED = new HashMap<>();

  @TempDir private Path project;

  private final ScriptedPi scripted = new ScriptedPi(ScriptedPi.TWO_SERVICES);

  static List<String> versions() {
    return List.of(
        "3.6.3", System.getProperty("maven.version"), System.getProperty("newest.maven.version"));
  }

  @AfterAll
  static void end() {
    STARTED.values().forEach(ResidentMaven::close);
  }

  @BeforeEach
  void write() throws Exception {
    Path tarball = project.resolve("auth.tar");
    TestImages.named("auth-server:latest")
        .layer(TestImages.layerTar("auth", "x"), Compression.NONE)
        .writeDocker(tarball);
    Files.writeString(project.resolve("compose.yaml"), ScriptedPi.TWO_SERVICES);
    Files.writeString(
        project.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>it</groupId>
          <artifactId>auth-server</artifactId>
          <version>1</version>
          <properties>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
            <maven.install.skip>true</maven.install.skip>
            <maven.deploy.skip>true</maven.deploy.skip>
            <rpi.service>auth-server</rpi.service>
            <rpi.imageTar>%s</rpi.imageTar>
          </properties>
          <build><plugins><plugin>
            <groupId>io.github.rpideploy</groupId>
            <artifactId>rpi-deploy-maven-plugin</artifactId>
            <version>%s</version>
            <extensions>true</extensions>
            <executions><execution><goals><goal>ship</goal></goals></execution></executions>
          </plugin></plugins></build>
        </project>
        """
            .formatted(tarball, System.getProperty("plugin.version")));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void every_build_of_a_jvm_connects_early_and_nothing_of_it_stays(String version)
      throws Exception {
    for (int i = 0; i <= HELD_BY_THE_JDK; i++) {
      try (Pi pi = Pi.of(scripted)) {
        ResidentMaven.Outcome outcome = build(version, pi, "deploy");

        assertThat(outcome.status()).as(outcome.output()).isZero();
        assertThat(outcome.output()).containsOnlyOnce(BESIDE);
        pi.awaitNobody();
      }
    }
    assertThat(maven(version).threadDump()).contains("main").doesNotContain("rpi-deploy");
    assertThat(maven(version).liveObjects().lines())
        .filteredOn(line -> line.endsWith(" io.github.rpideploy.deploy.spec.Policy"))
        .as("a line for each build whose classes are still there")
        .hasSizeBetween(0, HELD_BY_THE_JDK);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void a_build_that_deploys_nothing_does_not_connect(String version) throws Exception {
    try (Pi pi = Pi.of(scripted)) {
      ResidentMaven.Outcome outcome = build(version, pi, "package");

      assertThat(outcome.status()).as(outcome.output()).isZero();
      assertThat(pi.wasVisited()).isFalse();
      assertThat(maven(version).threadDump()).doesNotContain("rpi-deploy");
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void a_Pi_that_is_off_is_told_by_the_goal_alone(String version) throws Exception {
    Pi pi = Pi.of(scripted);
    pi.close();

    assertThat(build(version, pi, "package").status()).isZero();
    ResidentMaven.Outcome outcome = build(version, pi, "deploy");

    assertThat(outcome.status()).isOne();
    assertThat(outcome.output().split("Failed to execute goal", -1)).hasSize(2);
    assertThat(outcome.output()).contains("Cannot connect to 127.0.0.1").doesNotContain(BESIDE);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void a_passphrase_that_nobody_gives_is_told_by_the_goal_alone(String version) throws Exception {
    try (Pi pi = Pi.of(scripted)) {
      pi.mavenOptions(project);
      Lab.run(List.of("ssh-keygen", "-q", "-p", "-P", "", "-N", "secret", "-f", key().toString()));
      ResidentMaven.Outcome outcome = build(version, pi, "deploy");

      assertThat(outcome.status()).isOne();
      assertThat(outcome.output().split("Failed to execute goal", -1)).hasSize(2);
      assertThat(outcome.output()).contains("RPI_SSH_KEY_PASSPHRASE").doesNotContain(BESIDE);
    }
  }

  private Path key() {
    return project.resolve("id_test");
  }

  private ResidentMaven.Outcome build(String version, Pi pi, String phase) throws Exception {
    byte[] key = Files.exists(key()) ? Files.readAllBytes(key()) : null;
    List<String> arguments = new ArrayList<>(pi.mavenOptions(project));
    arguments.add(phase);
    if (key != null) {
      Files.write(key(), key);
    }
    return maven(version).build(project, arguments, LIMIT);
  }

  private static ResidentMaven maven(String version) throws Exception {
    ResidentMaven maven = STARTED.get(version);
    if (maven == null) {
      maven = ResidentMaven.start(version, mavens.resolve(version));
      STARTED.put(version, maven);
    }
    return maven;
  }
}
