package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.maven.console.DeployReports;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.MojoExecution;
import org.codehaus.plexus.component.configurator.BasicComponentConfigurator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maven's build cache skips Jib, so a tarball may be of other sources. */
class BuildCacheTest {

  @TempDir Path directory;

  private final List<Event> events = new ArrayList<>();
  private final MojoExecution goal = TestReactor.called("deploy");
  private TestReactor reactor;

  @BeforeEach
  void reactor() throws Exception {
    reactor =
        new TestReactor(directory)
            .service("auth", "")
            .service("extension", "")
            .with("rpi.host", "pi.invalid");
    for (String module : List.of("auth", "extension")) {
      Path target = Files.createDirectories(directory.resolve(module).resolve("target"));
      TestImages.typical(module + ":latest").writeDocker(target.resolve("jib-image.tar"));
    }
  }

  @Test
  void a_build_with_the_cache_is_told_once() throws Exception {
    withCache();

    assertThat(warnings())
        .containsExactly(
            "The maven-build-cache-extension is active: where it restores a module, Jib makes no"
                + " image, so the tarball there may be of other sources, and goals that are bound"
                + " to a phase do not run. Deploy without it: -Dmaven.build.cache.skipCache=true");
  }

  @Test
  void one_without_it_or_that_does_not_read_it_is_not() throws Exception {
    assertThat(warnings()).isEmpty();

    withCache();
    reactor.with("maven.build.cache.skipCache", "true");
    assertThat(warnings()).isEmpty();

    reactor.with("maven.build.cache.skipCache", "false").with("maven.build.cache.enabled", "false");
    assertThat(warnings()).isEmpty();
  }

  /** As Maven names the realm of a core extension. */
  private void withCache() throws Exception {
    goal.getMojoDescriptor()
        .getPluginDescriptor()
        .getClassRealm()
        .getWorld()
        .newRealm(
            "coreExtension>org.apache.maven.extensions:maven-build-cache-extension:1.2.3", null);
  }

  private List<String> warnings() throws Exception {
    DeployMojo mojo = new DeployMojo(new BasicComponentConfigurator(), TestReactor.decrypter());
    TestReactor.prepare(mojo, reactor.session(), goal);
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
        .filter(text -> text.contains("cache"))
        .toList();
  }
}
