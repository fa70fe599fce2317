package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.look.LogQuery;
import io.github.rpideploy.deploy.look.LogSink;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.image.TestImages;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogsTest {

  @TempDir private Path directory;

  private final ScriptedPi pi =
      new ScriptedPi("services: {auth-server: {image: auth-server}, db: {image: db}}\n");
  private final List<String> seen = new ArrayList<>();

  @BeforeEach
  void two_services() {
    Path tarball = directory.resolve("a.tar");
    for (String service : List.of("auth-server", "db")) {
      TestImages.typical(service + ":latest").writeDocker(tarball);
      ServiceSpec spec = Specs.of(service, tarball, directory.resolve("log"));
      deployer().deploy(List.of(Candidate.read(spec)));
    }
    pi.logs.put("auth-server", "hello\nthe password is hunter42hunter\nno end");
    pi.logs.put("db", "ready\r\n");
    pi.environments.put("auth-server", "[\"DB_PASSWORD=hunter42hunter\"]");
  }

  private Deployer deployer() {
    return Deployers.connect(
        pi, new Stack("rpi/test", null), event -> {}, () -> Instant.EPOCH, pause -> {});
  }

  private void show(boolean follow, String... services) {
    deployer()
        .view()
        .logs(
            List.of(services),
            new LogQuery(follow, "100", null),
            new LogSink() {
              @Override
              public void begin(List<String> names) {
                seen.add(names.toString());
              }

              @Override
              public synchronized void line(String name, String text) {
                seen.add(name + "|" + text);
              }
            });
  }

  @Test
  void the_logs_of_all_services_are_shown_without_secrets() {
    show(false);
    assertThat(seen)
        .containsExactly(
            "[auth-server, db]",
            "auth-server|hello",
            "auth-server|the password is [DB_PASSWORD]",
            "auth-server|no end",
            "db|ready");
  }

  @Test
  void an_endless_line_is_cut() {
    pi.logs.put("db", "x".repeat(3 << 20) + "\nshort\n");

    show(false, "db");

    assertThat(seen).hasSize(3).endsWith("db|short");
    assertThat(seen.get(1)).hasSizeLessThan(70_000).endsWith("… (the line is longer than 64 KiB)");
  }

  @Test
  void or_that_of_one() {
    show(false, "db");
    assertThat(seen).containsExactly("[db]", "db|ready");
  }

  @Test
  void a_service_that_is_not_in_the_file_is_refused() {
    assertThatThrownBy(() -> show(false, "nobody"))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("has no service nobody");
  }

  @Test
  void when_the_environment_cannot_be_read_nothing_is_shown() {
    pi.environments.put("auth-server", "not JSON");
    assertThatThrownBy(() -> show(false)).isInstanceOf(RuntimeException.class);
    assertThat(seen).containsExactly("[auth-server, db]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "many", "1;ls", "--follow"})
  void what_is_no_number_of_lines_or_no_time_is_refused(String text) {
    assertThatThrownBy(() -> new LogQuery(false, text, null)).isInstanceOf(DeployException.class);
    assertThatThrownBy(() -> new LogQuery(false, "all", text.equals("1;ls") ? text : "-" + text))
        .isInstanceOf(DeployException.class);
  }

  @Test
  void logs_that_are_followed_are_shown_until_every_container_has_ended() {
    show(true);

    assertThat(seen)
        .startsWith("[auth-server, db]")
        .contains("auth-server|hello", "auth-server|the password is [DB_PASSWORD]", "db|ready")
        .hasSize(5);
  }

  @Test
  void a_log_that_cannot_be_followed_fails_when_the_others_have_ended() {
    pi.environments.put("auth-server", "not JSON");

    assertThatThrownBy(() -> show(true)).isInstanceOf(RuntimeException.class);

    assertThat(seen).containsExactly("[auth-server, db]", "db|ready");
  }

  @Test
  void an_interrupt_ends_the_following() {
    CountDownLatch end = new CountDownLatch(1);
    pi.heard =
        line -> {
          if (line.contains("--follow")) {
            awaitOrInterrupted(end);
          }
        };
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> show(true, "db"))
        .isInstanceOf(DeployException.class)
        .hasMessage("Following the logs was interrupted");

    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    end.countDown();
  }

  private static void awaitOrInterrupted(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void containers_of_one_service_are_told_apart_by_number() {
    pi.replicas.put("db", 2);
    deployer().deploy(List.of(Specs.candidate(directory, "db", "next", Policy.DEFAULT)));
    pi.logs.put("db-2", "ready, too");

    show(false, "db");

    assertThat(seen).containsExactly("[db-1, db-2]", "db-1|ready", "db-2|ready, too");
  }

  @Test
  void a_malformed_parameter_is_shown_without_control_characters() {
    assertThatThrownBy(() -> new LogQuery(false, "1\u001b[2J", null))
        .hasMessage("Parameter tail must be a number of lines or all, but is 1?[2J");
  }

  @Test
  void docker_is_asked_for_what_is_wanted() {
    assertThat(new LogQuery(true, "all", "10m").arguments())
        .containsExactly("--tail", "all", "--since", "10m", "--follow");
  }
}
