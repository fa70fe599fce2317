package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.it.lab.Pis;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.it.lab.UserBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          platform: linux/arm64
          stop_signal: SIGKILL
        extension-server:
          image: extension-server
          platform: linux/arm64
          stop_signal: SIGKILL
      """;

  /** What ends by itself must have the time for it. */
  private static final String SETTLED = "-Drpi.settle=7s";

  @TempDir private static Path directory;

  private static Pis pis;
  private static UserBuild build;

  /** The same services in the opposite order: another developer's project. */
  private static UserBuild opposite;

  private static int version;

  @BeforeAll
  static void up() throws Exception {
    pis = Pis.up(directory, List.of("kitchen", "attic"));
    build = project("home", "auth-server", "extension-server");
    opposite = project("office", "extension-server", "auth-server");
    release("auth-server", TestService.RUNS);
    release("extension-server", TestService.RUNS);
    succeeded(deploy(build));
  }

  @AfterAll
  static void down() throws Exception {
    pis.down();
  }

  @Test
  void the_order_goes_across_them() throws Exception {
    release("auth-server", TestService.RUNS);
    release("extension-server", TestService.RUNS);
    assertThat(plan())
        .contains("kitchen: auth-server", "attic: extension-server")
        .doesNotContain("kitchen: extension-server");

    String output = succeeded(deploy(build));

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
    release("auth-server", TestService.RUNS);
    release("extension-server", "exit 3");

    String output = failed(deploy(build, "-Drpi.rollback=all", SETTLED));

    assertThat(output)
        .containsPattern("extension-server is back on extension-server:rpi-\\w+, verified")
        .containsPattern("auth-server is back on auth-server:rpi-\\w+, verified");
    assertThat(runs("kitchen", "auth-server")).isEqualTo(auth);
    assertThat(runs("attic", "extension-server")).isEqualTo(extension);
    assertThat(build.project().resolve("target/rpi/attic/extension-server.log")).exists();

    failed(deploy(build, SETTLED));
    assertThat(runs("kitchen", "auth-server")).isNotEqualTo(auth);
    assertThat(runs("attic", "extension-server")).isEqualTo(extension);
  }

  @Test
  void goals_of_the_modules_keep_the_order_and_go_back_on_both() throws Exception {
    String auth = runs("kitchen", "auth-server");
    release("auth-server", TestService.RUNS);
    release("extension-server", "exit 3");

    String output =
        failed(goals(build, List.of("ship", "recreate", "verify"), "-Drpi.rollback=all", SETTLED));

    assertThat(output)
        .containsSubsequence("kitchen: auth-server  verified", "attic: extension-server  recreat")
        .containsPattern("auth-server is back on auth-server:rpi-\\w+, verified");
    assertThat(runs("kitchen", "auth-server")).isEqualTo(auth);
  }

  @Test
  void two_builds_in_opposite_order_wait_for_each_other_and_never_for_ever() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 2; i++) {
        release("auth-server", TestService.RUNS);
        release("extension-server", TestService.RUNS);
        Callable<UserBuild.Outcome> first =
            () -> goals(build, List.of("deploy"), "-Drpi.lockTimeout=3m");
        Callable<UserBuild.Outcome> second =
            () -> goals(opposite, List.of("ship", "recreate", "verify"), "-Drpi.lockTimeout=3m");
        for (Future<UserBuild.Outcome> one : threads.invokeAll(List.of(first, second))) {
          succeeded(one.get());
        }
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void nothing_is_sent_to_any_when_one_of_them_cannot_be_reached() throws Exception {
    String auth = runs("kitchen", "auth-server");
    release("auth-server", TestService.RUNS);
    pis.pi("attic").cut("--hold");
    pis.pi("attic").cut();

    String output = failed(deploy(build, "-Drpi.connectTimeout=3"));
    pis.pi("attic").link("none");

    assertThat(output).doesNotContain("  sent").contains("attic");
    assertThat(runs("kitchen", "auth-server")).isEqualTo(auth);
  }

  private static String plan() throws Exception {
    return succeeded(goals(build, List.of("plan")));
  }

  private static String succeeded(UserBuild.Outcome outcome) {
    assertThat(outcome.status()).as(outcome.output()).isZero();
    return outcome.output();
  }

  private static String failed(UserBuild.Outcome outcome) {
    assertThat(outcome.status()).as(outcome.output()).isOne();
    return outcome.output();
  }

  private static UserBuild.Outcome deploy(UserBuild project, String... options) throws Exception {
    return project.again(Map.of(), arguments(List.of("deploy"), options));
  }

  private static UserBuild.Outcome goals(UserBuild project, List<String> goals, String... options)
      throws Exception {
    return project.run(Map.of(), arguments(goals, options));
  }

  private static List<String> arguments(List<String> goals, String... options) {
    List<String> arguments = new ArrayList<>(goals.stream().map(UserBuild::goal).toList());
    arguments.add("-Drpi.directory=rpi/home");
    arguments.add("-Drpi.sshConfig=" + pis.sshConfig());
    arguments.add("-Drpi.settle=1s");
    arguments.add("-Drpi.layerCache=" + directory.resolve("layers"));
    arguments.addAll(List.of(options));
    return arguments;
  }

  private static UserBuild project(String name, String... services) throws Exception {
    UserBuild project = new UserBuild(directory.resolve(name), directory.resolve(name + "-inputs"));
    project.settings("");
    StringBuilder modules = new StringBuilder("<packaging>pom</packaging><modules>");
    for (String service : services) {
      modules.append("<module>").append(service).append("</module>");
      project.pom(
          service,
          service,
          "<properties><rpi.service>%s</rpi.service><rpi.imageTar>%s</rpi.imageTar><rpi.host>%s</rpi.host></properties>"
              .formatted(
                  service, tarball(service), service.equals("auth-server") ? "kitchen" : "attic"));
    }
    project.pom(".", "home", modules + "</modules>");
    Files.writeString(project.project().resolve("compose.yaml"), COMPOSE);
    return project;
  }

  private static void release(String service, String command) throws Exception {
    version++;
    Files.move(
        new TestService(service)
            .smallTarball(directory, "v" + version, ": v" + version + "; " + command),
        tarball(service),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path tarball(String service) {
    return directory.resolve(service + ".tar");
  }

  private static String runs(String pi, String service) throws Exception {
    return pis.runs(pi, service);
  }

  private static String created(String pi, String service) throws Exception {
    return pis.inspect(pi, service, "{{.Created}}");
  }
}
