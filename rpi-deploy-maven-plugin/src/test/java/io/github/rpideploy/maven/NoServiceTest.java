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
import org.apache.maven.lifecycle.DefaultLifecycleExecutor;
import org.apache.maven.plugin.MojoExecution;
import org.codehaus.plexus.component.configurator.BasicComponentConfigurator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which modules are skipped, and what becomes of a build in which all of them are. */
class NoServiceTest {

  private static final String MANAGED =
      "<build><pluginManagement><plugins>"
          + TestReactor.jib("")
          + "</plugins></pluginManagement></build>";

  @TempDir Path directory;

  private final List<Event> events = new ArrayList<>();
  private TestReactor reactor;

  @BeforeEach
  void empty() {
    reactor = new TestReactor(directory);
  }

  @Test
  void jib_skip_on_the_command_line_skips_every_module() throws Exception {
    reactor.service("auth", "").service("extension", "").with("jib.skip", "true");

    assertThat(participants()).isEmpty();
    assertThat(skipped("auth")).isEqualTo("jib.skip");
    assertThat(skipped("extension")).isEqualTo("jib.skip");
  }

  @Test
  void the_command_line_goes_before_a_property_of_the_POM_and_what_Jib_is_configured_before_both()
      throws Exception {
    String property = "<properties><jib.skip>true</jib.skip></properties>";
    String configured = "<configuration><skip>true</skip></configuration>";
    reactor
        .root(property)
        .service("by-property", "")
        .module("by-configuration", plugins(TestReactor.jib(configured)))
        .with("jib.skip", "false");

    assertThat(participants()).containsExactly("by-property");
    assertThat(skipped("by-configuration")).isEqualTo("jib.skip");
  }

  @Test
  void jib_skip_holds_for_a_module_that_names_its_service_but_not_for_a_tarball_of_another_builder()
      throws Exception {
    String named = "<properties><rpi.service>%s</rpi.service>%s</properties>";
    String elsewhere = "<rpi.imageTar>target/image.tar</rpi.imageTar>";
    String jib = plugins(TestReactor.jib(""));
    reactor
        .module("auth", named.formatted("a", "") + jib)
        .module("podman", named.formatted("p", elsewhere) + jib)
        .module("no-jib", named.formatted("n", ""))
        .with("jib.skip", "true");

    assertThat(participants()).containsExactly("p", "n");
    assertThat(skipped("auth")).isEqualTo("jib.skip");
  }

  @Test
  void a_module_whose_executions_of_Jib_all_skip_is_skipped() throws Exception {
    String skips = "<id>%s</id><goals><goal>buildTar</goal></goals><configuration><skip>%s</skip>";
    String execution = "<execution>" + skips + "</configuration></execution>";
    reactor
        .module("none", jib(execution.formatted("a", "true") + execution.formatted("b", "true")))
        .module("one", jib(execution.formatted("a", "true") + execution.formatted("b", "false")));

    assertThat(participants()).containsExactly("one");
    assertThat(skipped("none")).isEqualTo("jib.skip");
  }

  @Test
  void Jib_in_the_plugin_management_only_fails_the_deploy_and_tells_what_is_missing()
      throws Exception {
    reactor.root(MANAGED).module("library", "").module("auth", "");

    DeployException failure = failure();

    assertThat(failure)
        .hasMessage(
            """
            No module of this build is a service, so nothing was deployed:
              stack: packaging pom
              library: jib-maven-plugin is only in <pluginManagement>, not in <build><plugins>, \
            and no rpi.service configured
              auth: jib-maven-plugin is only in <pluginManagement>, not in <build><plugins>, \
            and no rpi.service configured""");
    assertThat(failure.hint())
        .startsWith(
            "The Pi was not contacted. <pluginManagement> configures a plugin but does not run it."
                + " Add this to the POM of each module that is a service:")
        .contains(
            """
            <build>
              <plugins>
                <plugin>
                  <groupId>com.google.cloud.tools</groupId>
                  <artifactId>jib-maven-plugin</artifactId>
                </plugin>
              </plugins>
            </build>""");
    assertThat(skipped("auth"))
        .isEqualTo(
            "jib-maven-plugin is only in <pluginManagement>, not in <build><plugins>, and no"
                + " rpi.service configured");
  }

  @Test
  void a_reactor_that_knows_no_service_fails_the_deploy() throws Exception {
    reactor.module("library", "");

    DeployException failure = failure();

    assertThat(failure)
        .hasMessage(
            """
            No module of this build is a service, so nothing was deployed:
              stack: packaging pom
              library: no jib-maven-plugin in its build and no rpi.service configured""");
    assertThat(failure.hint())
        .contains("jib-maven-plugin", "<rpi.service>auth-server</rpi.service>", "-Drpi.skip=true");
  }

  @Test
  void a_tarball_without_a_service_is_told_from_no_tarball_at_all() throws Exception {
    reactor.module(
        "auth", "<properties><rpi.imageTar>target/image.tar</rpi.imageTar></properties>");

    DeployException failure = failure();

    assertThat(failure)
        .hasMessageEndingWith(
            "\n  auth: rpi.imageTar configured, but no rpi.service that names its service");
    assertThat(failure.hint())
        .isEqualTo(
            "The Pi was not contacted. Name the service in the module's POM:"
                + " <properties><rpi.service>auth-server</rpi.service></properties>");
  }

  @Test
  void where_nothing_makes_Jibs_tarball_another_one_is_asked_for() throws Exception {
    String host = "<rpi.host>pi.invalid</rpi.host>";
    reactor.module("auth", "<properties><rpi.service>a</rpi.service>" + host + "</properties>");

    DeployException failure = failure();

    assertThat(failure)
        .hasMessageStartingWith("There is no image tarball ")
        .hasMessageEndingWith(
            "jib-image.tar, and no jib-maven-plugin in the build of auth, which would make it");
    assertThat(failure.hint())
        .startsWith("Where something else makes the image tarball, name it in the module's POM: ")
        .contains("<rpi.imageTar>target/image.tar</rpi.imageTar>");
  }

  @Test
  void a_tarball_of_another_builder_that_is_not_there_is_named() throws Exception {
    String properties =
        "<properties><rpi.service>a</rpi.service><rpi.host>pi.invalid</rpi.host>"
            + "<rpi.imageTar>target/image.tar</rpi.imageTar></properties>";
    reactor.module("auth", properties);

    assertThat(failure())
        .hasMessageMatching("There is no image tarball .*auth/target/image\\.tar")
        .extracting(DeployException::hint)
        .asString()
        .contains("name the right file: -Drpi.imageTar=target/image.tar");
  }

  @Test
  void a_module_of_packaging_pom_is_no_service_even_with_Jib() throws Exception {
    reactor.module("auth", "<packaging>pom</packaging>" + plugins(TestReactor.jib("")));

    assertThat(failure()).hasMessageEndingWith("\n  auth: packaging pom");
  }

  @Test
  void of_many_modules_ten_are_named() throws Exception {
    for (int i = 1; i <= 11; i++) {
      reactor.module("library-" + i, "");
    }

    assertThat(failure())
        .hasMessageContaining("library-9: no jib")
        .hasMessageEndingWith("\n  and 2 more");
  }

  @Test
  void the_goals_of_mvn_deploy_fail_too_and_say_it_once() throws Exception {
    reactor.module("library", "");

    assertThat(catchThrowableOfType(DeployException.class, () -> ship("stack", "library")))
        .hasMessageStartingWith("No module of this build is a service, so nothing was deployed:\n");
    assertThat(skipped("stack")).isEqualTo("packaging pom");
    assertThat(skipped("library")).isNull();
  }

  @Test
  void the_goals_of_mvn_deploy_are_good_where_a_service_is_left_out_or_all_is_skipped()
      throws Exception {
    reactor.module("library", "").service("auth", "").without("auth");
    ship("stack", "library");
    assertThat(skipped("library")).isNotNull();

    events.clear();
    reactor = new TestReactor(directory).module("library", "").with("rpi.skip", "true");
    ship("stack", "library");
    assertThat(skipped("library")).isEqualTo("rpi.skip");
  }

  @Test
  void a_build_that_is_to_deploy_nothing_is_good() throws Exception {
    reactor.module("library", "").with("rpi.skip", "true");

    assertThat(warning()).isNotNull();
  }

  @Test
  void a_part_of_the_reactor_without_a_service_is_good() throws Exception {
    reactor.root(MANAGED).module("library", "").service("auth", "").without("auth");

    assertThat(warning()).isNotNull();
  }

  @Test
  void a_reactor_whose_services_are_skipped_is_good() throws Exception {
    String skipped = "<properties><rpi.skip>true</rpi.skip></properties>";
    reactor
        .root(MANAGED)
        .module("library", "")
        .module("auth", skipped + plugins(TestReactor.jib("")));

    assertThat(warning()).isNotNull();
  }

  @Test
  void a_module_that_cannot_be_read_is_left_to_its_own_goal() throws Exception {
    reactor.module("library", "").module("auth", "<properties><rpi.port>x</rpi.port></properties>");

    ship("library");

    assertThat(skipped("library")).startsWith("no jib-maven-plugin");
  }

  private static String jib(String executions) {
    return plugins(TestReactor.jib("<executions>" + executions + "</executions>"));
  }

  private static String plugins(String plugins) {
    return "<build><plugins>" + plugins + "</plugins></build>";
  }

  private List<String> participants() throws IOException {
    return Participants.of(reactor.modules(TestReactor.called("deploy")), events::add).stream()
        .map(Parameters::serviceName)
        .toList();
  }

  private @Nullable String skipped(String module) {
    return events.stream()
        .filter(Event.Skipped.class::isInstance)
        .map(Event.Skipped.class::cast)
        .filter(event -> event.module().equals(module))
        .map(Event.Skipped::reason)
        .findFirst()
        .orElse(null);
  }

  private DeployException failure() {
    return catchThrowableOfType(DeployException.class, this::deploy);
  }

  private @Nullable String warning() throws IOException {
    deploy();
    return events.stream()
        .filter(Event.Warning.class::isInstance)
        .map(event -> ((Event.Warning) event).text())
        .filter("No module of this build is a service; nothing to do"::equals)
        .findFirst()
        .orElse(null);
  }

  /** As Maven runs it in one module after the other. */
  private void ship(String... modules) throws IOException {
    MojoExecution goal = TestReactor.bound("ship", "default", "deploy");
    MavenSession session = reactor.session();
    try (BuildSession build = build()) {
      for (String name : modules) {
        session.setCurrentProject(
            session.getProjects().stream()
                .filter(module -> module.getArtifactId().equals(name))
                .findFirst()
                .orElseThrow());
        ShipMojo mojo =
            new ShipMojo(
                new BasicComponentConfigurator(),
                TestReactor.decrypter(),
                new DefaultLifecycleExecutor());
        Parameters configured =
            new Modules(session, goal, new BasicComponentConfigurator(), TestReactor.decrypter())
                .parametersOf(session.getCurrentProject());
        mojo.skip = configured.skip;
        mojo.imageTar = configured.imageTar;
        TestReactor.prepare(mojo, session, goal).run(build);
      }
    }
  }

  private BuildSession build() {
    return new BuildSession(
        events::add,
        DeployReports.of(directory.resolve("rpi"), Map.of()),
        () -> Origin.UNKNOWN,
        SecretPrompt.NOBODY,
        new EarlyLooks());
  }

  private void deploy() throws IOException {
    MojoExecution goal = TestReactor.called("deploy");
    DeployMojo mojo = new DeployMojo(new BasicComponentConfigurator(), TestReactor.decrypter());
    try (BuildSession build = build()) {
      TestReactor.prepare(mojo, reactor.session(), goal).run(build);
    }
  }
}
