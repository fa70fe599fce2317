package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.maven.console.DeployReports;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecution;
import org.codehaus.plexus.component.configurator.BasicComponentConfigurator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs once for the whole reactor, bound to a phase, comes before the modules are built. */
class BoundDeployTest {

  @TempDir Path directory;

  private final List<Event> events = new ArrayList<>();
  private TestReactor reactor;

  @BeforeEach
  void reactor() throws IOException {
    reactor = new TestReactor(directory).service("auth", "").with("rpi.host", "pi.invalid");
  }

  @Test
  void a_bound_deploy_is_refused_with_the_XML_that_is_meant() throws Exception {
    DeployException failure = deploy(TestReactor.bound("deploy", "default", "deploy"));

    assertThat(failure)
        .hasMessage(
            "rpi:deploy is bound to phase deploy in the POM of stack (execution default), where it"
                + " would deploy what an earlier build has left: it works on all modules, and"
                + " Maven runs it when it builds this one");
    assertThat(failure.hint())
        .isEqualTo(
            """
            The Pi was not contacted. For mvn deploy, bind these goals instead, in the parent POM \
            or in each service:
            <execution>
              <phase>deploy</phase>
              <goals>
                <goal>ship</goal>
                <goal>recreate</goal>
                <goal>verify</goal>
              </goals>
            </execution>
            Or remove the execution, and deploy with: mvn verify rpi:deploy""");
  }

  @Test
  void it_is_refused_wherever_it_is_not_the_command_line_that_runs_it() throws Exception {
    MojoExecution byAnotherPlugin =
        new MojoExecution(TestReactor.called("deploy").getMojoDescriptor(), "x");

    assertThat(deploy(byAnotherPlugin))
        .hasMessageStartingWith("rpi:deploy is run in the POM of stack (execution x), where");
  }

  @Test
  void a_bound_plan_is_refused() throws Exception {
    MavenSession session = reactor.session();
    PlanMojo mojo = new PlanMojo(new BasicComponentConfigurator(), TestReactor.decrypter());

    DeployException failure =
        failure(TestReactor.prepare(mojo, session, TestReactor.bound("plan", "default", "verify")));

    assertThat(failure).hasMessageContaining("would plan with what an earlier build has left");
    assertThat(failure.hint())
        .isEqualTo("The Pi was not contacted. Remove the execution, and run: mvn verify rpi:plan");
  }

  @Test
  void the_command_line_may_run_it_and_a_skipped_one_does_no_harm() throws Exception {
    assertThat(deploy(TestReactor.called("deploy"))).hasMessageContaining("jib-image.tar");

    reactor.with("rpi.skip", "true");
    assertThat(deploy(TestReactor.bound("deploy", "default", "deploy"))).isNull();
  }

  private DeployException deploy(MojoExecution goal) throws IOException {
    DeployMojo mojo = new DeployMojo(new BasicComponentConfigurator(), TestReactor.decrypter());
    return failure(TestReactor.prepare(mojo, reactor.session(), goal));
  }

  private DeployException failure(ReactorMojo mojo) {
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
