package io.github.rpideploy.docker.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortsTest {

  @Test
  void reads_the_ports_that_compose_2_prints() {
    List<Map<String, Object>> ports =
        List.of(
            Map.of("host_ip", "127.0.0.1", "target", 80, "published", "8081", "protocol", "tcp"),
            Map.of("target", 53, "published", "53", "protocol", "udp"),
            Map.of("target", 80, "published", 8080));

    assertThat(Ports.ofCompose(ports))
        .containsExactly(
            Endpoint.of("tcp", "127.0.0.1", 8081),
            Endpoint.of("udp", "", 53),
            Endpoint.of("tcp", "", 8080));
  }

  @Test
  void leaves_out_long_ports_that_are_not_exactly_one() {
    assertThat(
            Ports.ofCompose(
                List.of(
                    Map.of("target", 9000),
                    Map.of("target", 80, "published", "0"),
                    Map.of("target", 80, "published", "8000-8010"),
                    Map.of("target", 80, "published", "65536"))))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8081:80/tcp, 127.0.0.1:8081",
    "5353:53/udp, 5353/udp",
    "[::1]:8080:80, [0:0:0:0:0:0:0:1]:8080",
    "8080:80, 8080",
    "65535:80, 65535"
  })
  void reads_the_short_form_that_compose_1_prints(String port, String endpoint) {
    assertThat(Ports.ofCompose(List.of(port)))
        .extracting(Endpoint::toString)
        .containsExactly(endpoint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"9000", "8000-8001:8000-8001", "0:80", "65536:80", "80:80/sctp", "a:b", ""})
  void leaves_out_short_ports_that_are_not_exactly_one(String port) {
    assertThat(Ports.ofCompose(List.of(port))).isEmpty();
  }

  @Test
  void a_service_may_have_no_ports() {
    assertThat(Ports.ofCompose(null)).isEmpty();
    assertThat(Ports.ofCompose(9000)).isEmpty();
    assertThat(Ports.ofCompose(List.of(9000))).isEmpty();
  }

  @Test
  void reads_every_port_that_docker_ps_shows() {
    assertThat(
            Ports.ofDockerPs(
                "127.0.0.1:8081->80/tcp, 0.0.0.0:5000-5002->5000-5002/udp, :::53->53/tcp,"
                    + " 8080/tcp"))
        .extracting(Endpoint::toString)
        .containsExactly("127.0.0.1:8081", "5000/udp", "5001/udp", "5002/udp", "53");
    assertThat(Ports.ofDockerPs("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.53, false",
    "127.0.0.1, 0.0.0.0, true",
    "'', 127.0.0.1, true",
    "::, 192.168.1.2, true",
    "[::1], 127.0.0.1, false",
    "::ffff:127.0.0.1, 127.0.0.1, true"
  })
  void two_endpoints_collide_when_one_of_them_takes_the_address_of_the_other(
      String one, String other, boolean collide) {
    Endpoint first = Endpoint.of("tcp", one, 80);
    Endpoint second = Endpoint.of("tcp", other, 80);

    assertThat(first.collides(second)).isEqualTo(collide);
    assertThat(second.collides(first)).isEqualTo(collide);
    assertThat(first.collides(Endpoint.of("udp", other, 80))).isFalse();
    assertThat(first.collides(Endpoint.of("tcp", other, 81))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "0100007F:1F91, 127.0.0.1:8081",
    "00000000:0016, 22",
    "00000000000000000000000001000000:1F92, [0:0:0:0:0:0:0:1]:8082",
    "0000000000000000FFFF00000100007F:1F92, 127.0.0.1:8082"
  })
  void reads_what_the_kernel_prints(String kernel, String endpoint) {
    assertThat(Ports.ofKernel("tcp", kernel).orElseThrow()).hasToString(endpoint);
    assertThat(Ports.ofKernel("tcp", "sl:1")).isEmpty();
  }
}
