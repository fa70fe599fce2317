package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.maven.parameters.UnknownParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.component.configurator.BasicComponentConfigurator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A name that is meant to be a parameter and is none: Maven says nothing. */
class UnknownParametersTest {

  private static final PluginDescriptor PLUGIN =
      TestReactor.called("deploy").getMojoDescriptor().getPluginDescriptor();

  @TempDir Path directory;

  private TestReactor reactor;

  @BeforeEach
  void reactor() {
    reactor = new TestReactor(directory);
  }

  private List<String> warnings() throws IOException {
    return UnknownParameters.warnings(reactor.session(), PLUGIN);
  }

  @Test
  void on_the_command_line_it_is_told_what_was_meant() throws IOException {
    reactor.with("rpi.smokepath", "/health").with("rpi.hots", "pi").with("rpi.port", "22");

    assertThat(warnings())
        .containsExactly(
            "rpi.hots on the command line is no parameter of this plugin: did you mean"
                + " -Drpi.host?",
            "rpi.smokepath on the command line is no parameter of this plugin: did you mean"
                + " -Drpi.smokePath?");
  }

  @Test
  void there_it_is_told_even_when_nothing_is_near() throws IOException {
    reactor.with("rpi.banana", "1").with("banana", "1");

    assertThat(warnings())
        .containsExactly(
            "rpi.banana on the command line is no parameter of this plugin. List them with: mvn"
                + " rpi:help -Ddetail");
  }

  @Test
  void in_a_POM_it_is_told_once_with_the_module_that_has_it() throws IOException {
    reactor
        .root("<properties><rpi.hosst>pi</rpi.hosst><rpi.banana>1</rpi.banana></properties>")
        .module("a", "<properties><rpi.smoke-port>1</rpi.smoke-port></properties>")
        .module("b", "");

    assertThat(warnings())
        .containsExactly(
            "rpi.hosst in the POM of stack is no parameter of this plugin: did you mean"
                + " <rpi.host>?",
            "rpi.smoke-port in the POM of a is no parameter of this plugin: did you mean"
                + " <rpi.smokePort>?");
  }

  @Test
  void in_an_active_profile_too() throws IOException {
    reactor.root(
        "<profiles><profile><activation><activeByDefault>true</activeByDefault></activation>"
            + "<properties><rpi.usr>pi</rpi.usr></properties></profile></profiles>");

    assertThat(warnings())
        .containsExactly(
            "rpi.usr in the POM of stack is no parameter of this plugin: did you mean <rpi.user>?");
  }

  @Test
  void one_of_settings_xml_is_in_no_POM() throws IOException {
    MavenSession session = reactor.session();
    MavenProject project = session.getProjects().get(0);
    project.getProperties().setProperty("rpi.usr", "pi");

    assertThat(UnknownParameters.warnings(session, PLUGIN))
        .containsExactly(
            "rpi.usr, set for stack, is no parameter of this plugin: did you mean <rpi.user>?");
  }

  @Test
  void a_property_that_the_POM_uses_may_be_the_users_own() throws IOException {
    reactor
        .root(
            "<properties><rpi.hosts>a</rpi.hosts><rpi.hostname>b</rpi.hostname></properties>"
                + "<url>${rpi.hosts}${rpi.hostname}</url>")
        .with("rpi.hostname", "c");

    assertThat(warnings())
        .containsExactly(
            "rpi.hosts in the POM of stack is no parameter of this plugin; unless it is your own"
                + " property, you may mean <rpi.host>");
  }

  @Test
  void an_element_of_the_configuration_is_told_too() throws IOException {
    reactor
        .service("a", TestReactor.rpi("<configuration><smokepath>/</smokepath></configuration>"))
        .service(
            "b",
            TestReactor.rpi(
                "<executions>"
                    + TestReactor.bound("x", "<kep>3</kep><banana/><follow>true</follow>")
                    + "</executions>"));

    assertThat(warnings())
        .containsExactly(
            "<kep> in the <configuration> of b is no parameter of this plugin: did you mean"
                + " <keep>?",
            "<smokepath> in the <configuration> of a is no parameter of this plugin: did you mean"
                + " <smokePath>?");
  }

  @Test
  void goals_of_one_build_tell_it_once() throws Exception {
    MavenSession session = reactor.with("rpi.hots", "pi").session();
    session.setCurrentProject(session.getTopLevelProject());
    List<String> printed = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      StatusMojo status = new StatusMojo(new BasicComponentConfigurator(), TestReactor.decrypter());
      TestReactor.prepare(status, session, TestReactor.called("status"))
          .setLog(
              new SystemStreamLog() {
                @Override
                public void warn(CharSequence text) {
                  printed.add(text.toString());
                }

                @Override
                public void debug(Throwable error) {}
              });
      status.output = "wrong";
      assertThatThrownBy(status::execute).hasMessageContaining("Parameter output is wrong");
    }

    assertThat(printed).singleElement().asString().contains("did you mean -Drpi.host?");
  }

  static Set<String> names() {
    return TestReactor.properties();
  }

  @ParameterizedTest
  @MethodSource("names")
  void no_real_parameter_is_unknown_and_each_is_found_in_another_case(String name)
      throws IOException {
    reactor.with(name, "1");
    assertThat(warnings()).isEmpty();

    reactor.with(name.toUpperCase(Locale.ROOT), "1");
    assertThat(warnings()).singleElement().asString().endsWith("did you mean -D" + name + "?");
  }
}
