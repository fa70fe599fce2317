package io.github.rpideploy.it;

import static io.github.rpideploy.it.lab.PisBuild.SETTLED;
import static io.github.rpideploy.it.lab.PisBuild.failed;
import static io.github.rpideploy.it.lab.PisBuild.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.Pis;
import io.github.rpideploy.it.lab.PisBuild;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.it.lab.UserBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One reactor, two Pis: auth-server on kitchen, extension-server, which comes after it, on attic.
 */
class TargetsIT {

  @TempDir private static Path directory;

  private static Pis pis;
  private static PisBuild build;

  /** The same services in the opposite order: another developer's project. */
  private static PisBuild opposite;

  @BeforeAll
  static void up() throws Exception {
    pis = Pis.up(directory, List.of("kitchen", "attic"));
    build = project("home", List.of("auth-server", "extension-server"));
    opposite = project("office", List.of("extension-server", "auth-server"));
    build.release("auth-server", TestService.RUNS);
    build.release("extension-server", TestService.RUNS);
    succeeded(build.run("deploy"));
  }

  @AfterAll
  static void down() throws Exception {
    pis.down();
  }

  @Test
  void the_order_goes_across_them() throws Exception {
    build.release("auth-server", TestService.RUNS);
    build.release("extension-server", TestService.RUNS);
    assertThat(plan())
        .contains("kitchen: auth-server", "attic: extension-server")
        .doesNotContain("kitchen: extension-server");

    String output = succeeded(build.run("deploy"));

    List<String> steps =
        output
            .lines()
            .filter(line -> line.matches(".*  (sent|recreated|verified).*"))
            .map(line -> line.replaceAll("^\\[INFO\\] |(?<=sent|recreated|verified).*", ""))
            .toList();
    assertThat(steps.subList(0, 2))
        .containsExactlyInAnyOrder("kitchen: auth-server  sent", "attic: extension-server  sent");
    assertThat(steps.subList(2, steps.size()))
        .containsSubsequence(
            "kitchen: auth-server  verified",
            "attic: extension-server  recreated",
            "attic: extension-server  verified");
    assertThat(created("attic", "extension-server"))
        .isGreaterThan(created("kitchen", "auth-server"));
    assertThat(runs("kitchen", "extension-server")).isEmpty();
    assertThat(runs("attic", "auth-server")).isEmpty();
    assertThat(Files.readString(build.project().resolve("target/rpi/deploy.json")))
        .contains("\"targets\": [", "\"target\": \"kitchen\"", "\"target\": \"attic\"");
    for (String pi : pis.names()) {
      assertThat(pis.pi(pi).ssh("tail -n 1 rpi/home/.rpi/history.jsonl"))
          .contains("\"outcome\":\"verified\"");
    }
  }

  @Test
  void a_failure_on_the_second_goes_back_there_and_with_all_on_the_first_too() throws Exception {
    String auth = runs("kitchen", "auth-server");
    String extension = runs("attic", "extension-server");
    build.release("auth-server", TestService.RUNS);
    build.release("extension-server", "exit 3");

    String output = failed(build.run("deploy", "-Drpi.rollback=all", SETTLED));

    assertThat(output)
        .containsPattern("extension-server is back on extension-server:rpi-\\w+, verified")
        .containsPattern("auth-server is back on auth-server:rpi-\\w+, verified");
    assertThat(runs("kitchen", "auth-server")).isEqualTo(auth);
    assertThat(runs("attic", "extension-server")).isEqualTo(extension);
    assertThat(build.project().resolve("target/rpi/attic/extension-server.log")).exists();

    failed(build.run("deploy", SETTLED));
    assertThat(runs("kitchen", "auth-server")).isNotEqualTo(auth);
    assertThat(runs("attic", "extension-server")).isEqualTo(extension);
  }

  @Test
  void goals_of_the_modules_keep_the_order_and_go_back_on_both() throws Exception {
    String auth = runs("kitchen", "auth-server");
    build.release("auth-server", TestService.RUNS);
    build.release("extension-server", "exit 3");

    String output =
        failed(build.run(List.of("ship", "recreate", "verify"), "-Drpi.rollback=all", SETTLED));

    assertThat(output)
        .containsSubsequence("kitchen: auth-server  verified", "attic: extension-server  recreat")
        .containsPattern("auth-server is back on auth-server:rpi-\\w+, verified");
    assertThat(runs("kitchen", "auth-server")).isEqualTo(auth);
  }

  @Test
  void what_comes_before_on_another_Pi_must_be_good_there_when_the_build_leaves_it_out()
      throws Exception {
    String extension = runs("attic", "extension-server");
    build.release("extension-server", TestService.RUNS);
    String[] only = {"-pl", "extension-server", "-Drpi.connectTimeout=3"};
    Lab kitchen = pis.pi("kitchen");

    kitchen.ssh("docker stop $(docker ps -q)");
    String stopped = failed(build.run("deploy", only));
    kitchen.cut("--hold");
    kitchen.cut();
    String off = failed(build.run(List.of("ship", "recreate", "verify"), only));

    assertThat(stopped)
        .containsPattern(
            "The predecessors of extension-server are not good on pi@\\S+: auth-server is exited");
    assertThat(off)
        .contains("The predecessors of extension-server on kitchen (auth-server) cannot be seen: ");
    for (String output : List.of(stopped, off)) {
      assertThat(output).contains("-Drpi.requirePredecessors=false").doesNotContain("recreated");
    }
    assertThat(runs("attic", "extension-server")).isEqualTo(extension);

    String anyway =
        succeeded(
            build.run(
                "deploy",
                "-pl",
                "extension-server",
                "-Drpi.connectTimeout=3",
                "-Drpi.requirePredecessors=false"));
    kitchen.link("none");
    kitchen.ssh("docker start $(docker ps -aq)");

    assertThat(anyway)
        .contains("[WARNING] The predecessors of extension-server on kitchen (auth-server)")
        .contains("extension-server  verified");
  }

  @Test
  void two_builds_in_opposite_order_wait_for_each_other_and_never_for_ever() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 2; i++) {
        build.release("auth-server", TestService.RUNS);
        build.release("extension-server", TestService.RUNS);
        Callable<UserBuild.Outcome> first =
            () -> build.run(List.of("deploy"), "-Drpi.lockTimeout=3m");
        Callable<UserBuild.Outcome> second =
            () -> opposite.run(List.of("ship", "recreate", "verify"), "-Drpi.lockTimeout=3m");
        for (Future<UserBuild.Outcome> one : threads.invokeAll(List.of(first, second))) {
          succeeded(one.get());
        }
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void nothing_is_sent_to_any_when_one_of_them_cannot_be_reached_unless_it_may_be_left_out()
      throws Exception {
    String auth = runs("kitchen", "auth-server");
    build.release("auth-server", TestService.RUNS);
    pis.pi("attic").cut("--hold");
    pis.pi("attic").cut();

    String output = failed(build.run("deploy", "-Drpi.connectTimeout=3"));
    assertThat(output).doesNotContain("  sent").contains("attic");
    assertThat(runs("kitchen", "auth-server")).isEqualTo(auth);

    String[] skip = {"-Drpi.connectTimeout=3", "-Drpi.unreachable=skip"};
    String left = succeeded(build.run(List.of("ship", "recreate", "verify"), skip));
    String again = succeeded(build.run("deploy", skip));
    pis.pi("attic").link("none");

    assertThat(left).contains("kitchen: auth-server  verified");
    for (String said : List.of(left, again)) {
      assertThat(said)
          .containsOnlyOnce(
              "extension-server  not deployed: no Pi that it goes to could be reached");
    }
    assertThat(runs("kitchen", "auth-server")).isNotEqualTo(auth);
  }

  private static String plan() throws Exception {
    return succeeded(build.run(List.of("plan")));
  }

  private static PisBuild project(String name, List<String> services) throws Exception {
    return new PisBuild(
        directory,
        pis,
        name,
        service ->
            "<rpi.host>%s</rpi.host>"
                .formatted(service.equals("auth-server") ? "kitchen" : "attic"),
        services);
  }

  private static String runs(String pi, String service) throws Exception {
    return pis.runs(pi, service);
  }

  private static String created(String pi, String service) throws Exception {
    return pis.inspect(pi, service, "{{.Created}}");
  }
}
