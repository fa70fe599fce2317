package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemandTest {

  @Test
  void reads_what_compose_2_prints() {
    Map<String, Demand> demands =
        Demand.parse(
            """
            services:
              a:
                logging: {driver: json-file, options: {max-size: 10m}}
                mem_limit: "536870912"
                ports:
                  - {mode: ingress, host_ip: 127.0.0.1, target: 80, published: "8081", protocol: tcp}
                  - {mode: ingress, target: 53, published: "53", protocol: udp}
                  - {mode: ingress, target: 9000, protocol: tcp}
              b:
                deploy: {resources: {limits: {memory: "1073741824"}}}
            """);

    assertThat(demands)
        .containsExactly(
            Map.entry(
                "a",
                new Demand(
                    List.of(Endpoint.of("tcp", "127.0.0.1", 8081), Endpoint.of("udp", "", 53)),
                    OptionalLong.of(536870912),
                    "json-file",
                    true)),
            Map.entry("b", new Demand(List.of(), OptionalLong.of(1 << 30), null, false)));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8081:80/tcp, 127.0.0.1:8081",
    "5353:53/udp, 5353/udp",
    "[::1]:8080:80, [0:0:0:0:0:0:0:1]:8080",
    "8080:80, 8080"
  })
  void reads_ports_as_compose_1_prints_them(String port, String endpoint) {
    assertThat(Demand.parse("services: {a: {ports: ['" + port + "']}}").get("a"))
        .isNotNull()
        .extracting(demand -> demand.ports().toString())
        .isEqualTo("[" + endpoint + "]");
  }

  @ParameterizedTest
  @CsvSource({"512m, 536870912", "1GB, 1073741824", "64k, 65536", "10b, 10", "10, 10"})
  void reads_sizes_with_units(String limit, long bytes) {
    assertThat(Demand.parse("services: {a: {mem_limit: " + limit + "}}").get("a"))
        .isNotNull()
        .extracting(Demand::memoryLimit)
        .isEqualTo(OptionalLong.of(bytes));
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
  void reads_the_endpoints_of_the_kernel(String kernel, String endpoint) {
    assertThat(Endpoint.ofKernel("tcp", kernel).orElseThrow()).hasToString(endpoint);
    assertThat(Endpoint.ofKernel("tcp", "sl:1")).isEmpty();
  }
}
