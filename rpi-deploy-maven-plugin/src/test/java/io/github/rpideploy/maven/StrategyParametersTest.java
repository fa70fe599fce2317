package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Strategy;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.apache.maven.project.MavenProject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code rpi.strategy}, {@code rpi.drain} and what becomes of them with a swarm. */
class StrategyParametersTest {

  @TempDir Path directory;

  private String orchestrator = "compose";

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

  @ParameterizedTest
  @ValueSource(strings = {"rollout", "Auto"})
  void a_swarm_has_its_own_way(String strategy) {
    orchestrator = "Swarm";

    assertThatThrownBy(() -> strategy(strategy, ""))
        .isInstanceOf(DeployException.class)
        .hasMessage(
            "rpi.strategy is "
                + strategy.toLowerCase(Locale.ROOT)
                + ", but a swarm replaces services in its own way")
        .extracting(e -> ((DeployException) e).hint())
        .isEqualTo(
            "Remove it, and write in the compose file: deploy: {update_config: {order:"
                + " start-first}}");
    assertThat(strategy("recreate", "")).isEqualTo(Strategy.RECREATE);
  }

  @Test
  void there_is_no_other_orchestrator() {
    orchestrator = "k8s";

    assertThatThrownBy(() -> strategy("rollout", ""))
        .isInstanceOf(DeployException.class)
        .hasMessage("Parameter orchestrator is k8s, but only compose and swarm exist");
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
    parameters.orchestrator = orchestrator;
    parameters.drain = drain;
    return parameters.spec(project).policy().strategy();
  }
}
