package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.Fuzz;
import io.github.rpideploy.docker.file.ComposeFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FuzzedAnswerTest {

  private static final List<String> COMPOSE_FILES =
      List.of(
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
                - "5353:53/udp"
            b:
              build: {context: .}
              deploy: {resources: {limits: {memory: "1073741824"}}}
          """,
          """
          x-base: &base
            image: &image base:1
            environment:
              - A=b
          services:
            c: &c
              <<: *base
              ports: ["127.0.0.1:8081:80/tcp", 9000]
              depends_on: [d]
            d: *c
            e:
              image: *image
              command: |
                sh -c 'echo "hello"'
              labels: {"a.b": 'c'}
          version: '3.9'
          """);

  @Test
  void compose_files() {
    Fuzz.Result result = Fuzz.texts("compose file", 20, COMPOSE_FILES, ComposeFile::parse);

    assertThat(result.taken()).isPositive();
    assertThat(result.refused()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void answers(Answer answer) {
    assertThat(Fuzz.texts(answer.toString(), 3, List.of(answer.good()), answer::read).taken())
        .isPositive();
  }
}
