package io.github.rpideploy.deploy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Exits;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Engines, compose, shells, JVMs and Spring Boot print, and the cause it shows. All of it was
 * copied from the real thing unless a comment says otherwise: Engines 20.10, 26.1 and 28.5 with
 * compose 1.29, 2.26 and 2.40 on Pis in boxes; busybox, dash, bash, curl, psql, node 20, Python 3.9
 * and 3.11; Java 17 and Spring Boot 3.5, of which lines in between are left out.
 */
class CauseTest {

  /** Of sample-services' auth-server, with AUTH_TOKEN_LIFETIME=-1m. */
  private static final String SPRING_BOOT_BLOCK =
      """
      2026-11-25T16:46:36.132Z  INFO 14010 --- [auth-server] [           main] o.apache.catalina.core.StandardService   : Stopping service [Tomcat]
      2026-11-25T16:46:36.150Z  INFO 14010 --- [auth-server] [           main] .s.b.a.l.ConditionEvaluationReportLogger :\s

      Error starting ApplicationContext. To display the condition evaluation report re-run your application with 'debug' enabled.
      2026-11-25T16:46:36.165Z ERROR 14010 --- [auth-server] [           main] o.s.b.d.LoggingFailureAnalysisReporter   :\s

      ***************************
      APPLICATION FAILED TO START
      ***************************

      Description:

      Failed to bind properties under 'auth' to com.example.pi.auth.AuthProperties:

          Reason: java.lang.IllegalArgumentException: auth.token-lifetime must be a positive duration such as 10m, but is "PT-1M"

      Action:

      Update your application's configuration

      """;

  private static final String SPRING_BOOT_SAYS =
      "Spring Boot says: Failed to bind properties under 'auth' to"
          + " com.example.pi.auth.AuthProperties: Reason: java.lang.IllegalArgumentException:"
          + " auth.token-lifetime must be a positive duration such as 10m, but is \"PT-1M\" Action:"
          + " Update your application's configuration";

  /** By docker stack deploy of Engine 26.1. */
  @Test
  void what_a_swarm_refuses_is_recognised_and_what_to_do() {
    assertThat(
            swarmSaid(
                "failed to update config home_webconf: Error response from daemon: rpc error: code ="
                    + " InvalidArgument desc = only updates to Labels are allowed"))
        .isEqualTo(
            "the config home_webconf has another content now, and a swarm never changes a config"
                + " (give it a new name in the compose file: name: home_webconf-2)");
    assertThat(
            swarmSaid(
                """
                Creating network home_default
                failed to create network home_default: Error response from daemon: network with \
                name home_default already exists"""))
        .isEqualTo(
            "compose still has its network home_default (in the compose directory on the Pi: docker"
                + " compose down --remove-orphans)");
  }

  private static String swarmSaid(String said) {
    return Cause.of(
            new Evidence("web", "linux/arm64", null, Exits.NONE, said, "", "", "", Set.of("web")))
        .orElse("");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void messages_of_the_Engine_and_compose_are_recognised(String said, String cause) {
    Evidence evidence =
        new Evidence("auth", "linux/arm64", null, Exits.NONE, said, "", "", "", Set.of("auth"));
    assertThat(Cause.of(evidence)).contains(cause);
  }

  static Stream<Arguments> messages_of_the_Engine_and_compose_are_recognised() {
    String compose1 = "ERROR: for cap_web_1  Cannot start service web: ";
    String daemon = "Error response from daemon: ";
    String endpoint =
        "driver failed programming external connectivity on endpoint cap-web-1"
            + " (2eeeb229fc3f7724763ffba75c8d490f7314869009d5691fe5a832b1d783bfd5): ";
    String runc =
        "OCI runtime create failed: runc create failed: unable to start container process: ";
    String taken = "port 18099 on the Pi is already in use";
    String noJava =
        "its image cannot run its entry point or command, java: executable file not found"
            + " in $PATH";
    return Stream.of(
        // 26.1, of compose up and of docker stop and rm -f
        Arguments.of(
            " Container cap-web-1  Recreate\n"
                + daemon
                + "cannot stop container: 2eeeb229fc3f: tried to kill container, but did not"
                + " receive an exit event",
            "Docker has lost the process of the container and can neither stop nor remove it;"
                + " restarting the Pi ends that: sudo reboot, then deploy again"),
        // 20.10, 26.1
        Arguments.of(
            "Host is already in use by another container\nRecreating cap_web_1 ... error\n\n"
                + compose1
                + endpoint
                + "Bind for 0.0.0.0:18099 failed: port is already allocated",
            taken),
        Arguments.of(
            daemon + endpoint + "Bind for 0.0.0.0:18099 failed: port is already allocated", taken),
        Arguments.of(
            daemon
                + endpoint
                + "Error starting userland proxy: listen tcp4 127.0.0.1:18099: bind: address"
                + " already in use",
            taken),
        // 28.5
        Arguments.of(
            daemon
                + "failed to set up container networking: "
                + endpoint
                + "Bind for 0.0.0.0:18099 failed: port is already allocated",
            taken),
        Arguments.of(
            daemon
                + "failed to set up container networking: "
                + endpoint
                + "failed to bind host port for 127.0.0.1:18099:172.19.0.2:80/tcp: address already"
                + " in use",
            taken),
        // Reported for later Engines, not seen.
        Arguments.of(
            daemon
                + endpoint
                + "failed to bind host port 0.0.0.0:18099/tcp: address already in use",
            taken),
        // 20.10, 26.1, 28.5
        Arguments.of(
            compose1
                + "failed to create shim task: "
                + runc
                + "exec: \"java\": executable file not found in $PATH: unknown",
            noJava),
        Arguments.of(
            daemon
                + "failed to create task for container: failed to create shim task: "
                + runc
                + "exec: \"java\": executable file not found in $PATH: unknown",
            noJava),
        Arguments.of(
            daemon
                + "failed to create task for container: failed to create shim task: "
                + runc
                + "error during container init: exec: \"java\": executable file not found in $PATH",
            noJava),
        Arguments.of(
            daemon
                + "failed to create task for container: failed to create shim task: "
                + runc
                + "error during container init: exec: \"/usr/bin/java\": stat /usr/bin/java: no"
                + " such file or directory",
            "its image cannot run its entry point or command, /usr/bin/java: stat"
                + " /usr/bin/java: no such file or directory"),
        Arguments.of(
            compose1
                + "failed to create shim task: "
                + runc
                + "exec: \"/plain\": permission denied: unknown",
            "its image cannot run its entry point or command, /plain: permission denied"),
        // Compose 2 and 1
        Arguments.of(
            "error while interpolating services.web.environment.DB_URL: required variable DB_URL is"
                + " missing a value: where the database is",
            "the compose file requires the variable DB_URL, which has no value on the Pi (set it in"
                + " .env beside the compose file): where the database is"),
        Arguments.of(
            "time=\"2026-11-25T16:29:53Z\" level=warning msg=\"The \\\"DB_URL\\\" variable is not"
                + " set. Defaulting to a blank string.\"",
            "perhaps because the compose file uses DB_URL, which "
                + "is not set on the Pi (set it in .env beside the compose file)"),
        Arguments.of(
            "The DB_URL variable is not set. Defaulting to a blank string.",
            "perhaps because the compose file uses DB_URL, which "
                + "is not set on the Pi (set it in .env beside the compose file)"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource
  void messages_in_the_log_are_recognised(String log, String cause) {
    assertThat(Cause.of(exited(1, log))).contains(cause);
  }

  static Stream<Arguments> messages_in_the_log_are_recognised() {
    String architecture =
        "a program in its image was built for another processor (exec format error); build it for"
            + " linux/arm64";
    String noFile =
        "its image cannot run /script: no such file or directory; if the file exists, its"
            + " interpreter (see its first line, and check for Windows line endings) or a library"
            + " is missing";
    String noValue =
        "it needs the environment variable DB_URL, which has no value (set it under environment in"
            + " the compose file)";
    String noDb =
        "it cannot find the host db: service db is not running, or shares no network with it";
    return Stream.of(
        // All three Engines
        Arguments.of("exec /server: exec format error\n", architecture),
        Arguments.of("exec /script: no such file or directory\n", noFile),
        // Runc before 1.1, not seen
        Arguments.of(
            "standard_init_linux.go:228: exec user process caused: exec format error\n",
            architecture),
        Arguments.of(
            "standard_init_linux.go:228: exec user process caused: permission denied\n",
            "its image cannot run its entry point or command: permission denied"),
        // Bash, not seen
        Arguments.of(
            "/run.sh: line 3: ./server: cannot execute binary file: Exec format error\n",
            architecture),
        Arguments.of(SPRING_BOOT_BLOCK, SPRING_BOOT_SAYS),
        Arguments.of(SPRING_BOOT_BLOCK.replace("\n", "\r\n"), SPRING_BOOT_SAYS),
        Arguments.of(
            """
            ***************************
            APPLICATION FAILED TO START
            ***************************

            Description:

            Web server failed to start. Port 18377 was already in use.

            Action:

            Identify and stop the process that's listening on port 18377 or configure this application to listen on another port.

            """,
            "Spring Boot says: Web server failed to start. Port 18377 was already in use. Action:"
                + " Identify and stop the process that's listening on port 18377 or configure this"
                + " application to listen on another port."),
        Arguments.of(
            "APPLICATION FAILED TO START\n****\n\nDescription:\n\nIt broke off here",
            "Spring Boot says: It broke off here"),
        Arguments.of(
            "Caused by: org.springframework.util.PlaceholderResolutionException: Could not resolve"
                + " placeholder 'auth.signing-key' in value \"${auth.signing-key}\"\n",
            "the property auth.signing-key has no value: set the environment variable"
                + " AUTH_SIGNINGKEY in the compose file"),
        Arguments.of("starting\nsh: DB_URL: parameter not set\n", noValue),
        Arguments.of("sh: DB_URL: parameter not set or null\n", noValue),
        Arguments.of("/tmp/log/u.sh: 2: DB_URL: parameter not set\n", noValue),
        Arguments.of("dash: 1: DB_URL: parameter not set or null\n", noValue),
        Arguments.of("/tmp/log/u.sh: line 2: DB_URL: unbound variable\n", noValue),
        Arguments.of("bash: line 1: DB_URL: parameter null or not set\n", noValue),
        Arguments.of(
            """
            Traceback (most recent call last):
              File "<string>", line 1, in <module>
              File "<frozen os>", line 679, in __getitem__
            KeyError: 'DB_URL'
            """,
            noValue),
        Arguments.of(
            """
            Traceback (most recent call last):
              File "<string>", line 1, in <module>
              File "/usr/local/lib/python3.9/os.py", line 679, in __getitem__
                raise KeyError(key) from None
            KeyError: 'DB_URL'
            """,
            noValue),
        // From the entry points of postgres and mysql, not run
        Arguments.of(
            """
            Error: Database is uninitialized and superuser password is not specified.
                   You must specify POSTGRES_PASSWORD to a non-empty value for the
                   superuser.
            """,
            noValue.replace("DB_URL", "POSTGRES_PASSWORD")),
        Arguments.of(
            """
            2026-11-25 16:00:00+00:00 [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified
                You need to specify one of the following as an environment variable:
                - MYSQL_ROOT_PASSWORD
                - MYSQL_ALLOW_EMPTY_PASSWORD
            """,
            noValue.replace("DB_URL", "MYSQL_ROOT_PASSWORD")),
        Arguments.of("java.net.UnknownHostException: db\n", noDb),
        Arguments.of(
            "Caused by: java.net.UnknownHostException: db: Name or service not known\n", noDb),
        Arguments.of(
            "Caused by: java.net.UnknownHostException: db.example.org\n",
            "it cannot find the host db.example.org, which is not a service in the compose file"),
        // Netty, as reported by others
        Arguments.of(
            "Caused by: java.net.UnknownHostException: Failed to resolve 'db' [A(1), AAAA(28)]"
                + " after 2 queries \n",
            noDb),
        Arguments.of(
            """
            Caused by: org.springframework.web.client.ResourceAccessException: I/O error on GET request for "http://db:8081/keys": null
            \t... 30 common frames omitted
            Caused by: java.net.ConnectException
            Caused by: java.nio.channels.UnresolvedAddressException
            """,
            noDb),
        Arguments.of(
            "Error: getaddrinfo ENOTFOUND db\n    at GetAddrInfoReqWrap.onlookupall\n", noDb),
        Arguments.of(
            "psql: error: could not translate host name \"db\" to address: Name or service not"
                + " known\n",
            noDb),
        Arguments.of("curl: (6) Could not resolve host: db\n", noDb),
        Arguments.of("wget: bad address 'db:8080'\n", noDb),
        Arguments.of("nc: bad address 'db'\n", noDb),
        // Go (the Engine itself), nginx as reported by others
        Arguments.of("dial tcp: lookup db on 127.0.0.11:53: no such host\n", noDb),
        Arguments.of(
            "nginx: [emerg] host not found in upstream \"db:8000\" in"
                + " /etc/nginx/conf.d/default.conf:39\n",
            noDb),
        Arguments.of(
            "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n",
            "its JVM ran out of memory (OutOfMemoryError: Java heap space)"));
  }

  @Test
  void the_colours_of_a_log_do_not_hide_a_cause() {
    assertThat(Cause.of(exited(1, "\u001b[31mexec format\u001b[0m error")))
        .hasValueSatisfying(cause -> assertThat(cause).contains("for another processor"));
  }

  @Test
  void a_kill_by_the_kernel_is_more_certain_than_any_log() {
    Container killed = container("exited", 137, true, 0, "none", "", 64L << 20);
    assertThat(Cause.of(evidence(killed, Exits.NONE, SPRING_BOOT_BLOCK, "")))
        .contains(
            "out of memory: the "
                + "kernel killed it at its limit of 64 MiB (mem_limit in the compose file)");
  }

  @Test
  void earlier_exits_show_what_the_container_state_no_longer_does() {
    Container again = container("running", 0, false, 1, "none", "", 0);
    assertThat(Cause.of(evidence(again, new Exits(List.of(5, 5), true), "", "")))
        .contains(
            "out of memory: the kernel killed one of its processes; the Pi had no memory left (the"
                + " service has no mem_limit)");
    assertThat(Cause.of(evidence(again, new Exits(List.of(137), true), "", "")))
        .contains(
            "out of memory: the kernel killed it; the Pi had no memory left (the service has no"
                + " mem_limit)");
    assertThat(Cause.of(evidence(again, new Exits(List.of(3, 3), false), "", "")))
        .contains("it exits every time it is started: 1 restart(s), exit code 3");
    assertThat(Cause.of(evidence(again, Exits.NONE, "", ""))).isEmpty();
    Container first = container("restarting", 3, false, 0, "none", "", 0);
    assertThat(Cause.of(evidence(first, new Exits(List.of(3, 3, 3), false), "", "")))
        .contains("it exits every time it is started: 2 restart(s), exit code 3");
    assertThat(Cause.of(evidence(first, new Exits(List.of(3), false), "", ""))).isEmpty();
  }

  @Test
  void a_kill_without_further_evidence_is_reported_as_a_kill() {
    assertThat(Cause.of(exited(137, "bye\n")))
        .contains(
            "it was killed (exit code 137), most "
                + "often because memory ran out: see sudo dmesg on the Pi");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void a_health_check_that_cannot_run_is_named(String said, String cause) {
    Container unhealthy = container("running", 0, false, 0, "unhealthy", said, 0);
    assertThat(Cause.of(evidence(unhealthy, Exits.NONE, "", ""))).contains(cause);
    Container healthy = container("running", 0, false, 0, "healthy", said, 0);
    assertThat(Cause.of(evidence(healthy, Exits.NONE, "", ""))).isEmpty();
  }

  static Stream<Arguments> a_health_check_that_cannot_run_is_named() {
    String lacks = "its health check calls curl, which is not in its image";
    String failed =
        "OCI runtime exec failed: exec failed: unable to start container process: exec: ";
    return Stream.of(
        // 20.10 and 26.1, 28.5
        Arguments.of(failed + "\"curl\": executable file not found in $PATH: unknown", lacks),
        Arguments.of(failed + "\"curl\": executable file not found in $PATH", lacks),
        Arguments.of(
            failed
                + "\"/usr/local/bin/check\": stat /usr/local/bin/check: no such file or directory:"
                + " unknown",
            "its health check calls /usr/local/bin/check, which is not in its image"),
        // Shells
        Arguments.of("/bin/sh: curl: not found\n", lacks),
        Arguments.of("/bin/sh: 1: curl: not found\n", lacks),
        Arguments.of("/bin/bash: line 1: curl: command not found\n", lacks),
        Arguments.of(
            "wget: can't connect to remote host (127.0.0.1): Connection refused\n",
            "its health check says: wget: can't connect to remote host (127.0.0.1): Connection"
                + " refused"),
        Arguments.of(
            "Health check exceeded timeout (1s)",
            "its health check says: Health check exceeded timeout (1s)"));
  }

  @Test
  void without_a_known_cause_the_start_of_the_answer_is_quoted_on_one_line() {
    Container running = container("running", 0, false, 0, "none", "", 0);
    assertThat(Cause.of(evidence(running, Exits.NONE, "", "{\"status\":\n  \"DOWN\"}\n")))
        .contains("the answer was: {\"status\": \"DOWN\"}");
    assertThat(Cause.of(evidence(running, Exits.NONE, "", "x".repeat(5000))))
        .contains("the answer was: " + "x".repeat(300) + "…");
  }

  @Test
  void the_answer_to_the_smoke_test_is_quoted_beside_a_cause() {
    Container running = container("running", 0, false, 0, "none", "", 0);
    assertThat(Cause.of(evidence(running, Exits.NONE, "UnknownHostException: db", "DOWN")))
        .contains(
            "it cannot find the host db: service db is not running, or shares no network with it;"
                + " the answer was: DOWN");
  }

  @Test
  void what_is_too_long_is_cut_between_words() {
    String description =
        "A bean: " + "Parameter 0 of constructor in com.example.Service ".repeat(20);
    assertThat(
            Cause.of(
                exited(
                    1,
                    "APPLICATION FAILED TO START\n***\n\nDescription:\n\n"
                        + description
                        + "\n\nAction:\n\nConsider it\n\n")))
        .contains(
            "Spring Boot says: A bean: "
                + "Parameter 0 of constructor in com.example.Service ".repeat(5)
                + "Parameter 0 of constructor in… Action: Consider it");
    assertThat(Cause.of(exited(1, "java.lang.OutOfMemoryError: " + "out of space ".repeat(10))))
        .contains(
            "its JVM ran out of memory (OutOfMemoryError: "
                + "out of space ".repeat(10).strip()
                + ")");
  }

  @Test
  void what_has_no_words_is_cut_between_characters() {
    Container running = container("running", 0, false, 0, "none", "", 0);
    assertThat(Cause.of(evidence(running, Exits.NONE, "", "x" + "😀".repeat(500))))
        .contains("the answer was: x" + "😀".repeat(149) + "…");
  }

  @Test
  void a_log_of_two_MiB_without_a_paragraph_is_searched_quickly() {
    String endless =
        "APPLICATION FAILED TO START\n***\n\nDescription:\n\n" + "no end\n".repeat(300_000);
    assertThat(Cause.of(exited(1, endless)))
        .hasValueSatisfying(
            cause -> assertThat(cause).startsWith("Spring Boot says: no end no end").hasSize(319));
  }

  @Test
  void no_evidence_gives_no_cause() {
    assertThat(Cause.of(exited(1, "Bye.\n"))).isEmpty();
  }

  private static Evidence exited(int code, String log) {
    return evidence(container("exited", code, false, 0, "none", "", 0), Exits.NONE, log, "");
  }

  private static Evidence evidence(
      @Nullable Container container, Exits exits, String log, String answer) {
    return new Evidence(
        "auth", "linux/arm64", container, exits, "", "", log, answer, Set.of("auth", "db"));
  }

  private static Container container(
      String status, int code, boolean oom, int restarts, String health, String said, long limit) {
    return new Container(
        "1", "sha256:1", status, health, code, oom, "", restarts, "", "", said, limit);
  }
}
