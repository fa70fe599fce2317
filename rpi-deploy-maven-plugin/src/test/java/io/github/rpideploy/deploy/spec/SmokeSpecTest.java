package io.github.rpideploy.deploy.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.docker.file.Endpoint;
import io.github.rpideploy.docker.file.Scale;
import io.github.rpideploy.smoke.SmokeTest;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where the smoke tests of a service go. */
class SmokeSpecTest {

  @Test
  void a_path_is_asked_of_the_only_port_that_is_published_on_the_Pi_itself() {
    assertThat(url(http("/health", null, false), tcp(8081)))
        .isEqualTo("http://localhost:8081/health");
  }

  @Test
  void a_path_needs_no_slash_at_its_front() {
    assertThat(url(http("health", null, false), tcp(8081)))
        .isEqualTo("http://localhost:8081/health");
  }

  @Test
  void a_port_that_is_named_comes_before_the_published_ones() {
    assertThat(url(http("/", 8082, false), tcp(8081), tcp(8082)))
        .isEqualTo("http://localhost:8082/");
  }

  @Test
  void from_this_machine_the_Pi_is_asked_by_the_address_at_which_it_was_reached() {
    assertThat(url(http("/", null, true), tcp(8081))).isEqualTo("http://raspberrypi:8081/");
    assertThat(resolved(http("/", null, true), "fe80::1", tcp(8081)))
        .isInstanceOfSatisfying(
            SmokeTest.Http.class,
            test -> assertThat(test.url()).hasToString("http://[fe80::1]:8081/"));
  }

  @Test
  void a_whole_URL_is_asked_as_it_is() {
    TestSpec whole =
        new TestSpec.Http(
            "https://auth.example/x", "/", null, 204, true, Map.of("Host", "auth"), List.of());

    assertThat(resolved(whole, "raspberrypi"))
        .isInstanceOfSatisfying(
            SmokeTest.Http.class,
            test -> {
              assertThat(test.url()).hasToString("https://auth.example/x");
              assertThat(test.expectedStatus()).isEqualTo(204);
              assertThat(test.tunnelled()).isFalse();
              assertThat(test.headers()).containsEntry("Host", "auth");
            });
  }

  @Test
  void where_more_than_one_port_is_published_the_user_must_name_it() {
    assertThatThrownBy(() -> url(http("/", null, false), tcp(8081), tcp(8082)))
        .isInstanceOf(DeployException.class)
        .hasMessageEndingWith("the compose file publishes several for it: [8081, 8082]");
  }

  @Test
  void where_no_TCP_port_is_published_the_container_is_asked() {
    Endpoint udp = new Endpoint("udp", InetAddress.getLoopbackAddress(), 53);
    assertThat(resolved(http("/", null, false), "raspberrypi", udp))
        .isInstanceOf(SmokeTest.OfContainer.class);
  }

  @Test
  void a_TCP_connection_goes_to_the_Pi_unless_another_host_is_named() {
    assertThat(connection(new TestSpec.Tcp(null, 1883, false))).isEqualTo("localhost 1883 true");
    assertThat(connection(new TestSpec.Tcp(null, 1883, true))).isEqualTo("raspberrypi 1883 false");
    assertThat(connection(new TestSpec.Tcp("broker", 1883, false))).isEqualTo("broker 1883 true");
  }

  @Test
  void a_command_is_run_in_the_container() {
    assertThat(resolved(new TestSpec.InContainer("pg_isready"), "raspberrypi"))
        .isEqualTo(new SmokeTest.InContainer("pg_isready", TestSpec.ATTEMPT_TIMEOUT));
  }

  @Test
  void the_tunnel_is_needed_by_the_tests_that_leave_from_the_Pi_only() {
    TestSpec command = new TestSpec.InContainer("true");
    TestSpec direct = new TestSpec.Tcp(null, 1883, true);
    assertThat(spec(command, direct, http("/", 8081, true)).isTunnelled()).isFalse();
    assertThat(spec(command, direct, http("/", 8081, true)).port()).isNull();

    assertThat(spec(direct, http("/", null, false)).isTunnelled()).isTrue();
    SmokeSpec both = spec(direct, http("/", null, false), new TestSpec.Tcp(null, 5432, false));
    assertThat(both.isTunnelled()).isTrue();
    assertThat(both.port()).isEqualTo(5432);
  }

  private static SmokeSpec spec(TestSpec... tests) {
    return new SmokeSpec(List.of(tests), Duration.ZERO);
  }

  private static TestSpec http(String path, @Nullable Integer port, boolean direct) {
    return new TestSpec.Http(null, path, port, 200, direct, Map.of(), List.of());
  }

  private static String url(TestSpec test, Endpoint... ports) {
    return ((SmokeTest.Http) resolved(test, "raspberrypi", ports)).url().toString();
  }

  private static String connection(TestSpec test) {
    SmokeTest.Tcp tcp = (SmokeTest.Tcp) resolved(test, "raspberrypi", tcp(1883));
    return tcp.host() + " " + tcp.port() + " " + tcp.tunnelled();
  }

  private static SmokeTest resolved(TestSpec test, String pi, Endpoint... ports) {
    ComposeFile.Service service =
        new ComposeFile.Service(
            "auth",
            Stream.of(ports).toList(),
            false,
            Map.of(),
            OptionalLong.empty(),
            ComposeFile.Log.DEFAULT,
            null,
            Scale.ONE);
    return spec(test).resolve("auth", service, pi).get(0);
  }

  private static Endpoint tcp(int port) {
    return new Endpoint("tcp", InetAddress.getLoopbackAddress(), port);
  }
}
