package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.report.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;

class ConsoleReporterTest {

  private final List<String> lines = new ArrayList<>();
  private final ConsoleReporter console =
      new ConsoleReporter(
          new SystemStreamLog() {
            @Override
            public void info(CharSequence line) {
              lines.add(line.toString());
            }
          });

  @Test
  void what_was_sent_stands_beside_what_the_image_weighs() {
    console.report(shipped(2_100, 1));
    console.report(shipped(0, 0));

    assertThat(lines)
        .containsExactly(
            "auth-server  sent 2.1 kB of 112 MB (1 of 9 layers) in 0.9 s",
            "auth-server  already there as auth-server:rpi-0123456789ab");
  }

  @Test
  void a_plan_has_a_line_for_each_layer_and_says_why_the_service_is_recreated() {
    console.report(
        new Event.Planned(
            "auth-server",
            "auth-server:rpi-0123456789ab",
            2_100,
            112_000_000,
            14_000,
            List.of(
                new Event.PlannedLayer("aaaaaaaaaaaa", 111_999_191, false),
                new Event.PlannedLayer("bbbbbbbbbbbb", 809, true)),
            "its image has changed"));
    console.report(
        new Event.Planned(
            "extension-server",
            "extension-server:rpi-0123456789ab",
            0,
            50_000,
            0,
            List.of(new Event.PlannedLayer("aaaaaaaaaaaa", 50_000, false)),
            "it has no container yet"));

    assertThat(lines)
        .containsExactly(
            "auth-server  would send 2.1 kB of 112 MB (1 of 2 layers) and write about 14.0 kB on"
                + " the Pi",
            "  reuse  layer aaaaaaaaaaaa  112 MB",
            "  send   layer bbbbbbbbbbbb  809 B",
            "auth-server  would be recreated: its image has changed",
            "extension-server  is already there as extension-server:rpi-0123456789ab",
            "extension-server  would be recreated: it has no container yet");
  }

  private static Event shipped(long bytes, int layers) {
    return new Event.Shipped(
        "auth-server",
        "auth-server:latest",
        "sha256:0123456789ab",
        "auth-server:rpi-0123456789ab",
        bytes,
        112_000_000,
        layers,
        9,
        Duration.ofMillis(900));
  }
}
