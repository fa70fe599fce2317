package io.github.rpideploy.maven;

import static io.github.rpideploy.maven.TestReactor.rpi;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which Pis a module goes to. */
class TargetsTest {

  private static final String THREE =
      """
      <configuration><user>pi</user><directory>rpi/home</directory><targets>
        <target><name>kitchen</name><host>192.168.1.20</host></target>
        <target><name>attic</name><host>attic.local</host><port>2222</port><user>me</user></target>
        <target><name>shed.local</name><directory>other</directory></target>
      </targets></configuration>
      """;

  @TempDir Path directory;

  @Test
  void those_of_the_POM_in_its_order_each_with_what_it_says_itself() throws Exception {
    List<TargetStack> targets = targets(kiosk());

    assertThat(targets)
        .extracting(target -> target.ssh().hosts().get(0))
        .containsExactly("192.168.1.20", "attic.local", "shed.local");
    assertThat(targets)
        .extracting(TargetStack::name)
        .containsExactly("kitchen", "attic", "shed.local");
    assertThat(targets).extracting(target -> target.ssh().user()).containsExactly("pi", "me", "pi");
    assertThat(targets).extracting(target -> target.ssh().port()).containsExactly(null, 2222, null);
    assertThat(targets)
        .extracting(target -> target.stack().directory())
        .containsExactly("rpi/home", "rpi/home", "other");
  }

  @Test
  void the_command_line_chooses_some_of_them_in_its_order() throws Exception {
    assertThat(targets(kiosk().with("rpi.targets", "attic, kitchen,,attic")))
        .extracting(TargetStack::name)
        .containsExactly("attic", "kitchen");
    assertThat(targets(kiosk().with("rpi.targets", ""))).hasSize(3);
  }

  @Test
  void so_does_a_module_for_itself() throws Exception {
    TestReactor reactor =
        new TestReactor(directory)
            .module(
                "kiosk",
                "<properties><rpi.targets>attic</rpi.targets></properties><build><plugins>"
                    + TestReactor.jib("")
                    + rpi(THREE)
                    + "</plugins></build>");

    assertThat(targets(reactor)).extracting(TargetStack::name).containsExactly("attic");
  }

  @Test
  void names_without_a_target_in_the_POM_are_hosts() throws Exception {
    TestReactor reactor =
        new TestReactor(directory).service("kiosk", "").with("rpi.targets", "me@one,two.local");

    assertThat(targets(reactor))
        .extracting(TargetStack::name)
        .containsExactly("me@one", "two.local");
    assertThat(targets(reactor))
        .extracting(target -> target.ssh().hosts())
        .containsExactly(List.of("me@one"), List.of("two.local"));
  }

  @Test
  void the_one_that_the_command_line_names_as_host_and_no_other() throws Exception {
    assertThat(targets(kiosk().with("rpi.host", "spare.local")))
        .singleElement()
        .extracting(TargetStack::name)
        .isEqualTo("spare.local");
  }

  @Test
  void one_that_the_POM_does_not_have_is_refused_with_those_that_it_has() throws Exception {
    TestReactor reactor = kiosk().with("rpi.targets", "kichen");

    assertThatThrownBy(() -> targets(reactor))
        .isInstanceOf(DeployException.class)
        .hasMessage("There is no target kichen: module kiosk has kitchen, attic, shed.local");
  }

  @Test
  void two_of_one_name_are_refused() throws Exception {
    TestReactor reactor =
        new TestReactor(directory)
            .service(
                "kiosk",
                rpi(
                    "<configuration><targets><target><name>a</name></target>"
                        + "<target><host>a</host></target></targets></configuration>"));

    assertThatThrownBy(() -> targets(reactor)).hasMessageContaining("are called a");
  }

  @Test
  void Pis_of_one_host_are_told_apart_by_port_and_directory() throws Exception {
    String targets =
        """
        <configuration><targets>
          <target><name>a</name><host>127.0.0.1</host><port>2201</port></target>
          <target><name>b</name><host>127.0.0.1</host><port>2202</port></target>
        </targets></configuration>
        """;
    List<TargetStack> both = targets(new TestReactor(directory).service("kiosk", rpi(targets)));

    assertThat(TargetStack.order().compare(both.get(0), both.get(1))).isNegative();
    TargetStack one = new TargetStack(both.get(0).ssh(), both.get(0).stack(), Map.of());
    TargetStack other = new TargetStack(both.get(1).ssh(), both.get(1).stack(), Map.of());
    assertThat(TargetStack.names(List.of(one, other)).values())
        .containsExactly("127.0.0.1:2201:rpi/stack", "127.0.0.1:2202:rpi/stack");
  }

  private TestReactor kiosk() throws IOException {
    return new TestReactor(directory).service("kiosk", rpi(THREE));
  }

  private static List<TargetStack> targets(TestReactor reactor) throws IOException {
    Modules modules = reactor.modules(TestReactor.called("deploy"));
    return modules.targets(modules.parametersOf(modules.built().get(1)));
  }
}
