package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.TestSpec;
import io.github.rpideploy.report.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.component.configurator.BasicComponentConfigurator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rpi:rollback -Drpi.service=…} verifies that service as its own module does. */
class ChosenServiceTest {

  @TempDir Path directory;

  private final List<Event> events = new ArrayList<>();
  private TestReactor reactor;

  @BeforeEach
  void reactor() throws IOException {
    reactor =
        new TestReactor(directory)
            .with("rpi.host", "pi")
            .service("gateway", rpi("<service>gate</service><smokePath>/gate</smokePath>"))
            .service("auth-server", rpi("<service>auth</service><smokePath>/auth</smokePath>"))
            .service("plain", rpi("<smokePath>/plain</smokePath><keep>9</keep>"))
            .module("db", rpiOnly("<smokePath>/library</smokePath>"));
  }

  @Test
  void a_service_that_its_POM_names_has_the_smoke_test_of_its_own_module() throws Exception {
    ServiceSpec auth = chosen("auth");

    assertThat(auth.service()).isEqualTo("auth");
    assertThat(paths(auth)).containsExactly("/auth");
    assertThat(events).isEmpty();
  }

  @Test
  void so_has_one_that_is_called_as_its_module_and_one_with_a_property() throws Exception {
    reactor.module(
        "other",
        "<properties><rpi.service>by-property</rpi.service></properties><build><plugins>"
            + TestReactor.jib("")
            + rpi("<smokePath>/other</smokePath>")
            + "</plugins></build>");

    assertThat(paths(chosen("plain"))).containsExactly("/plain");
    assertThat(paths(chosen("by-property"))).containsExactly("/other");
    assertThat(events).isEmpty();
  }

  @Test
  void so_has_one_that_this_build_leaves_out_or_skips() throws Exception {
    reactor
        .without("auth-server")
        .service("idle", rpi("<skip>true</skip><smokePath>/idle</smokePath>"));

    assertThat(paths(chosen("auth"))).containsExactly("/auth");
    assertThat(paths(chosen("idle"))).containsExactly("/idle");
  }

  @Test
  void one_that_no_module_is_has_no_smoke_test_of_another() throws Exception {
    ServiceSpec db = chosen("db");

    assertThat(db.service()).isEqualTo("db");
    assertThat(db.smoke().tests()).isEmpty();
    assertThat(db.logFile()).hasFileName("db.log");
    assertThat(events)
        .containsExactly(
            new Event.Warning(
                "No module of this reactor deploys service db, so the state and the health check of"
                    + " its container decide whether it is good. For a smoke test, add one:"
                    + " -Drpi.smokePath=/health"));
  }

  @Test
  void one_that_no_module_is_has_the_smoke_test_of_the_command_line() throws Exception {
    reactor.with("rpi.smokeTcp", "5432").with("rpi.timeout", "5m");

    ServiceSpec db = chosen("db");

    assertThat(db.smoke().tests()).singleElement().asString().contains("5432");
    assertThat(db.patience().timeout()).hasMinutes(5);
    assertThat(events).isEmpty();
  }

  @Test
  void nobody_guesses_on_which_Pi_one_is_that_no_module_is() throws Exception {
    reactor.service("far", rpi("<host>other</host>"));

    assertThatThrownBy(() -> chosen("db"))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("deploy to different Pis");
    assertThat(chosen("far").service()).isEqualTo("far");
  }

  /** What Maven 4 makes of {@code -D} and a property of the POM: all modules have it. */
  @Test
  void a_property_that_the_command_line_has_replaced_is_no_name() throws Exception {
    reactor
        .module(
            "first",
            "<properties><rpi.service>one</rpi.service></properties><build><plugins>"
                + TestReactor.jib("")
                + "</plugins></build>")
        .with("rpi.service", "plain");
    MavenSession session = reactor.session();
    List<MavenProject> modules = new ArrayList<>(session.getProjects());
    modules.add(0, modules.remove(modules.size() - 1));
    modules.get(0).getProperties().setProperty("rpi.service", "plain");
    session.setProjects(modules);

    assertThat(paths(spec(session))).containsExactly("/plain");
  }

  @Test
  void in_a_project_of_one_module_that_only_the_command_line_names_it_is_that() throws Exception {
    reactor =
        new TestReactor(directory.resolve("one"))
            .with("rpi.host", "pi")
            .module("app", rpiOnly("<smokePath>/app</smokePath>"));

    assertThat(paths(chosen("web"))).containsExactly("/app");
  }

  private static String rpi(String configuration) {
    return TestReactor.rpi("<configuration>" + configuration + "</configuration>");
  }

  private static String rpiOnly(String configuration) {
    return "<build><plugins>" + rpi(configuration) + "</plugins></build>";
  }

  private ServiceSpec chosen(String service) throws IOException {
    reactor.with("rpi.service", service);
    return spec(reactor.session());
  }

  private ServiceSpec spec(MavenSession session) {
    RollbackMojo mojo = new RollbackMojo(new BasicComponentConfigurator(), TestReactor.decrypter());
    TestReactor.prepare(mojo, session, TestReactor.called("rollback"));
    List<Parameters> all = mojo.services(events::add);
    assertThat(all).hasSize(1);
    return all.get(0).spec(mojo.root());
  }

  private static List<String> paths(ServiceSpec spec) {
    return spec.smoke().tests().stream().map(test -> ((TestSpec.Http) test).path()).toList();
  }
}
