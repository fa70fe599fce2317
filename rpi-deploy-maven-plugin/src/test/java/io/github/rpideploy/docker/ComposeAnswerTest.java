package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.ExecResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComposeAnswerTest {

  /** What versions 2.26 and 1.29 were seen to say. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        time="2026-11-25T13:45:49Z" level=warning msg="The \\"swordfish\\" variable is not set."
        invalid interpolation format for services.a.environment.PASSWORD.
        You may need to escape any $ with another $.
        se{$swordfish${
        """,
        """
        The swordfish variable is not set. Defaulting to a blank string.
        Invalid interpolation format for "environment" option in service "a": "$swordfish${"
        """
      })
  void a_value_that_compose_quotes_is_not_shown(String said) {
    ComposeAnswer refused =
        new ComposeAnswer("pi@pi:22", "rpi/x", null, new ExecResult(1, null, "", said));

    assertThatThrownBy(refused::read)
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("(the value is not shown)")
        .hasMessageContaining("nvalid interpolation format for ")
        .hasMessageNotContaining("swordfish");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "validating /home/pi/y/compose.yaml: services.a Additional property x is not allowed",
        "yaml: line 4: mapping values are not allowed in this context"
      })
  void what_else_is_wrong_is_quoted_as_it_is(String said) {
    ComposeAnswer refused =
        new ComposeAnswer("pi@pi:22", "rpi/x", null, new ExecResult(1, null, "", said + "\n"));

    assertThatThrownBy(refused::read)
        .hasMessage("Compose refuses the compose file of rpi/x on pi@pi:22: " + said);
  }

  @Test
  void a_variable_without_a_value_gets_it_beside_the_compose_file() {
    String said =
        "error while interpolating services.web.environment.DB_URL: required variable DB_URL is"
            + " missing a value: where the database is";
    ComposeAnswer refused =
        new ComposeAnswer("pi@pi:22", "rpi/x", null, new ExecResult(15, null, "", said + "\n"));

    assertThat(catchThrowableOfType(DeployException.class, refused::read))
        .hasMessage("Compose refuses the compose file of rpi/x on pi@pi:22: " + said)
        .extracting(DeployException::hint)
        .isEqualTo("Give the variable a value in rpi/x/.env on the Pi; nothing was changed");
  }

  @Test
  void the_file_is_named_that_the_user_can_edit() {
    ComposeAnswer answer =
        new ComposeAnswer(
            "pi@pi:22",
            "rpi/x",
            null,
            new ExecResult(15, null, "", "validating -: services.a.image must be a string\n"),
            "/home/me/x/docker-compose.yml");

    assertThatThrownBy(answer::read)
        .isInstanceOf(DeployException.class)
        .hasMessage(
            "Compose on pi@pi:22 refuses /home/me/x/docker-compose.yml: validating"
                + " /home/me/x/docker-compose.yml: services.a.image must be a string");
  }

  /** As compose 2.26 printed it for a file that was not in the directory yet. */
  @Test
  void files_that_compose_was_shown_elsewhere_are_in_the_directory() {
    String printed =
        """
        name: home
        services:
          web:
            image: web
            volumes:
              - source: /dev/shm/rpi-deploy.Ab3xY9/up/home/conf
                target: /conf
        configs:
          file:
            file: /run/user/1000/rpi-deploy.Ab3xY9/up/home/Caddyfile
        """;

    assertThat(answer("rpi/home", printed).yaml())
        .contains("source: /rpi/home/conf\n", "file: /rpi/home/Caddyfile\n")
        .doesNotContain("rpi-deploy.");
    assertThat(answer("/srv/home", printed).yaml())
        .contains("source: /srv/home/conf\n", "file: /srv/home/Caddyfile\n");
  }

  private static ComposeAnswer answer(String directory, String printed) {
    return new ComposeAnswer("pi@pi:22", directory, null, new ExecResult(0, null, printed, ""));
  }
}
