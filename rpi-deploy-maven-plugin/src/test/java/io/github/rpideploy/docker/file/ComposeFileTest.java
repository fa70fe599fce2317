package io.github.rpideploy.docker.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComposeFileTest {

  @Test
  void reads_what_compose_2_prints() {
    ComposeFile file =
        ComposeFile.parse(
            """
            name: sample
            services:
              a:
                image: a:1
                depends_on: {b: {condition: service_started, required: true}}
                logging: {driver: json-file, options: {max-size: 10m}}
                mem_limit: "536870912"
                ports:
                  - {mode: ingress, host_ip: 127.0.0.1, target: 80, published: "8081", protocol: tcp}
                  - {mode: ingress, target: 53, published: "53", protocol: udp}
                  - {mode: ingress, target: 9000, protocol: tcp}
              b:
                build: {context: .}
                deploy: {resources: {limits: {memory: "1073741824"}}}
            """);

    assertThat(file.services())
        .containsExactly(
            Map.entry(
                "a",
                new ComposeFile.Service(
                    "a:1",
                    List.of(Endpoint.of("tcp", "127.0.0.1", 8081), Endpoint.of("udp", "", 53)),
                    true,
                    Map.of("b", ComposeFile.Need.DEFAULT),
                    OptionalLong.of(536870912),
                    new ComposeFile.Log("json-file", true),
                    null,
                    Scale.of(Map.of("ports", List.of("127.0.0.1:8081:80", "53:53/udp"))))),
            Map.entry(
                "b",
                new ComposeFile.Service(
                    null,
                    List.of(),
                    false,
                    Map.of(),
                    OptionalLong.of(1 << 30),
                    ComposeFile.Log.DEFAULT,
                    null,
                    Scale.ONE)));
    assertThat(file.service("a").orElseThrow().publishedPorts()).containsExactly(8081);
  }

  @Test
  void reads_what_compose_1_prints() {
    ComposeFile file =
        ComposeFile.parse(
            """
            services:
              a:
                image: a:1
                depends_on: [b]
                ports: ["127.0.0.1:8081:80/tcp", "5353:53/udp", "8000-8001:8000-8001", 9000]
            version: '3.9'
            """);

    assertThat(file.service("a").orElseThrow().publishedPorts()).containsExactly(8081);
    assertThat(file.service("a").orElseThrow().dependsOn()).containsExactly("b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ports: [{target: 9000, protocol: tcp}] | true",
        "ports: [{target: 9000}] | true",
        "ports: ['9000'] | true",
        "ports: [9000] | true",
        "ports: ['8000-8001:8000-8001'] | true",
        "ports: [{target: 53, protocol: udp}] | false",
        "ports: ['53:53/udp'] | false",
        "ports: [] | false",
        "expose: ['8080'] | true",
        "expose: [8080, 53/udp] | true",
        "expose: ['53/udp'] | false"
      })
  void knows_whether_it_names_a_TCP_port_of_the_containers(String said, boolean names) {
    assertThat(ComposeFile.parse("services: {a: {" + said + "}}").service("a"))
        .map(ComposeFile.Service::namesPort)
        .contains(names);
  }

  @Test
  void a_service_of_a_profile_that_is_not_active_is_only_found_by_name() {
    ComposeFile file =
        ComposeFile.parse(
            """
            services:
              a: {image: a, depends_on: {}}
            # of all profiles
            services:
              a: {image: a, depends_on: {debug: {condition: service_started, required: false}}}
              debug: {image: debug, profiles: [debug]}
            """);

    assertThat(file.services()).containsOnlyKeys("a");
    assertThat(file.service("debug").orElseThrow().image()).isEqualTo("debug");
    // Compose would not start what it calls optional and is not active.
    assertThat(file.service("a").orElseThrow().dependsOn()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"512m, 536870912", "1GB, 1073741824", "64k, 65536", "10b, 10", "10, 10"})
  void reads_sizes_with_units(String limit, long bytes) {
    assertThat(ComposeFile.parse("services: {a: {mem_limit: " + limit + "}}").service("a"))
        .map(ComposeFile.Service::memoryLimit)
        .contains(OptionalLong.of(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "8589934592g", "9223372036854775807k", "9m9", "{a: b}"})
  void what_is_no_limit_is_none(String limit) {
    assertThat(ComposeFile.parse("services: {a: {mem_limit: " + limit + "}}").service("a"))
        .map(ComposeFile.Service::memoryLimit)
        .contains(OptionalLong.empty());
  }

  @Test
  void the_largest_limit_is_one() {
    assertThat(ComposeFile.parse("services: {a: {mem_limit: 8589934591g}}").service("a"))
        .map(ComposeFile.Service::memoryLimit)
        .contains(OptionalLong.of(8589934591L << 30));
  }

  @Test
  void a_need_has_its_condition_and_may_be_optional() {
    assertThat(
            ComposeFile.parse(
                    """
                    services:
                      a:
                        depends_on:
                          b: {condition: service_healthy, required: false}
                          c: {condition: service_healthy}
                          d: {}
                    """)
                .service("a"))
        .map(ComposeFile.Service::needs)
        .contains(
            Map.of(
                "b", new ComposeFile.Need(ComposeFile.Need.HEALTHY, false),
                "c", new ComposeFile.Need(ComposeFile.Need.HEALTHY, true),
                "d", ComposeFile.Need.DEFAULT));
  }

  @Test
  void two_services_that_publish_the_same_port_clash_once() {
    ComposeFile file =
        ComposeFile.parse(
            """
            services:
              a: {ports: ["8080:80", "53:53/udp"]}
              b: {ports: ["127.0.0.1:8080:80"]}
              c: {ports: ["8081:80", "53:53/tcp"]}
            """);

    assertThat(file.portClashes())
        .extracting(PortClash::described)
        .containsExactly("a and b both publish port 8080 in the compose file");
  }

  @Test
  void the_line_with_which_something_is_wrong_is_named() {
    assertThatThrownBy(() -> ComposeFile.parse("services:\n  a:\n    image: *x\n"))
        .hasMessage(
            "What compose on the Pi printed is not a compose file: found undefined alias x, in line"
                + " 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "/../../../evil", "a b", "a\\n", "", "é"})
  void a_name_that_no_service_can_have_is_refused(String name) {
    for (String yaml :
        List.of(
            "services: {\"" + name + "\": {image: a}}",
            "services: {a: {depends_on: [\"" + name + "\"]}}",
            "services: {a: {depends_on: {\"" + name + "\": {condition: service_started}}}}")) {
      assertThatThrownBy(() -> ComposeFile.parse(yaml))
          .isInstanceOf(DeployException.class)
          .hasMessageContaining("which no service can be called");
    }
  }

  @Test
  void a_name_of_digits_or_dots_is_one() {
    assertThat(ComposeFile.parse("services: {8080: {depends_on: [.., A_b-1]}}").services())
        .containsOnlyKeys("8080");
  }
}
