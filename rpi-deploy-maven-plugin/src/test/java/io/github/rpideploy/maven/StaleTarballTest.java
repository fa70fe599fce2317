package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.maven.console.DeployReports;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.codehaus.plexus.component.configurator.BasicComponentConfigurator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A tarball that is older than what it is made of. */
class StaleTarballTest {

  private static final Instant MADE = Instant.parse("2026-11-25T10:00:00Z");

  @TempDir Path directory;

  private final List<Event> events = new ArrayList<>();
  private TestReactor reactor;
  private Path tarball;

  @BeforeEach
  void a_service_with_a_tarball() throws IOException {
    reactor = new TestReactor(directory).service("auth", "").with("rpi.host", "pi.invalid");
    tarball = directory.resolve("auth/target/jib-image.tar");
    Files.createDirectories(directory.resolve("auth/target"));
    TestImages.typical("auth:latest").writeDocker(tarball);
    Files.setLastModifiedTime(tarball, FileTime.from(MADE));
  }

  @ParameterizedTest
  @CsvSource({
    "deploy, src/main/java/app/Main.java, app/Main.java",
    "plan, src/main/java/app/Main.java, app/Main.java",
    "deploy, src/main/resources/application.yml, application.yml",
    "deploy, target/classes/app/Main.class, app/Main.class"
  })
  void what_is_newer_is_a_warning_with_its_name_in_plan_and_deploy(
      String goal, String file, String shown) throws IOException {
    write(file, MADE.plusSeconds(1));

    assertThat(warnings(goal))
        .containsExactly(
            tarball
                + " is older than "
                + shown
                + ": the image may lack the newest changes. Build it again: mvn package");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "deploy"})
  void what_is_as_old_and_what_is_not_in_the_image_is_none(String goal) throws IOException {
    write("src/main/java/app/Main.java", MADE);
    write("target/classes/app/Main.class", MADE.minusSeconds(1));
    write("src/test/java/app/MainTest.java", MADE.plusSeconds(1));
    write("README.md", MADE.plusSeconds(1));

    assertThat(warnings(goal)).isEmpty();
  }

  @Test
  void a_module_without_sources_is_none() throws IOException {
    assertThat(warnings("deploy")).isEmpty();
  }

  private void write(String name, Instant changed) throws IOException {
    Path file = directory.resolve("auth").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    Files.setLastModifiedTime(file, FileTime.from(changed));
  }

  private List<String> warnings(String goal) throws IOException {
    BasicComponentConfigurator configurator = new BasicComponentConfigurator();
    ReactorMojo mojo =
        goal.equals("plan")
            ? new PlanMojo(configurator, TestReactor.decrypter())
            : new DeployMojo(configurator, TestReactor.decrypter());
    TestReactor.prepare(mojo, reactor.session(), TestReactor.called(goal));
    try (BuildSession build =
        new BuildSession(
            events::add,
            DeployReports.of(directory.resolve("rpi"), Map.of()),
            () -> Origin.UNKNOWN,
            SecretPrompt.NOBODY,
            new EarlyLooks())) {
      // The host has no address.
      assertThat(catchThrowable(() -> mojo.run(build))).isNotNull();
    }
    return events.stream()
        .filter(Event.Warning.class::isInstance)
        .map(event -> ((Event.Warning) event).text())
        .toList();
  }
}
