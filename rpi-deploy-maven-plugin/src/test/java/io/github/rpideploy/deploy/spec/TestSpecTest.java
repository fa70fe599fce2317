package io.github.rpideploy.deploy.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.docker.file.Endpoint;
import io.github.rpideploy.docker.file.Scale;
import io.github.rpideploy.smoke.SmokeTest;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TestSpecTest {

  @Test
  void the_one_port_that_the_compose_file_publishes_is_tested() {
    assertThat(shown(null, 8081)).isEqualTo("GET http://localhost:8081/health");
  }

  @Test
  void a_port_that_it_publishes_is_one_of_the_Pi() {
    assertThat(shown(8082, 8081, 8082)).isEqualTo("GET http://localhost:8082/health");
  }

  @Test
  void of_several_ports_one_must_be_named() {
    assertThatThrownBy(() -> shown(null, 8081, 8082))
        .isInstanceOf(DeployException.class)
        .hasMessage(
            "The smoke test of a needs a port: the compose file publishes several for it: [8081,"
                + " 8082]");
  }

  /** With {@code ports: ["8080"]}, a range, or none at all. */
  @Test
  void where_it_does_not_say_which_port_of_the_Pi_the_container_is_asked() {
    assertThat(shown(null)).isEqualTo("GET /health (where it listens)");
    assertThat(shown(8080)).isEqualTo("GET /health (port 8080 of the container)");
  }

  @Test
  void and_then_the_request_goes_there() {
    SmokeTest.OfContainer test = (SmokeTest.OfContainer) resolve(null);

    assertThat(test.at("fd00::2", 9090).shown()).isEqualTo("GET http://[fd00::2]:9090/health");
  }

  @Test
  void a_connection_goes_to_a_port_of_the_Pi_if_it_is_published_or_a_host_is_named() {
    assertThat(tcp(null, 1883, 1883)).isEqualTo("TCP localhost:1883");
    assertThat(tcp("broker", 1883)).isEqualTo("TCP broker:1883");
    assertThat(tcp(null, 1883)).isEqualTo("TCP port 1883 of the container");
  }

  private static String shown(@Nullable Integer port, Integer... published) {
    return resolve(port, published).shown();
  }

  private static SmokeTest resolve(@Nullable Integer port, Integer... published) {
    return new TestSpec.Http(null, "/health", port, 200, false, Map.of(), List.of())
        .resolve("a", service(published), "pi");
  }

  private static String tcp(@Nullable String host, int port, Integer... published) {
    return new TestSpec.Tcp(host, port, false).resolve("a", service(published), "pi").shown();
  }

  private static ComposeFile.Service service(Integer... published) {
    return new ComposeFile.Service(
        "a",
        Arrays.stream(published)
            .map(port -> new Endpoint("tcp", new InetSocketAddress(0).getAddress(), port))
            .toList(),
        false,
        Map.of(),
        OptionalLong.empty(),
        ComposeFile.Log.DEFAULT,
        null,
        Scale.ONE);
  }
}
