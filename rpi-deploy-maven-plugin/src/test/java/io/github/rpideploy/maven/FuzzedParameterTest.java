package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.Fuzz;
import io.github.rpideploy.maven.parameters.DurationParameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuzzedParameterTest {

  private static final List<String> PROPERTIES = List.copyOf(TestReactor.properties());

  private static final List<String> VALUES =
      List.of(
          "raspberrypi.local,me@10.0.0.5:2222",
          "8080",
          "1m30s",
          "true",
          "service",
          "tunnel",
          "linux/arm/v7",
          "https://localhost:8443/health?a=b#c",
          "/actuator/health",
          "Authorization: Bearer x\nAccept: */*",
          "/components/db/status=UP",
          "^version.*[0-9]+(a|b)*$",
          "[fe80::1]:1883",
          "SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDvUoVhXTZmSEhuQMU",
          "~/.ssh/id_pi",
          "2026-11-25T10:00:00Z");

  @TempDir Path directory;

  @Test
  void values() throws IOException {
    GivenParameters parameters = new GivenParameters(directory);
    Fuzz.Result result =
        Fuzz.texts(
            "parameter",
            8,
            VALUES,
            value ->
                parameters.read(
                    PROPERTIES.get(Math.floorMod(value.hashCode(), PROPERTIES.size())),
                    value,
                    false));

    assertThat(result.taken()).isPositive();
    assertThat(result.refused()).isPositive();
  }

  @Test
  void durations() {
    assertThat(
            Fuzz.texts(
                    "duration", 2, VALUES, text -> DurationParameter.parseOrZero("timeout", text))
                .refused())
        .isPositive();
  }
}
