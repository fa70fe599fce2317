package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.ScriptedPi;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.maven.console.DeployReports;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.Pi;
import io.github.rpideploy.ssh.SshConnection;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.maven.execution.DefaultMavenExecutionResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildSessionTest {

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
      """;

  @TempDir Path home;

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<Pi> pis = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    pis.forEach(Pi::close);
  }

  @Test
  void modules_of_one_directory_share_one_deployer_and_one_connection() {
    try (BuildSession build = build(() -> Origin.UNKNOWN)) {
      TargetStack target = target("one");

      Deployer first =
          build.deployer(target, settings("auth-server", 0, "layers"), Set::of, build.reporter());

      assertThat(
              build.deployer(
                  target, settings("extension-server", 0, "layers"), Set::of, build.reporter()))
          .isSameAs(first);
      assertThat(events).filteredOn(Event.Connected.class::isInstance).hasSize(1);
      assertThat(warnings()).isEmpty();
    }
  }

  @Test
  void a_module_whose_lock_timeout_is_ignored_is_told_once() {
    try (BuildSession build = build(() -> Origin.UNKNOWN)) {
      TargetStack target = target("one");
      build.deployer(target, settings("auth-server", 0, "layers"), Set::of, build.reporter());

      // Ship, recreate and verify ask for it each.
      build.deployer(
          target, settings("extension-server", 300, "layers"), Set::of, build.reporter());
      build.deployer(
          target, settings("extension-server", 300, "layers"), Set::of, build.reporter());

      assertThat(warnings())
          .containsExactly(
              "rpi.lockTimeout=300s of module extension-server is ignored, 0s of module auth-server"
                  + " is used: a build takes the deploy lock once for each directory on the Pi. Set"
                  + " rpi.lockTimeout in the parent POM or with -D.");
    }
  }

  @Test
  void a_module_whose_layer_cache_is_ignored_is_told() {
    try (BuildSession build = build(() -> Origin.UNKNOWN)) {
      TargetStack target = target("one");
      build.deployer(target, settings("auth-server", 0, "layers"), Set::of, build.reporter());

      build.deployer(
          target, settings("extension-server", 0, "elsewhere"), Set::of, build.reporter());

      assertThat(warnings())
          .singleElement()
          .asString()
          .contains("rpi.layerCache=", "elsewhere of module extension-server is ignored");
    }
  }

  @Test
  void each_directory_has_its_own_settings() {
    try (BuildSession build = build(() -> Origin.UNKNOWN)) {
      TargetStack one = target("one");
      Deployer first =
          build.deployer(one, settings("auth-server", 0, "layers"), Set::of, build.reporter());

      TargetStack other = new TargetStack(one.ssh(), new Stack("rpi/other", null, false), Map.of());
      Deployer second =
          build.deployer(
              other, settings("extension-server", 300, "elsewhere"), Set::of, build.reporter());

      assertThat(second).isNotSameAs(first);
      assertThat(events).filteredOn(Event.Connected.class::isInstance).hasSize(1);
      assertThat(warnings()).isEmpty();
    }
  }

  @Test
  void every_connection_is_closed_when_a_deployer_cannot_end() {
    BuildSession build =
        build(
            () -> {
              throw new IllegalStateException("git has crashed");
            });
    TargetStack one = target("one");
    TargetStack other = target("other");
    for (TargetStack target : List.of(one, other)) {
      build
          .deployer(target, settings("auth-server", 0, "layers"), Set::of, build.reporter())
          .ship(List.of(candidate()));
    }
    SshConnection toOne = build.connection(one.ssh(), events::add);
    SshConnection toOther = build.connection(other.ssh(), events::add);

    build.close();

    for (SshConnection connection : List.of(toOne, toOther)) {
      assertThatThrownBy(() -> connection.exec(Command.of("true")))
          .isInstanceOf(DeployException.class);
    }
    assertThat(warnings()).hasSize(2).allMatch(text -> text.contains("git has crashed"));
  }

  /** Each asks where the build comes from when it writes its history, and waits for the other. */
  @Test
  void ends_its_work_on_all_Pis_side_by_side() {
    CyclicBarrier both = new CyclicBarrier(2);
    BuildSession build =
        build(
            () -> {
              try {
                both.await(30, TimeUnit.SECONDS);
                return Origin.UNKNOWN;
              } catch (Exception e) {
                throw new IllegalStateException("one after the other", e);
              }
            });
    for (TargetStack target : List.of(target("one"), target("other"))) {
      build
          .deployer(target, settings("auth-server", 0, "layers"), Set::of, build.reporter())
          .ship(List.of(candidate()));
    }

    build.close();

    assertThat(warnings()).isEmpty();
  }

  @Test
  void a_deploy_leaves_its_reports_and_CI_is_told_once_when_the_build_has_ended() {
    try (BuildSession build = build(() -> Origin.UNKNOWN)) {
      build.reporter().report(new Event.Verified("auth-server", "healthy", Duration.ofSeconds(8)));
      // Each of three goals writes it.
      build.writeReport();
      build.writeReport();
      assertThat(home.resolve("target/rpi/deploy.json")).exists();
      assertThat(home.resolve("target/rpi/TEST-rpi.xml")).exists();
      assertThat(summary()).doesNotExist();

      build.end(new DefaultMavenExecutionResult());

      assertThat(summary()).content().containsOnlyOnce("auth-server");
    }
  }

  @Test
  void a_report_that_cannot_be_written_is_a_warning() throws IOException {
    Files.writeString(home.resolve("target"), "a file");
    try (BuildSession build = build(() -> Origin.UNKNOWN)) {
      build.reporter().report(new Event.Verified("auth-server", "healthy", Duration.ofSeconds(8)));

      build.writeReport();

      assertThat(warnings())
          .satisfiesExactly(
              text -> assertThat(text).startsWith("deploy.json could not be written: "),
              text -> assertThat(text).startsWith("TEST-rpi.xml could not be written: "));
    }
  }

  @Test
  void a_build_that_only_looks_leaves_nothing() {
    try (BuildSession build = build(() -> Origin.UNKNOWN)) {
      build.reporter().report(new Event.Failed("auth-server", "no route to host"));

      build.end(new DefaultMavenExecutionResult());

      assertThat(home.resolve("target/rpi")).doesNotExist();
      assertThat(summary()).doesNotExist();
    }
  }

  private Path summary() {
    return home.resolve("summary.md");
  }

  private BuildSession build(Supplier<Origin> origin) {
    return new BuildSession(
        events::add,
        DeployReports.of(
            home.resolve("target/rpi"),
            Map.of("GITHUB_ACTIONS", "true", "GITHUB_STEP_SUMMARY", summary().toString())),
        origin,
        SecretPrompt.NOBODY,
        new EarlyLooks());
  }

  private TargetStack target(String name) {
    Pi pi = Pi.of(new ScriptedPi(COMPOSE));
    pis.add(pi);
    try {
      Path files = Files.createDirectories(home.resolve(name));
      return new TargetStack(pi.request(files), new Stack("rpi/services", null, false), Map.of());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private DeploySettings settings(String module, int lockTimeout, String layerCache) {
    return new DeploySettings(
        module,
        Duration.ofSeconds(lockTimeout),
        Duration.ofSeconds(30),
        home.resolve("cache").resolve(layerCache),
        Others.Mode.START,
        Others.DEFAULT_TIMEOUT);
  }

  private Candidate candidate() {
    Path tarball = home.resolve("jib-image.tar");
    TestImages.typical("auth-server:latest").writeDocker(tarball);
    return Candidate.read(
        new ServiceSpec(
            "auth-server",
            tarball,
            "linux/arm64",
            SmokeSpec.NONE,
            Patience.of(Duration.ofSeconds(30)),
            home.resolve("auth-server.log"),
            Policy.DEFAULT));
  }

  private List<String> warnings() {
    return events.stream()
        .filter(Event.Warning.class::isInstance)
        .map(event -> ((Event.Warning) event).text())
        .toList();
  }
}
