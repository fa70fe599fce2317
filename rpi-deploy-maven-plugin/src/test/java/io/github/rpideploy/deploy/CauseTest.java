package io.github.rpideploy.deploy;

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

/** What Engines, compose, JVMs and Spring Boot really print, and what is to be made of it. */
class CauseTest {

  private static final String SPRING_BOOT_BLOCK =
      """
      2026-11-25T15:01:02.123Z ERROR 1 --- [main] o.s.b.d.LoggingFailureAnalysisReporter   :

      ***************************
      APPLICATION FAILED TO START
      ***************************

      Description:

      Web server failed to start. Port 8080 was already in use.

      Action:

      Identify and stop the process that's listening on port 8080 or configure this application to listen on another port.

      """;

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void what_the_Engine_and_compose_say_is_understood(String said, String cause) {
    Evidence evidence =
        new Evidence("auth", "linux/arm64", null, Exits.NONE, said, "", "", "", Set.of("auth"));
    assertThat(Cause.of(evidence)).contains(cause);
  }

  static Stream<Arguments> what_the_Engine_and_compose_say_is_understood() {
    String networking =
        "Error response from daemon: driver failed programming external connectivity on endpoint"
            + " rpi-auth-1 (3c9d5e0b): ";
    String taken = "port 8081 of the Pi is taken already";
    return Stream.of(
        Arguments.of(networking + "Bind for 0.0.0.0:8081 failed: port is already allocated", taken),
        Arguments.of(
            "Error response from daemon: failed to set up container networking: driver failed"
                + " programming external connectivity on endpoint rpi-auth-1 (3c9d5e0b): Bind for"
                + " :::8081 failed: port is already allocated",
            taken),
        Arguments.of(
            networking
                + "Error starting userland proxy: listen tcp4 0.0.0.0:8081: bind: address already"
                + " in use",
            taken),
        Arguments.of(
            "Error response from daemon: failed to set up container networking: driver failed"
                + " programming external connectivity on endpoint rpi-auth-1 (3c9d5e0b): failed to"
                + " bind host port for 127.0.0.1:8081:172.18.0.2:80/tcp: address already in use",
            taken),
        Arguments.of(
            networking + "failed to bind host port 0.0.0.0:8081/tcp: address already in use",
            taken),
        Arguments.of(
            "Error response from daemon: failed to create task for container: failed to create"
                + " shim task: OCI runtime create failed: runc create failed: unable to start"
                + " container process: exec: \"java\": executable file not found in $PATH: unknown",
            "its image cannot run java, which is its entry point or command: executable file not"
                + " found in $PATH"),
        Arguments.of(
            "error while interpolating services.auth.environment.DB_URL: required variable DB_URL"
                + " is missing a value: where the database is",
            "the compose file needs the variable DB_URL, which has no value on the Pi (.env beside"
                + " the compose file): where the database is"),
        Arguments.of(
            "time=\"2026-11-25T15:01:02Z\" level=warning msg=\"The \\\"DB_URL\\\" variable is not"
                + " set. Defaulting to a blank string.\"",
            "perhaps because the compose file uses DB_URL, which is not set on the Pi (.env beside"
                + " the compose file)"),
        Arguments.of(
            "The DB_URL variable is not set. Defaulting to a blank string.",
            "perhaps because the compose file uses DB_URL, which is not set on the Pi (.env beside"
                + " the compose file)"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource
  void what_a_service_logs_is_understood(String log, String cause) {
    assertThat(Cause.of(exited(1, log))).contains(cause);
  }

  static Stream<Arguments> what_a_service_logs_is_understood() {
    String architecture =
        "a program in its image is for another processor (exec format error); it has to be built"
            + " for linux/arm64";
    return Stream.of(
        Arguments.of("exec /bin/sh: exec format error\n", architecture),
        Arguments.of(
            "standard_init_linux.go:228: exec user process caused: exec format error\n",
            architecture),
        Arguments.of(
            "/run.sh: line 3: ./server: cannot execute binary file: Exec format error\n",
            architecture),
        Arguments.of(
            SPRING_BOOT_BLOCK,
            "Spring Boot says: Web server failed to start. Port 8080 was already in use. Action:"
                + " Identify and stop the process that's listening on port 8080 or configure this"
                + " application to listen on another port."),
        Arguments.of(
            SPRING_BOOT_BLOCK.replace("\n", "\r\n"),
            "Spring Boot says: Web server failed to start. Port 8080 was already in use. Action:"
                + " Identify and stop the process that's listening on port 8080 or configure this"
                + " application to listen on another port."),
        Arguments.of(
            """
            ***************************
            APPLICATION FAILED TO START
            ***************************

            Description:

            Failed to configure a DataSource: 'url' attribute is not specified and no embedded datasource could be configured.

            Reason: Failed to determine a suitable driver class


            Action:

            Consider the following:
            \tIf you want an embedded database (H2, HSQL or Derby), please put it on the classpath.

            """,
            "Spring Boot says: Failed to configure a DataSource: 'url' attribute is not specified"
                + " and no embedded datasource could be configured. Action: Consider the"
                + " following: If you want an embedded database (H2, HSQL or Derby), please put it"
                + " on the classpath."),
        Arguments.of(
            "APPLICATION FAILED TO START\n****\n\nDescription:\n\nIt broke off here",
            "Spring Boot says: It broke off here"),
        Arguments.of(
            "org.springframework.beans.factory.BeanCreationException: Error creating bean with name"
                + " 'tokens': Injection of autowired dependencies failed\nCaused by:"
                + " java.lang.IllegalArgumentException: Could not resolve placeholder"
                + " 'auth.signing-key' in value \"${auth.signing-key}\"\n",
            "the property auth.signing-key has no value: set the environment variable"
                + " AUTH_SIGNINGKEY in the compose file"),
        Arguments.of(
            "Caused by: java.net.UnknownHostException: db: Name or service not known\n",
            "it does not find the host db: service db is not running, or not in a network with it"),
        Arguments.of(
            "Caused by: java.net.UnknownHostException: db.example.org\n",
            "it does not find the host db.example.org, which is no service of the compose file"),
        Arguments.of(
            "Error: getaddrinfo EAI_AGAIN db\n    at GetAddrInfoReqWrap.onlookup\n",
            "it does not find the host db: service db is not running, or not in a network with it"),
        Arguments.of(
            "dial tcp: lookup db on 127.0.0.11:53: no such host\n",
            "it does not find the host db: service db is not running, or not in a network with it"),
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
  void the_kernel_s_kill_is_more_certain_than_any_log() {
    Container killed = container("exited", 137, true, 0, "none", "", 64L << 20);
    assertThat(Cause.of(evidence(killed, Exits.NONE, SPRING_BOOT_BLOCK, "")))
        .contains(
            "out of memory: the kernel killed it, its limit is 64 MiB (mem_limit in the compose"
                + " file)");
  }

  @Test
  void what_the_container_s_state_has_forgotten_is_in_its_exits() {
    Container again = container("running", 0, false, 1, "none", "", 0);
    assertThat(Cause.of(evidence(again, new Exits(List.of(137), true), "", "")))
        .contains(
            "out of memory: the kernel killed it, the Pi had no more (it has no limit of its own)");
    assertThat(Cause.of(evidence(again, new Exits(List.of(3, 3), false), "", "")))
        .contains("it ends each time that it is started: 1 restart(s), exit code 3");
    assertThat(Cause.of(evidence(again, Exits.NONE, "", ""))).isEmpty();
  }

  @Test
  void a_kill_without_more_evidence_is_said_to_be_one() {
    assertThat(Cause.of(exited(137, "bye\n")))
        .contains(
            "it was killed (exit code 137), most often for want of memory: sudo dmesg on the Pi"
                + " tells");
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
    String lacks = "its health check calls curl, which its image lacks";
    return Stream.of(
        Arguments.of(
            "OCI runtime exec failed: exec failed: unable to start container process: exec:"
                + " \"curl\": executable file not found in $PATH: unknown",
            lacks),
        Arguments.of("/bin/sh: curl: not found\n", lacks),
        Arguments.of("/bin/sh: 1: curl: not found\n", lacks),
        Arguments.of("/bin/bash: line 1: curl: command not found\n", lacks),
        Arguments.of(
            "curl: (7) Failed to connect to localhost port 8080\n",
            "its health check says: curl: (7) Failed to connect to localhost port 8080"));
  }

  @Test
  void otherwise_the_answer_of_the_smoke_test_tells_most_on_one_line_and_not_too_much_of_it() {
    Container running = container("running", 0, false, 0, "none", "", 0);
    assertThat(Cause.of(evidence(running, Exits.NONE, "", "{\"status\":\n  \"DOWN\"}\n")))
        .contains("the answer was: {\"status\": \"DOWN\"}");
    assertThat(Cause.of(evidence(running, Exits.NONE, "", "x".repeat(5000))))
        .contains("the answer was: " + "x".repeat(300) + "…");
  }

  @Test
  void the_answer_of_the_smoke_test_is_told_beside_a_cause() {
    Container running = container("running", 0, false, 0, "none", "", 0);
    assertThat(Cause.of(evidence(running, Exits.NONE, "UnknownHostException: db", "DOWN")))
        .contains(
            "it does not find the host db: service db is not running, or not in a network with it;"
                + " the answer was: DOWN");
  }

  @Test
  void a_log_of_two_MiB_that_never_ends_a_paragraph_is_no_trouble() {
    String endless =
        "APPLICATION FAILED TO START\n***\n\nDescription:\n\n" + "no end\n".repeat(300_000);
    assertThat(Cause.of(exited(1, endless)))
        .hasValueSatisfying(
            cause -> assertThat(cause).startsWith("Spring Boot says: no end no end").hasSize(319));
  }

  @Test
  void of_nothing_known_nothing_is_made() {
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
