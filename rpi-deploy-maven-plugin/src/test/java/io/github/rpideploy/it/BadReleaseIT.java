package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.it.lab.UserBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real Maven deploys bad releases of a service to a real Engine. Each time the Pi ends as it was,
 * and the build with the cause on one line.
 */
class BadReleaseIT {

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          platform: linux/arm64
          stop_signal: SIGKILL
          environment: {SIGNING_KEY: "0penSesame"}
          ports: ["127.0.0.1:18081:8080"]
        extension-server:
          image: extension-server
          platform: linux/arm64
          stop_signal: SIGKILL
          depends_on: [auth-server]
          mem_limit: 64m
          environment: {DATABASE_PASSWORD: "c0rrectHorse"}
          ports: ["127.0.0.1:18082:8080"]
          healthcheck: {test: "[ -e /www ]", interval: 2s}
      """;

  /** Answers what it is asked, and says on /asked that it was, where there is such a pipe. */
  private static final String WEB_SERVER =
      """
      echo "knows $DATABASE_PASSWORD$SIGNING_KEY"
      mkdir -p /www/cgi-bin
      cat >/www/cgi-bin/health <<'END'
      #!/bin/sh
      [ ! -p /asked ] || (echo >/asked) >/dev/null &
      printf 'HTTP/1.0 %s\\r\\nContent-Type: application/json\\r\\n\\r\\n{"status": "%s"}'
      END
      chmod +x /www/cgi-bin/health
      """;

  private static final String UP = WEB_SERVER.formatted("200 OK", "UP");
  private static final String SERVE = "httpd -f -vv -p 8080 -h /www";

  /**
   * A bad release.
   *
   * @param says what the build has to say of it
   * @param logs a line of what it logs; empty when it does not come to that
   */
  private record Bad(
      String name, List<String> command, List<String> options, String says, String logs) {

    @Override
    public String toString() {
      return name;
    }
  }

  private static final Bad DOES_NOT_START =
      new Bad(
          "does not start",
          List.of("java", "-jar", "/app/app.jar"),
          List.of(),
          "Compose could not recreate extension-server on HOST: its image cannot run its entry"
              + " point or command, java: executable file not found in $PATH",
          "");

  private static final Bad ANSWERS_500 =
      new Bad(
          "answers 500",
          shell(WEB_SERVER.formatted("500 Internal Server Error", "DOWN") + "exec " + SERVE),
          List.of("-Drpi.timeout=20s"),
          "extension-server on HOST is not good: GET http://localhost:18082/cgi-bin/health answers"
              + " 500, not 200, still after 20 s; cause: the answer was: {\"status\": \"DOWN\"}",
          "knows [DATABASE_PASSWORD]");

  /** Five seconds after it was asked and all was well; a busy machine may take its time. */
  private static final Bad DIES =
      new Bad(
          "dies after 5 s",
          shell(
              UP
                  + "mkfifo /asked; "
                  + SERVE
                  + " & read asked </asked; sleep 5; echo no heart; exit 3"),
          List.of("-Drpi.settle=15s"),
          "extension-server on HOST is not good: it was good (healthy, GET"
              + " http://localhost:18082/cgi-bin/health answered 200), but then the container"
              + " exited (code 3)",
          "no heart");

  /** After it has logged 3 MB, more than is collected. */
  private static final Bad EATS_MEMORY =
      new Bad(
          "eats memory",
          shell("yes $(printf '%0300d' 0) | head -n 10000; echo hungry; exec tail /dev/zero"),
          List.of(),
          "extension-server on HOST is not good: the container exited (code 137);"
              + " cause: out of memory: the "
              + "kernel killed it at its limit of 64 MiB (mem_limit in the compose file)",
          "hungry");

  private static final String[] SECRETS = {"c0rrectHorse", "0penSesame"};

  private static final String BACK = "\\[ERROR\\] %1$s is back on %1$s:rpi-\\w{12}, verified\n";

  @TempDir private static Path directory;

  private static Lab pi;
  private static UserBuild build;
  private static TestService auth;
  private static TestService extension;

  @BeforeAll
  static void goodReleasesRun() throws Exception {
    pi = Lab.up("bad");
    build = new UserBuild(directory.resolve("shop"), directory.resolve("inputs"));
    build.settings("");
    build.pom(
        ".",
        "shop",
        "<packaging>pom</packaging><modules><module>auth-server</module>"
            + "<module>extension-server</module></modules>");
    composeFile(COMPOSE);
    auth = module("auth-server");
    extension = module("extension-server");
    good(auth, "auth-server", "one");
    good(extension, "extension-server", "one");
    UserBuild.Outcome outcome = deploy(List.of());
    assertThat(outcome.status()).as(outcome.output()).isZero();
  }

  @AfterAll
  static void takeDown() throws Exception {
    pi.down();
  }

  static List<Bad> releases() {
    return List.of(DOES_NOT_START, ANSWERS_500, DIES, EATS_MEMORY);
  }

  static List<Bad> someReleases() {
    return List.of(DOES_NOT_START, EATS_MEMORY);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void goes_back_and_no_other_service_is_touched(Bad bad) throws Exception {
    String authBefore = container("auth-server");
    String imageBefore = image("extension-server");
    release(bad);

    String output = failed(deploy(bad.options));

    assertSaysWhy(bad, output);
    assertThat(output)
        .contains("auth-server  unchanged: ")
        .containsPattern(BACK.formatted("extension-server"));
    assertThat(container("auth-server")).isEqualTo(authBefore);
    assertThat(image("extension-server")).isEqualTo(imageBefore);
    assertThat(pi.ssh("docker inspect -f '{{.State.Health.Status}}' " + id("extension-server")))
        .isEqualTo("healthy");
    // auth-server has said what it knows long before.
    assertLogs(bad, output, log -> assertThat(log).contains("url:").doesNotContain("knows"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("someReleases")
  void goes_back_with_what_was_replaced_before_it(Bad bad) throws Exception {
    String authBefore = image("auth-server");
    String extensionBefore = image("extension-server");
    good(auth, "auth-server", "two");
    release(bad);

    String output = failed(deploy(bad.options, "-Drpi.rollback=all"));

    assertSaysWhy(bad, output);
    assertThat(output)
        .contains("auth-server  verified in ")
        .containsPattern(BACK.formatted("extension-server") + BACK.formatted("auth-server"));
    assertThat(image("auth-server")).isEqualTo(authBefore);
    assertThat(image("extension-server")).isEqualTo(extensionBefore);
    assertLogs(bad, output, log -> assertThat(log).contains("knows [SIGNING_KEY]"));
    good(auth, "auth-server", "one");
  }

  @Test
  void a_wrong_compose_file_is_the_fault_of_no_service() throws Exception {
    String authBefore = container("auth-server");
    composeFile(COMPOSE.replace("mem_limit: 64m", "mem_limit: much"));

    String output = failed(deploy(List.of()));

    composeFile(COMPOSE);
    assertThat(output)
        .contains("auth-server  not deployed: the compose file cannot be used")
        .contains("extension-server  not deployed: the compose file cannot be used")
        .containsPattern("Compose on pi@\\S+ refuses \\S+/shop/compose.yaml: ");
    assertThat(container("auth-server")).isEqualTo(authBefore);
  }

  @Test
  void each_container_of_a_service_must_be_good() throws Exception {
    composeFile(
        COMPOSE
            .replace("ports: [\"127.0.0.1:18082:8080\"]", "deploy: {replicas: 2}")
            .replace("depends_on: [auth-server]", ""));
    good(extension, "extension-server", "two");

    UserBuild.Outcome outcome = deploy(List.of("-Drpi.smokeCommand=test -e /www"));

    assertThat(outcome.status()).as(outcome.output()).isZero();
    assertThat(outcome.output())
        .containsPattern("extension-server  verified in .*: 2 containers: healthy, ");
    composeFile(COMPOSE);
    good(extension, "extension-server", "one");
    outcome = deploy(List.of());
    assertThat(outcome.status()).as(outcome.output()).isZero();
  }

  private static void composeFile(String content) throws IOException {
    Files.writeString(build.project().resolve("compose.yaml"), content);
  }

  /**
   * @param needed what is to be said of the log of auth-server
   */
  private static void assertLogs(Bad bad, String output, Consumer<String> needed) throws Exception {
    Path log = reports().resolve("extension-server.log");
    if (bad.logs.isEmpty()) {
      assertThat(log).doesNotExist();
      assertThat(output).doesNotContain(log.toString());
    } else {
      assertThat(Files.readString(log)).contains(bad.logs).hasSizeLessThanOrEqualTo(2 << 20);
      needed.accept(Files.readString(reports().resolve("extension-server.needs-auth-server.log")));
      assertThat(output).contains("the log of the failed container is in " + log);
    }
  }

  private static Path reports() {
    return build.project().resolve("target/rpi");
  }

  private static void assertSaysWhy(Bad bad, String output) throws Exception {
    String host = "pi@127.0.0.1:" + pi.properties().getProperty("rpi.port");
    assertThat(output.lines().filter(line -> line.startsWith("[ERROR] Failed to execute goal")))
        .singleElement()
        .asString()
        .endsWith(": " + bad.says.replace("HOST", host));
  }

  private static String failed(UserBuild.Outcome outcome) throws Exception {
    assertThat(outcome.status()).as(outcome.output()).isOne();
    assertThat(outcome.output()).doesNotContain(SECRETS);
    try (Stream<Path> files = Files.list(reports())) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain(SECRETS);
      }
    }
    return outcome.output();
  }

  private static UserBuild.Outcome deploy(List<String> options, String... more) throws Exception {
    Files.deleteIfExists(reports().resolve("extension-server.log"));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                UserBuild.goal("deploy"),
                "-Drpi.directory=rpi/bad",
                "-Drpi.layerCache=" + directory.resolve("layers")));
    if (options.stream().noneMatch(option -> option.startsWith("-Drpi.smokeCommand"))) {
      arguments.add("-Drpi.smokePath=/cgi-bin/health");
    }
    arguments.addAll(options);
    arguments.addAll(List.of(more));
    arguments.addAll(pi.mavenOptions());
    return more.length == 0 ? build.run(Map.of(), arguments) : build.again(Map.of(), arguments);
  }

  private static TestService module(String service) throws Exception {
    build.pom(
        service,
        service,
        "<properties><rpi.service>%s</rpi.service><rpi.imageTar>%s</rpi.imageTar></properties>"
            .formatted(service, tarball(service)));
    return new TestService(service);
  }

  private static void good(TestService service, String name, String version) {
    service.image(version, "sh", "-c", UP + "exec " + SERVE).writeDocker(tarball(name));
  }

  private static void release(Bad bad) {
    extension
        .image(bad.name(), bad.command.toArray(String[]::new))
        .writeDocker(tarball("extension-server"));
  }

  private static Path tarball(String service) {
    return directory.resolve(service + ".tar");
  }

  private static List<String> shell(String script) {
    return List.of("sh", "-c", script);
  }

  private static String image(String service) throws Exception {
    return pi.ssh("docker inspect -f '{{.Image}}' " + id(service));
  }

  /** Which container it is and since when it runs. */
  private static String container(String service) throws Exception {
    return pi.ssh("docker inspect -f '{{.Id}} {{.State.StartedAt}}' " + id(service));
  }

  private static String id(String service) throws Exception {
    return pi.ssh("docker ps -aq --filter label=com.docker.compose.service=" + service);
  }
}
