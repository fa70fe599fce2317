package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.Order;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.component.configurator.BasicComponentConfigurator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a module configures in an {@code <execution>} counts as Maven itself counts it. */
class ExecutionConfigurationTest {

  private static final MojoExecution RECREATE = TestReactor.bound("recreate", "default", "deploy");

  @TempDir Path directory;

  private TestReactor reactor;

  @BeforeEach
  void empty() {
    reactor = new TestReactor(directory).with("rpi.host", "pi");
  }

  @Test
  void an_execution_goes_before_the_plugin_and_adds_to_it() throws Exception {
    reactor.service(
        "auth",
        TestReactor.rpi(
            "<configuration><timeout>60</timeout><smokePath>/plugin</smokePath></configuration>"
                + executions(
                    TestReactor.bound("x", "<smokePath>/execution</smokePath><keep>7</keep>"))));

    Parameters auth = only(TestReactor.called("deploy"));

    assertThat(auth.timeout).isEqualTo("60");
    assertThat(auth.smokePath).isEqualTo("/execution");
    assertThat(auth.keep).isEqualTo(7);
  }

  @Test
  void a_module_that_is_skipped_in_its_execution_keeps_nobody_waiting() throws Exception {
    reactor
        .service("auth", bound("<skip>true</skip>"))
        .service("extension", bound("<after>auth</after>"));

    ReactorOrder order = order(RECREATE);

    assertThat(order.turns()).extracting(Order.Turn::service).containsExactly("extension");
    assertThat(order.turns().get(0).before()).isEmpty();
  }

  @Test
  void a_service_is_called_as_its_execution_says() throws Exception {
    reactor
        .service("auth-server", bound("<service>auth</service>"))
        .service("extension", bound("<after>auth</after>"));

    assertThat(order(RECREATE).turns())
        .extracting(Order.Turn::service)
        .containsExactly("auth", "extension");
    assertThat(order(RECREATE).turns().get(1).before()).containsExactly("auth");
    assertThat(order(TestReactor.called("deploy")).turns())
        .extracting(Order.Turn::service)
        .containsExactly("auth", "extension");
  }

  private static TargetStack target(ReactorOrder order, String service) {
    return order.targets().entrySet().stream()
        .filter(there -> there.getKey().serviceName().equals(service))
        .map(there -> there.getValue().get(0))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_service_on_a_Pi_that_its_execution_names_is_no_predecessor_on_another() throws Exception {
    reactor = new TestReactor(directory);
    reactor
        .service("auth", bound("<host>one</host>"))
        .service("extension", bound("<host>one</host>"))
        .service("far", bound("<host>other</host>"));
    MavenSession session = reactor.session();

    ReactorOrder order = order(RECREATE, session);

    assertThat(order.predecessors(project(session, "extension"), target(order, "extension")).all())
        .containsExactly("auth");
    assertThat(order.predecessors(project(session, "far"), target(order, "far")).all()).isEmpty();
  }

  @Test
  void one_of_several_executions_that_is_skipped_does_not_count() throws Exception {
    String off = TestReactor.bound("off", "<skip>true</skip><service>old</service>");
    String on = TestReactor.bound("on", "<service>new</service>");
    reactor.service("auth", TestReactor.rpi(executions(off + on)));

    assertThat(only(TestReactor.called("deploy")).serviceName()).isEqualTo("new");
    assertThat(order(RECREATE).turns()).containsExactly(new Order.Turn("new", Set.of(), 2));
  }

  @Test
  void executions_that_share_the_three_goals_add_up() throws Exception {
    String execution =
        "<execution><id>%1$s</id><goals><goal>%1$s</goal></goals><configuration>%2$s</configuration></execution>";
    reactor.service(
        "auth",
        TestReactor.rpi(
            "<configuration><timeout>60</timeout></configuration>"
                + executions(
                    execution.formatted("ship", "<imageTar>image.tar</imageTar>")
                        + execution.formatted("recreate", "<after>db</after>")
                        + execution.formatted("verify", "<smokePath>/up</smokePath>")
                        + execution.formatted("status", "<timeout>1</timeout>"))));

    Parameters auth = only(TestReactor.called("deploy"));

    assertThat(auth.imageTar).hasFileName("image.tar");
    assertThat(auth.after).containsExactly("db");
    assertThat(auth.smokePath).isEqualTo("/up");
    assertThat(auth.timeout).isEqualTo("60");
  }

  @Test
  void a_goal_from_the_command_line_has_the_configuration_that_Maven_has_for_it() throws Exception {
    String cli =
        "<execution><id>default-cli</id><configuration><service>cli</service></configuration></execution>";
    reactor
        .service("auth", bound("<service>a</service>"))
        .service("extension", TestReactor.rpi(executions(TestReactor.bound("x", "") + cli)));

    // Maven configures rpi:recreate itself, and knows nothing of other executions.
    assertThat(services(TestReactor.called("recreate"))).containsExactly("auth", "cli");
    assertThat(services(TestReactor.called("deploy"))).containsExactly("a", "cli");
  }

  @Test
  void an_execution_that_is_turned_off_counts_no_more() throws Exception {
    reactor
        .root(
            "<build><plugins>"
                + TestReactor.rpi(executions(TestReactor.bound("x", "<service>a</service>")))
                + "</plugins></build>")
        .service(
            "auth",
            TestReactor.rpi(executions("<execution><id>x</id><phase>none</phase></execution>")));

    assertThat(services(TestReactor.called("deploy"))).containsExactly("auth");
  }

  private static String bound(String configuration) {
    return TestReactor.rpi(executions(TestReactor.bound("default", configuration)));
  }

  private static String executions(String executions) {
    return "<executions>" + executions + "</executions>";
  }

  private List<String> services(MojoExecution goal) throws Exception {
    return Participants.of(reactor.modules(goal), event -> {}).stream()
        .map(Parameters::serviceName)
        .toList();
  }

  private Parameters only(MojoExecution goal) throws Exception {
    List<Parameters> all = Participants.of(reactor.modules(goal), event -> {});
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private ReactorOrder order(MojoExecution goal) throws Exception {
    return order(goal, reactor.session());
  }

  private static ReactorOrder order(MojoExecution goal, MavenSession session) {
    BasicComponentConfigurator configurator = new BasicComponentConfigurator();
    RpiMojo mojo =
        goal.getGoal().equals("deploy")
            ? new DeployMojo(configurator, TestReactor.decrypter())
            : new RecreateMojo(configurator, TestReactor.decrypter(), TestReactor.lifecycle());
    TestReactor.prepare(mojo, session, goal);
    return new ReactorOrder(mojo.modules(), mojo::steps);
  }

  private static MavenProject project(MavenSession session, String name) {
    return session.getProjects().stream()
        .filter(project -> project.getArtifactId().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
