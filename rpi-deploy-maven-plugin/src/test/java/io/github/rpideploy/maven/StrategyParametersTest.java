package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.spec.Strategy;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.maven.project.MavenProject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code rpi.strategy} and {@code rpi.drain}. */
class StrategyParametersTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "5s, 5, ''",
    "1m30s, 90, ''",
    "0, 0, ''",
    "'', 0, ''",
    "touch /tmp/drain && sleep 5, 0, touch /tmp/drain && sleep 5",
    "' sleep 5 ', 0, sleep 5"
  })
  void a_drain_is_a_duration_or_a_command(String drain, long seconds, String command) {
    assertThat(strategy("rollout", drain))
        .isEqualTo(new Strategy(Strategy.Mode.ROLLOUT, Duration.ofSeconds(seconds), command));
  }

  @Test
  void without_a_rollout_it_means_nothing() {
    assertThat(strategy("Recreate", "5s")).isEqualTo(Strategy.RECREATE);
    assertThat(strategy("auto", "5s").mode()).isEqualTo(Strategy.Mode.AUTO);
  }

  private Strategy strategy(String strategy, String drain) {
    MavenProject project = new MavenProject();
    project.setFile(directory.resolve("pom.xml").toFile());
    project.getBuild().setDirectory(directory.toString());
    Parameters parameters = new Parameters() {};
    parameters.project = project;
    parameters.service = "auth";
    parameters.imageTar = new File("target/jib-image.tar");
    parameters.platform = "linux/arm64";
    parameters.rollback = "service";
    parameters.keep = 3;
    parameters.settle = "7s";
    parameters.smokeVia = "tunnel";
    parameters.strategy = strategy;
    parameters.drain = drain;
    return parameters.spec(project).policy().strategy();
  }
}
