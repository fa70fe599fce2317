package io.github.rpideploy.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmokeTestTest {

  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

  @Test
  void a_url_is_used_unchanged() {
    SmokeTest.Http test =
        SmokeTest.http(" https://pi.example/health?x=1 ", 200, false, FIVE_SECONDS);
    assertThat(test.url()).isEqualTo(URI.create("https://pi.example/health?x=1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost:8081",
        "ftp://pi/x",
        "http:///health",
        "http://a b/",
        "/health",
        "http://pi:0/",
        "http://pi:65536/"
      })
  void something_else_than_an_http_url_is_refused_with_the_name_of_the_parameter(String url) {
    DeployException failure =
        catchThrowableOfType(
            DeployException.class, () -> SmokeTest.http(url, 200, true, FIVE_SECONDS));
    assertThat(failure).hasMessageStartingWith("Not a URL for a smoke test: " + url);
    assertThat(failure.hint()).contains("smokeUrl", "smokePort", "smokePath");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://me:secret@pi/health", "http://me:secret@pi/a b"})
  void a_password_in_a_url_is_refused_and_not_repeated(String url) {
    assertThatThrownBy(() -> SmokeTest.http(url, 200, true, FIVE_SECONDS))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("http://…@pi/")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 600})
  void a_status_that_is_not_final_is_refused(int status) {
    assertThatThrownBy(() -> SmokeTest.http("http://pi/", status, true, FIVE_SECONDS))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining(String.valueOf(status));
  }

  @Test
  void a_timeout_of_zero_is_refused() {
    assertThatThrownBy(() -> SmokeTest.http("http://pi/", 200, true, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
