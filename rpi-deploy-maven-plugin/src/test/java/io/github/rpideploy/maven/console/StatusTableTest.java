package io.github.rpideploy.maven.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.github.rpideploy.deploy.look.ServiceStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusTableTest {

  private static final ServiceStatus RUNNING =
      new ServiceStatus(
          "auth-server",
          "running",
          "healthy",
          "auth-server",
          "auth-server:rpi-000000000001",
          "1.0",
          "0123456789abcdef0123456789abcdef01234567",
          "2026-11-25T10:00:00.123456789Z",
          2,
          "312MiB",
          "the history says it runs auth-server:rpi-000000000002",
          List.of(
              new ServiceStatus.Earlier("auth-server:rpi-000000000003", "0.9", "c3"),
              new ServiceStatus.Earlier("auth-server:rpi-000000000004", null, null)),
          null,
          null);
  private static final ServiceStatus ABSENT =
      new ServiceStatus(
          "db",
          "absent",
          null,
          "postgres",
          null,
          null,
          null,
          null,
          0,
          null,
          null,
          List.of(),
          null,
          null);

  @Test
  void a_line_for_each_service_and_below_it_its_drift_and_what_it_can_go_back_to() {
    assertThat(StatusTable.lines(List.of(RUNNING, ABSENT), Instant.parse("2026-11-25T13:30:00Z")))
        .containsExactly(
            "SERVICE      STATE    HEALTH   RELEASE                       VERSION  COMMIT       "
                + " SINCE  RESTARTS  MEMORY",
            "auth-server  running  healthy  auth-server:rpi-000000000001  1.0      0123456789ab  3"
                + " h    2         312MiB",
            "  drift: the history says it runs auth-server:rpi-000000000002",
            "  earlier: rpi-000000000003 (0.9), rpi-000000000004",
            "db           absent   -        -                             -        -             - "
                + "     -         -");
  }

  @Test
  void since_when_is_told_in_the_largest_unit_and_a_Pi_may_be_ahead() {
    assertThat(StatusTable.lines(List.of(RUNNING), Instant.parse("2026-11-24T00:00:00Z")).get(1))
        .contains("  0 s  ");
    assertThat(StatusTable.lines(List.of(RUNNING), Instant.parse("2026-11-25T10:05:01Z")).get(1))
        .contains("  5 min  ");
    assertThat(StatusTable.lines(List.of(RUNNING), Instant.parse("2026-12-25T10:05:01Z")).get(1))
        .contains("  30 d  ");
  }

  @Test
  void JSON_has_every_field() {
    var array = JsonParser.parseString(StatusTable.json(List.of(RUNNING, ABSENT))).getAsJsonArray();
    assertThat(array.get(0).getAsJsonObject().get("release").getAsString())
        .isEqualTo("auth-server:rpi-000000000001");
    assertThat(array.get(1).getAsJsonObject().keySet())
        .contains(
            "service",
            "state",
            "health",
            "drift",
            "commit",
            "since",
            "restarts",
            "memory",
            "earlier");
    assertThat(array.get(1).getAsJsonObject().get("drift").isJsonNull()).isTrue();
  }

  @Test
  void what_the_Pi_says_has_no_control_characters_and_makes_no_lines() {
    ServiceStatus hostile =
        new ServiceStatus(
            "db",
            "up\n[INFO] BUILD SUCCESS",
            "\u001b[2J",
            "pg\u009b",
            null,
            null,
            null,
            null,
            0,
            null,
            null,
            List.of(),
            null,
            null);

    assertThat(StatusTable.lines(List.of(hostile), Instant.EPOCH).get(1))
        .startsWith("db       up [INFO] BUILD SUCCESS  ?[2J");
    assertThat(StatusTable.json(List.of(hostile))).contains("\"?[2J\"", "\"pg?\"");
  }

  @Test
  void a_task_of_a_swarm_has_a_node_and_what_all_of_them_can_go_back_to_is_told_once() {
    ServiceStatus pending =
        task("pending", "attic", "no suitable node (scheduling constraints not satisfied)");

    assertThat(
            StatusTable.lines(
                List.of(task("running", "kitchen", null), pending, ABSENT), Instant.EPOCH))
        .containsExactly(
            "SERVICE  STATE    HEALTH  RELEASE               VERSION  COMMIT  SINCE  RESTARTS "
                + " MEMORY  NODE",
            "api      running  -       api:rpi-000000000001  -        -       -      1        "
                + " -       kitchen",
            "api      pending  -       api:rpi-000000000001  -        -       -      1        "
                + " -       attic",
            "  drift: no suitable node (scheduling constraints not satisfied)",
            "  earlier: rpi-000000000003",
            "db       absent   -       -                     -        -       -      -        "
                + " -       -");
  }

  private static ServiceStatus task(String state, String node, @Nullable String drift) {
    return new ServiceStatus(
        "api",
        state,
        null,
        "api",
        "api:rpi-000000000001",
        null,
        null,
        null,
        1,
        null,
        drift,
        List.of(new ServiceStatus.Earlier("api:rpi-000000000003", null, null)),
        null,
        node);
  }
}
