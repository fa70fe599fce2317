package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * With which identities, under which host keys and by which ways a real OpenSSH server is reached,
 * and which are refused; where OpenSSH's client can be asked the same, it has to say the same. The
 * cases are shown as a table in the end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SshIT {

  @TempDir private static Path directory;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<SshAgentProcess> agents = new ArrayList<>();
  private final List<String> table = new ArrayList<>();
  private final List<SshCase> cases = new ArrayList<>();
  private SshLab lab;

  @BeforeAll
  void prepare() throws Exception {
    lab = SshLab.up(directory);
    SshIdentityCases.keys(lab);
    SshHostKeyCases.keys(lab);
    lab.install();
    cases.addAll(SshIdentityCases.of(lab, agents));
    cases.addAll(SshHostKeyCases.of(lab));
    cases.addAll(SshWayCases.of(lab, opened));
  }

  @TestFactory
  Stream<DynamicTest> a_server_is_reached_or_refused() {
    return cases.stream()
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.group() + ": " + one.name(), () -> table.add(one.run())));
  }

  @AfterAll
  void show() throws Exception {
    table.forEach(System.out::println);
    System.out.println(table.size() + " of " + cases.size() + " cases as expected");
    for (SshAgentProcess agent : agents) {
      agent.close();
    }
    for (AutoCloseable open : opened) {
      open.close();
    }
    lab.down();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(60);
  }
}
