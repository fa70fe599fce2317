package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.maven.console.DeployReports;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import io.github.rpideploy.ssh.settings.SshNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecution;
import org.codehaus.plexus.component.configurator.BasicComponentConfigurator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rpi.nodes}: how the nodes of a swarm are reached, and which of them get images. */
class NodesTest {

  private static final String TWO =
      """
      <configuration><orchestrator>swarm</orchestrator><nodes>
        <node><name>attic</name><port>2222</port><user>me</user>
          <identityFile>keys/attic</identityFile></node>
        <node><name>shed</name><host>shed.local</host></node>
      </nodes></configuration>
      """;

  @TempDir Path directory;

  private TestReactor reactor;

  @BeforeEach
  void nobodyListensThere() {
    reactor = new TestReactor(directory).with("rpi.host", "127.0.0.1").with("rpi.port", "1");
  }

  @Test
  void the_POM_says_how_each_is_reached_where_that_differs_from_the_manager() throws Exception {
    TargetStack swarm = target(TestReactor.rpi(TWO));

    assertThat(swarm.node("attic", "10.0.0.2"))
        .isEqualTo(new SshNode("10.0.0.2", 2222, "me", directory.resolve("keys/attic")));
    assertThat(swarm.node("shed", "10.0.0.3"))
        .isEqualTo(new SshNode("shed.local", null, null, null));
    assertThat(swarm.node("other", "10.0.0.4")).isEqualTo(SshNode.SAME.at("10.0.0.4"));
  }

  @Test
  void the_command_line_names_some_which_says_nothing_of_how_they_are_reached() throws Exception {
    reactor.with("rpi.nodes", "attic, shed,").with("rpi.orchestrator", "swarm");
    TargetStack swarm = target("");
    assertThat(swarm.node("attic", "10.0.0.2")).isEqualTo(SshNode.SAME.at("10.0.0.2"));

    Modules modules = reactor.modules(TestReactor.called("ship"));
    assertThat(modules.chosenNodes(modules.built().get(1))).containsExactly("attic", "shed");
    modules = reactor.with("rpi.nodes", "").modules(TestReactor.called("ship"));
    assertThat(modules.chosenNodes(modules.built().get(1))).isEmpty();
  }

  @Test
  void without_a_swarm_they_are_refused_with_the_XML() {
    reactor.with("rpi.nodes", "attic");

    assertThatThrownBy(() -> target(""))
        .isInstanceOf(DeployException.class)
        .hasMessage("Module auth names nodes (attic), but compose replaces services on one Pi")
        .extracting(e -> ((DeployException) e).hint())
        .asString()
        .contains("<properties><rpi.orchestrator>swarm</rpi.orchestrator></properties>");
  }

  @Test
  void two_of_one_name_are_refused() {
    String twice = TWO.replace("<name>shed</name>", "<name>attic</name>");

    assertThatThrownBy(() -> target(TestReactor.rpi(twice)))
        .hasMessage("Two <node> of module auth are called attic");
  }

  @Test
  void goals_that_replace_services_refuse_to_leave_nodes_out() throws Exception {
    reactor.with("rpi.nodes", "attic").with("rpi.orchestrator", "swarm").service("auth", "");
    BasicComponentConfigurator configurator = new BasicComponentConfigurator();
    String refusal =
        "rpi.nodes names attic, but only rpi:ship by itself can leave nodes out: each one on which"
            + " auth may run must have its image before the swarm replaces it";

    assertThat(
            failure(
                new DeployMojo(configurator, TestReactor.decrypter()),
                TestReactor.called("deploy")))
        .hasMessage(refusal);
    assertThat(
            failure(
                new PlanMojo(configurator, TestReactor.decrypter()), TestReactor.called("plan")))
        .hasMessage(refusal);
    DeployException rollback =
        failure(
            new RollbackMojo(configurator, TestReactor.decrypter()),
            TestReactor.called("rollback"));
    assertThat(rollback).hasMessage(refusal);
    assertThat(rollback.hint())
        .startsWith("The Pi was not contacted.")
        .endsWith("mvn rpi:ship -Drpi.nodes=attic");
  }

  @Test
  void so_does_a_ship_in_a_build_that_replaces_the_service_too() throws Exception {
    reactor.with("rpi.nodes", "attic").with("rpi.orchestrator", "swarm");
    reactor.service(
        "auth", TestReactor.rpi("<executions>" + TestReactor.bound("a", "") + "</executions>"));

    assertThat(failure(ship(), TestReactor.bound("ship", "a", "deploy")))
        .hasMessageStartingWith("rpi.nodes names attic, but only rpi:ship by itself");
  }

  @Test
  void a_ship_by_itself_goes_to_the_manager() throws Exception {
    reactor.with("rpi.nodes", "attic").with("rpi.orchestrator", "swarm").service("auth", "");

    assertThat(failure(ship(), TestReactor.called("ship")))
        .as("nobody listens there")
        .hasMessageContaining("127.0.0.1");
  }

  private static ShipMojo ship() {
    return new ShipMojo(
        new BasicComponentConfigurator(), TestReactor.decrypter(), TestReactor.lifecycle());
  }

  private DeployException failure(RpiMojo mojo, MojoExecution goal) throws Exception {
    MavenSession session = reactor.session();
    boolean aggregator = goal.getMojoDescriptor().isAggregator();
    session.setCurrentProject(session.getProjects().get(aggregator ? 0 : 1));
    Path target = Files.createDirectories(directory.resolve("auth/target"));
    TestImages.typical("auth").writeDocker(target.resolve("jib-image.tar"));
    TestReactor.configure(mojo, session, goal);
    try (BuildSession build =
        new BuildSession(
            event -> {},
            DeployReports.of(directory.resolve("rpi"), Map.of()),
            () -> Origin.UNKNOWN,
            SecretPrompt.NOBODY,
            new EarlyLooks())) {
      return catchThrowableOfType(DeployException.class, () -> mojo.run(build));
    }
  }

  private TargetStack target(String plugin) throws Exception {
    Modules modules = reactor.service("auth", plugin).modules(TestReactor.called("ship"));
    return modules.targets(modules.parametersOf(modules.built().get(1))).get(0);
  }
}
