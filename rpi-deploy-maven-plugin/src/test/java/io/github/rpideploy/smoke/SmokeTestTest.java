package io.github.rpideploy.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmokeTestTest {

  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

  @Test
  void a_url_is_taken_as_it_is() {
    SmokeTest test = SmokeTest.of(" https://pi.example/health?x=1 ", 200, false, FIVE_SECONDS);
    assertThat(test.url()).isEqualTo(URI.create("https://pi.example/health?x=1"));
  }

  @ParameterizedTest
  @CsvSource({
    "/actuator/health, http://localhost:8081/actuator/health",
    "health, http://localhost:8081/health",
    "'', http://localhost:8081/",
    ", http://localhost:8081/"
  })
  void a_port_and_a_path_make_a_tunnelled_url(String path, String url) {
    SmokeTest test = SmokeTest.ofPort(8081, path, 200, FIVE_SECONDS);
    assertThat(test).isEqualTo(new SmokeTest(URI.create(url), 200, true, FIVE_SECONDS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost:8081", "ftp://pi/x", "http:///health", "http://a b/", "/health"})
  void what_is_no_http_url_is_refused_with_the_name_of_the_parameter(String url) {
    DeployException failure =
        catchThrowableOfType(
            DeployException.class, () -> SmokeTest.of(url, 200, true, FIVE_SECONDS));
    assertThat(failure).hasMessageStartingWith("not a URL for a smoke test: " + url);
    assertThat(failure.hint()).contains("smokeUrl", "smokePort", "smokePath");
  }

  @Test
  void a_password_in_a_url_is_refused_and_not_repeated() {
    assertThatThrownBy(() -> SmokeTest.of("http://me:secret@pi/health", 200, true, FIVE_SECONDS))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("http://…@pi/health")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65536})
  void what_is_no_port_is_refused(int port) {
    DeployException failure =
        catchThrowableOfType(
            DeployException.class, () -> SmokeTest.ofPort(port, "/", 200, FIVE_SECONDS));
    assertThat(failure.hint()).contains("smokePort");
  }

  @Test
  void what_is_no_path_is_refused() {
    DeployException failure =
        catchThrowableOfType(
            DeployException.class, () -> SmokeTest.ofPort(80, "/a b", 200, FIVE_SECONDS));
    assertThat(failure.hint()).contains("smokePath");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 600})
  void what_is_no_final_status_is_refused(int status) {
    assertThatThrownBy(() -> SmokeTest.ofPort(80, "/", status, FIVE_SECONDS))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining(String.valueOf(status));
  }

  @Test
  void no_time_is_refused() {
    assertThatThrownBy(() -> SmokeTest.ofPort(80, "/", 200, Duration.ZERO))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("no time for a smoke test");
  }
}
