package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.ssh.SshConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the oldest and the newest Engine and compose say of services that cannot run, and the cause
 * that is made of it. The one in between is in {@link BadReleaseIT}.
 */
class CauseIT {

  private static final String DIRECTORY = "rpi/causes";

  /** One image for all: what is wrong is in the compose file. */
  private static final String COMPOSE =
      """
      services:
        other-processor: &web
          image: web
          platform: linux/arm64
          stop_signal: SIGKILL
          entrypoint: [/server]
          volumes: [./server:/server]
        no-interpreter:
          <<: *web
          entrypoint: [/script]
          volumes: [./script:/script]
        no-program:
          <<: *web
          entrypoint: [java, -jar, app.jar]
        port-of-a-container:
          <<: *web
          entrypoint: [sleep, "1000"]
          ports: ["127.0.0.1:18099:80"]
        port-of-a-process:
          <<: *web
          entrypoint: [sleep, "1000"]
          ports: ["22:80"]
        no-value:
          <<: *web
          entrypoint: [sh, -uc, "echo $$DB_URL"]
        spring-boot:
          <<: *web
          entrypoint: [sh, -c, "cat /spring-boot.txt; exit 1"]
          volumes: [./spring-boot.txt:/spring-boot.txt]
        unknown-host:
          <<: *web
          entrypoint: [wget, "http://no-value:8080/"]
        no-health-command:
          <<: *web
          entrypoint: [sleep, "1000"]
          healthcheck: {test: [CMD, curl, -f, "http://localhost/"], interval: 1s, retries: 1}
        no-health-command-of-a-shell:
          <<: *web
          entrypoint: [sleep, "1000"]
          healthcheck: {test: "curl -f http://localhost/", interval: 1s, retries: 1}
        crash-loop:
          <<: *web
          entrypoint: [sh, -c, "exit 3"]
          restart: always
        memory:
          <<: *web
          entrypoint: [sh, -c, "tail /dev/zero; exit 5"]
          restart: always
          mem_limit: 64m
      """;

  /** As sample-services' auth-server prints it with AUTH_TOKEN_LIFETIME=-1m. */
  private static final String SPRING_BOOT =
      """
      2026-11-25T16:46:36.165Z ERROR 1 --- [auth-server] [           main] o.s.b.d.LoggingFailureAnalysisReporter   :

      ***************************
      APPLICATION FAILED TO START
      ***************************

      Description:

      Failed to bind properties under 'auth' to com.example.pi.auth.AuthProperties:

          Reason: java.lang.IllegalArgumentException: auth.token-lifetime must be a positive duration such as 10m, but is "PT-1M"

      Action:

      Update your application's configuration

      """;

  @TempDir private Path directory;

  @ParameterizedTest(name = "{0}")
  @CsvSource({"bookworm", "sid"})
  void the_cause_is_named(String suite) throws Exception {
    Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
    Path tarball = new TestService("web").tarball(directory, "one");
    Lab pi = Lab.up("cause", "--suite", suite);
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {})) {
      prepare(pi);
      SoftAssertions all = new SoftAssertions();
      for (Map.Entry<String, String> cause : causes().entrySet()) {
        Candidate candidate = candidate(cause.getKey(), tarball);
        if (cause.getKey().equals("port-of-a-container")) {
          pi.ssh(
              "docker run -d --name holder --platform linux/arm64 -p 18099:80 "
                  + candidate.tarball().releaseTag(candidate.tarball().tag()).familiar()
                  + " sleep 1000");
        }
        all.assertThat(failure(connection, candidate))
            .as(cause.getKey())
            .endsWith(cause.getValue());
        // Health checks and restarts of it would go on, beside what comes next.
        pi.ssh("docker ps -aq --filter name=" + cause.getKey() + " | xargs -r docker rm -f");
      }
      all.assertAll();
    } finally {
      pi.down();
    }
  }

  private static void prepare(Lab pi) throws Exception {
    pi.ssh(
        ("mkdir -p %1$s && cd %1$s"
                // An ELF file for s390x, which nobody emulates here.
                + " && printf '\\177ELF\\002\\002\\001%%09d\\000\\002\\000\\026' 0 >server"
                + " && printf '#!/bin/nosuch\\n' >script && chmod 755 server script"
                + " && cat >spring-boot.txt <<'END'\n%2$s\nEND\n")
            .formatted(DIRECTORY, SPRING_BOOT));
  }

  private static Map<String, String> causes() {
    Map<String, String> causes = new LinkedHashMap<>();
    causes.put(
        "other-processor",
        "; cause: a program in its image was built for another processor (exec format error); build"
            + " it for linux/arm64");
    causes.put(
        "no-interpreter",
        "; cause: its image cannot run /script: no such file or directory; if the file exists, its"
            + " interpreter (see its first line, and check for Windows line endings) or a library"
            + " is missing");
    causes.put(
        "no-program",
        ": its image cannot run its entry point or command, java: executable file not"
            + " found in $PATH");
    causes.put(
        "port-of-a-container", ": port 18099 on the Pi is already in use by container holder");
    causes.put(
        "port-of-a-process",
        ": port 22 on the Pi is already in use by a process outside Docker (on the Pi: sudo ss"
            + " -lptn 'sport = :22')");
    causes.put(
        "no-value",
        "the container exited (code 2); cause: it needs the environment variable DB_URL, which has"
            + " no value (set it under environment in the compose file)");
    causes.put(
        "spring-boot",
        "; cause: Spring Boot says: Failed to bind properties under 'auth' to"
            + " com.example.pi.auth.AuthProperties: Reason: java.lang.IllegalArgumentException:"
            + " auth.token-lifetime must be a positive duration such as 10m, but is \"PT-1M\""
            + " Action: Update your application's configuration");
    causes.put(
        "unknown-host",
        "; cause: it cannot find the host no-value: service no-value is "
            + "not running, or shares no network with it");
    String curl =
        "health: unhealthy; cause: its health check calls curl, which is not in its image";
    causes.put("no-health-command", curl);
    causes.put("no-health-command-of-a-shell", curl);
    causes.put("crash-loop", "restart(s), exit code 3");
    causes.put(
        "memory",
        "; cause: out of memory: the kernel killed one of its processes at its limit of 64 MiB"
            + " (mem_limit in the compose file)");
    return causes;
  }

  private Candidate candidate(String service, Path tarball) {
    return Candidate.read(
        new ServiceSpec(
            service,
            tarball,
            "linux/arm64",
            SmokeSpec.NONE,
            Patience.DEFAULT,
            directory.resolve(service + ".log"),
            new Policy(Policy.Rollback.NONE, false, 3)));
  }

  /** The first line of what is said of a service that fails. */
  private String failure(SshConnection connection, Candidate candidate) {
    try (Deployer deployer =
        Deployers.connect(
            connection,
            new Stack(DIRECTORY, directory.resolve("compose.yaml")),
            event -> {},
            InstantSource.system(),
            Pause.SLEEP)) {
      DeployException failure =
          catchThrowableOfType(DeployException.class, () -> deployer.deploy(List.of(candidate)));
      assertThat(failure).as(candidate.service()).isNotNull();
      return failure.getMessage().lines().findFirst().orElse("");
    }
  }
}
