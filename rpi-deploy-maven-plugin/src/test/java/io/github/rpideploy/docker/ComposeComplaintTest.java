package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What compose says, as it was seen, and the values that are not to be in it. */
class ComposeComplaintTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        // 2.26
        """
        invalid interpolation format for services.a.environment.PW.
        You may need to escape any $ with another $.
        s3cr"3t${
        and s3cr3t
        """,
        // 2.0 to 2.20
        "invalid interpolation format for services.a.environment.PW: \"s3cr\\\"3t${\". You may need"
            + " to escape any $ with another $",
        // 1.29
        "ERROR: Invalid interpolation format for \"environment\" option in service \"a\":"
            + " \"s3cr\"3t${\"",
        "failed to read /home/pi/t/.env: Invalid template: \"s3cr3t${\"",
        "failed to read /home/pi/t/.env: line 4: unterminated quoted value \"s3cr3t",
        "failed to read /home/pi/t/.env: line 1: unexpected character \"-\" in variable name near"
            + " \"P-W=s3cr3t\\nOTHER=s3cr3t\\n\""
      })
  void no_value_is_shown(String said) {
    String shown = ComposeComplaint.withoutValues(said);
    assertThat(shown)
        .doesNotContain("s3cr")
        .endsWith(" (the value is not shown)")
        .startsWith(said.substring(0, 25));
  }

  @Test
  void where_the_value_stands_is_shown() {
    String said =
        """
        invalid interpolation format for services.a.environment.PW.
        You may need to escape any $ with another $.
        abc${
        """;
    assertThat(ComposeComplaint.withoutValues(said))
        .contains("services.a.environment.PW", "escape any $")
        .doesNotContain("abc");
  }

  /** 1.29, which shows the whole environment; with a value of several lines. */
  @Test
  void of_a_variable_without_value_only_its_name_or_what_the_file_says_is_shown() {
    String said =
        "Missing mandatory value for \"environment\" option interpolating {'DB_URL': '${DB_URL:?where"
            + " the database is}', 'DATABASE_PASSWORD': 's3cr3t\\n'} in service \"web\": where the"
            + " database is";
    assertThat(ComposeComplaint.withoutValues(said))
        .isEqualTo(
            "Missing mandatory value for \"environment\" option in service \"web\": where the"
                + " database is");
    assertThat(
            ComposeComplaint.withoutValues(
                "Missing mandatory value for \"image\" option interpolating web:${TAG?} in service"
                    + " \"web\": TAG"))
        .isEqualTo("Missing mandatory value for \"image\" option in service \"web\": TAG");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yaml: line 5: mapping values are not allowed in this context",
        "validating /home/pi/t/compose.yaml: services.a.environment must be a mapping",
        "service \"a\" refers to undefined network \"b\": invalid compose project"
      })
  void everything_else_is_shown(String said) {
    assertThat(ComposeComplaint.withoutValues(said + "\n")).isEqualTo(said);
  }
}
