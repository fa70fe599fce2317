package io.github.rpideploy.deploy.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The secrets of a container's environment do not get into the collected log. */
class RedactionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DATABASE_PASSWORD",
        "spring.datasource.password",
        "PGPASS",
        "MYSQL_PWD",
        "JWT_SECRET",
        "apiToken",
        "AWS_SECRET_ACCESS_KEY",
        "credentials",
        "HASH_SALT",
        "SIM_PIN",
        "BASIC_AUTH"
      })
  void the_name_of_a_variable_tells_whether_it_is_a_secret(String name) throws IOException {
    assertThat(redacted(name + "=pa$$ w0rd", "it is pa$$ w0rd, pa$$ w0rd.\n"))
        .isEqualTo("it is [%s], [%s].\n".formatted(name, name));
  }

  @ParameterizedTest
  @CsvSource({
    "postgres://app:s3cr3t@db/app, connecting to postgres://app:s3cr3t@db/app, connecting to"
        + " postgres://app:[URL]@db/app",
    "jdbc:mysql://db/app?user=a&password=s3cr3t&ssl=true, password s3cr3t refused, password [URL]"
        + " refused"
  })
  void a_password_in_a_url_is_a_secret(String value, String log, String expected)
      throws IOException {
    assertThat(redacted("URL=" + value, log)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SPRING_PROFILES_ACTIVE=production",
        "AUTHOR=production",
        "TOKEN_LIFETIME=3600",
        "KEY_ROTATION=true",
        "PASSWORD=",
        "PASSWORD=abc",
        "no variable"
      })
  void other_values_stay_readable(String variable) throws IOException {
    String log = "production true 3600 abc no variable\n";
    assertThat(redacted(variable, log)).isEqualTo(log);
  }

  @Test
  void a_secret_that_contains_another_is_replaced_as_a_whole() throws IOException {
    assertThat(
            redacted(List.of("A_TOKEN=letters", "B_TOKEN=more-letters"), "more-letters, letters"))
        .isEqualTo("[B_TOKEN], [A_TOKEN]");
  }

  @Test
  void each_line_of_a_key_is_a_secret() throws IOException {
    assertThat(redacted("TLS_KEY=first\r\nsecond\n", "x first\nsecond y\n"))
        .isEqualTo("x [TLS_KEY]\n[TLS_KEY] y\n");
  }

  @Test
  void secrets_and_logs_may_have_any_encoding() throws IOException {
    assertThat(redacted("PASSWORD=schlüssel€", "日本 schlüssel€ ü\n")).isEqualTo("日本 [PASSWORD] ü\n");
  }

  @Test
  void an_endless_line_is_redacted_in_pieces_without_missing_a_secret() throws IOException {
    int limit = 1 << 20;
    for (int before : new int[] {limit - 13, limit - 12, limit - 6, limit - 1, limit, limit + 1}) {
      String log = "x".repeat(before) + "twelve-bytes" + "y".repeat(limit);
      assertThat(redacted("PASSWORD=twelve-bytes", log))
          .as("%d bytes before it", before)
          .isEqualTo("x".repeat(before) + "[PASSWORD]" + "y".repeat(limit));
    }
  }

  private static String redacted(String variable, String log) throws IOException {
    return redacted(List.of(variable), log);
  }

  private static String redacted(List<String> environment, String log) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Redaction.Redacted redacted = Redaction.of(environment).before(out)) {
      redacted.write(log.getBytes(UTF_8));
      redacted.finish();
    }
    return out.toString(UTF_8);
  }
}
