package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
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
import org.apache.maven.execution.MavenSession;
import org.codehaus.plexus.component.configurator.BasicComponentConfigurator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who replaces a container without verifying the new one cannot let the old one go on until then.
 */
class RecreateAloneTest {

  private static final String RECREATE =
      "<executions><execution><id>a</id><goals><goal>recreate</goal></goals></execution>%s</executions>";
  private static final String VERIFY =
      "<execution><id>b</id><goals><goal>verify</goal></goals>%s</execution>";

  @TempDir Path directory;

  private final List<Event> events = new ArrayList<>();
  private TestReactor reactor;

  @BeforeEach
  void nothingListensThere() {
    reactor = new TestReactor(directory).with("rpi.host", "127.0.0.1").with("rpi.port", "1");
  }

  @Test
  void it_cannot_roll_out() throws Exception {
    reactor.service("auth", TestReactor.rpi(RECREATE.formatted("")));

    for (String strategy : List.of("rollout", "auto")) {
      DeployException failure = recreate(strategy);

      assertThat(failure)
          .hasMessage(
              "auth cannot be rolled out by rpi:recreate alone: its old container goes when the"
                  + " new one is verified");
      assertThat(failure.hint())
          .isEqualTo(
              "The Pi was not contacted. Verify it in the same build: mvn rpi:ship rpi:recreate"
                  + " rpi:verify; or replace it with a gap: -Drpi.strategy=recreate");
      assertThat(events).last().isEqualTo(new Event.Failed("auth", failure.getMessage()));
    }
    assertThat(recreate("recreate")).hasMessageContaining("127.0.0.1");
  }

  @Test
  void a_build_that_verifies_it_too_may() throws Exception {
    reactor.service("auth", TestReactor.rpi(RECREATE.formatted(VERIFY.formatted(""))));

    assertThat(recreate("rollout")).hasMessageContaining("127.0.0.1");
  }

  @Test
  void a_verification_that_is_skipped_is_none() throws Exception {
    String skipped = VERIFY.formatted("<configuration><skip>true</skip></configuration>");
    reactor.service("auth", TestReactor.rpi(RECREATE.formatted(skipped)));

    assertThat(recreate("rollout")).hasMessageContaining("by rpi:recreate alone");
  }

  /** The Pi is not there: whoever contacts it fails with its address. */
  private DeployException recreate(String strategy) throws Exception {
    MavenSession session = reactor.with("rpi.strategy", strategy).session();
    session.setCurrentProject(session.getProjects().get(1));
    Path target = Files.createDirectories(directory.resolve("auth/target"));
    TestImages.typical("auth").writeDocker(target.resolve("jib-image.tar"));
    RecreateMojo mojo =
        TestReactor.configure(
            new RecreateMojo(
                new BasicComponentConfigurator(), TestReactor.decrypter(), TestReactor.lifecycle()),
            session,
            TestReactor.bound("recreate", "a", "deploy"));
    try (BuildSession build =
        new BuildSession(
            events::add,
            DeployReports.of(directory.resolve("rpi"), Map.of()),
            () -> Origin.UNKNOWN,
            SecretPrompt.NOBODY,
            new EarlyLooks())) {
      return catchThrowableOfType(DeployException.class, () -> mojo.run(build));
    }
  }
}
