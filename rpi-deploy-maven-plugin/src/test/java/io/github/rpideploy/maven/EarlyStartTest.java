package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlyStartTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "deploy, ship",
    "clean deploy, ship",
    "test, ''",
    "verify, ''",
    "install, ''",
    "site-deploy, ''",
    "verify rpi:deploy, ''",
    "rpi:plan, ''"
  })
  void only_a_build_that_will_look_at_the_Pi_does_it_early(String asked, String goal)
      throws Exception {
    TestReactor reactor =
        new TestReactor(directory)
            .service("auth-server", TestReactor.rpi(executions("")))
            .goals(asked.split(" ", -1));

    assertThat(EarlyStart.goal(reactor.session()).orElse("")).isEqualTo(goal);
  }

  @ParameterizedTest
  @CsvSource({"deploy, ''", "install, ship", "none, ''"})
  void goals_that_are_bound_elsewhere_count_there(String phase, String goal) throws Exception {
    TestReactor reactor =
        new TestReactor(directory)
            .service("auth-server", TestReactor.rpi(executions("<phase>" + phase + "</phase>")))
            .goals("install");

    assertThat(EarlyStart.goal(reactor.session()).orElse("")).isEqualTo(goal);
  }

  private static String executions(String phase) {
    return "<executions><execution>%s<goals><goal>ship</goal><goal>recreate</goal></goals></execution></executions>"
        .formatted(phase);
  }
}
