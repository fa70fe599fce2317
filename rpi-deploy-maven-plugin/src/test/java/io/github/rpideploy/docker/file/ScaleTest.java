package io.github.rpideploy.docker.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // As compose 2 prints it, then version 1.
        "ports: [{target: 80, published: '8080', protocol: tcp}] | ports: 8080 (let only the proxy publish a port)",
        "ports: ['127.0.0.1:8080:80/tcp'] | ports: 127.0.0.1:8080 (let only the proxy publish a port)",
        "container_name: auth | container_name: auth (remove it)",
        "network_mode: host | network_mode: host (use a network of the project)",
        "network_mode: service:other | network_mode: service:other (use a network of the project)",
        "networks: {default: {ipv4_address: 10.0.0.2}} | networks: default: ipv4_address: 10.0.0.2 (remove it)",
        "volumes: [{type: volume, source: data, target: /data, volume: {}}] | volumes: data:/data (two containers would write to it; make it read-only: :ro)",
        "volumes: [{type: bind, source: /srv/x, target: /x}] | volumes: /srv/x:/x (two containers would write to it; make it read-only: :ro)",
        "volumes: ['data:/data:rw'] | volumes: data:/data (two containers would write to it; make it read-only: :ro)",
        "volumes: ['data:/data'] | volumes: data:/data (two containers would write to it; make it read-only: :ro)",
      })
  void what_only_one_container_can_have_is_named_as_the_file_has_it(String said, String inTheWay) {
    assertThat(of(said).onlyOne()).containsExactly(inTheWay);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ports: [{target: 80, published: '8080-8089', protocol: tcp}]",
        "ports: [{target: 80, protocol: tcp}]",
        "expose: ['8080']",
        "networks: {default: null, other: {aliases: [x]}}",
        "network_mode: none",
        "volumes: [{type: volume, source: conf, target: /conf, read_only: true}]",
        "volumes: [{type: volume, target: /scratch}]",
        "volumes: [{type: tmpfs, target: /tmp}]",
        "volumes: ['conf:/conf:ro,z']",
        "volumes: ['/scratch']",
        "hostname: auth",
      })
  void everything_else_two_can_have(String said) {
    assertThat(of(said)).isEqualTo(Scale.ONE);
  }

  @ParameterizedTest
  @CsvSource({
    "'deploy: {replicas: 3}', 3",
    "'scale: 2', 2",
    "'deploy: {replicas: 0}', 1",
    "'scale: many', 1",
    "'scale: 1000', 1"
  })
  void how_many_it_is_to_have(String said, int replicas) {
    assertThat(of(said).replicas()).isEqualTo(replicas);
  }

  @Test
  void nonsense_is_not_in_the_way() {
    assertThat(of("{ports: 1, volumes: {a: b}, networks: [x], deploy: [], container_name: [a]}"))
        .isEqualTo(Scale.ONE);
  }

  private static Scale of(String service) {
    String flow = service.startsWith("{") ? service : "{" + service + "}";
    return ComposeFile.parse("services: {a: " + flow + "}").service("a").orElseThrow().scale();
  }
}
