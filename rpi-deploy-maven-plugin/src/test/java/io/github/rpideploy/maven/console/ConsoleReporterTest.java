package io.github.rpideploy.maven.console;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.PlannedLayer;
import io.github.rpideploy.report.PlannedNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;

class ConsoleReporterTest {

  private final List<String> lines = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private final Log log =
      new SystemStreamLog() {
        @Override
        public void info(CharSequence line) {
          lines.add(line.toString());
        }

        @Override
        public void error(CharSequence line) {
          lines.add(line.toString());
          errors.add(line.toString());
        }
      };
  private final AtomicLong clock = new AtomicLong();
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private final ConsoleReporter console =
      new ConsoleReporter(log, new Progress.Lines(log, clock::get));

  @Test
  void without_a_terminal_there_is_a_line_for_each_quarter_and_after_ten_quiet_seconds() {
    console.report(new Event.SendStarted(List.of("auth-server"), 100_000_000));
    for (int percent = 0; percent <= 100; percent++) {
      clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(percent < 30 ? 100 : 600));
      console.report(new Event.SendProgress(percent * 1_000_000L, 100_000_000));
    }

    assertThat(lines)
        .containsExactly(
            "auth-server  sending 100 MB",
            "  25 % of 100 MB sent",
            "  45 % of 100 MB sent",
            "  50 % of 100 MB sent",
            "  67 % of 100 MB sent",
            "  75 % of 100 MB sent",
            "  92 % of 100 MB sent");
  }

  @Test
  void a_total_that_becomes_less_meanwhile_is_the_one_that_counts() {
    console.report(new Event.SendStarted(List.of("auth-server"), 100_000_000));
    console.report(new Event.SendProgress(40_000_000, 80_000_000));

    assertThat(lines).endsWith("  50 % of 80.0 MB sent");
  }

  @Test
  void on_a_terminal_one_line_is_written_over_and_gone_when_something_is_logged() {
    ConsoleReporter bar =
        new ConsoleReporter(
            log, new Progress.Bar(new PrintStream(terminal, true, US_ASCII), clock::get));
    bar.report(new Event.SendStarted(List.of("auth-server"), 90_000_000));
    bar.report(new Event.SendProgress(9_000_000, 90_000_000));
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(50));
    bar.report(new Event.SendProgress(9_500_000, 90_000_000));
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(9_950));
    bar.report(new Event.SendProgress(45_000_000, 90_000_000));
    bar.report(new Event.SendProgress(90_000_000, 90_000_000));
    bar.report(shipped(90_000_000, 9, 1));

    assertThat(terminal.toString(US_ASCII).split("\r", -1))
        .containsExactly(
            "",
            "  [##------------------]  10 %  9.0 MB of 90.0 MB",
            "  [##########----------]  50 %  45.0 MB of 90.0 MB  4.5 MB/s  10 s left",
            "  sent, loading on the Pi" + " ".repeat(46),
            " ".repeat(25),
            "");
    assertThat(lines)
        .containsExactly(
            "auth-server  sending 90.0 MB",
            "auth-server  sent 90.0 MB of 112 MB (9 of 9 layers) in 0.9 s");
  }

  @Test
  void of_a_log_that_is_only_needed_no_line_is_shown() {
    console.report(new Event.LogCollected("extension-server", List.of("bye"), "a.log"));
    console.report(new Event.LogCollected("auth-server", List.of(), "b.log"));

    assertThat(lines)
        .containsExactly(
            "extension-server  the end of its log (all of it: a.log)",
            "  | bye",
            "auth-server  its log: b.log");
    assertThat(errors)
        .as("auth-server may be good")
        .noneMatch(line -> line.contains("auth-server"));
  }

  @Test
  void what_was_sent_stands_beside_what_the_image_weighs() {
    console.report(shipped(2_100, 1, 1));
    console.report(shipped(0, 0, 0));
    console.report(shipped(6_300, 1, 3));

    assertThat(lines)
        .containsExactly(
            "auth-server  sent 2.1 kB of 112 MB (1 of 9 layers) in 0.9 s",
            "auth-server  already there as auth-server:rpi-0123456789ab",
            "auth-server  sent 6.3 kB to 3 nodes, of 112 MB each (1 of 9 layers) in 0.9 s");
  }

  @Test
  void a_plan_ends_with_all_that_would_be_sent_removed_recreated_started_and_pulled() {
    console.report(new Event.PlanTotal(2, 1, 3_300, 0, 0, 0, 0));
    console.report(new Event.PlanTotal(2, 1, 3_300, 1, 2, 3, 1));

    assertThat(lines)
        .containsExactly(
            "In all: 3.3 kB to send, 1 of 2 services recreated",
            "In all: 3.3 kB to send, 1 of 2 services recreated, 1 file sent, 2 files removed,"
                + " 3 other services started, 1 image pulled by the Pi");
  }

  @Test
  void a_plan_has_a_line_for_each_layer_and_says_whether_and_why_the_service_is_recreated() {
    console.report(
        new Event.Planned(
            "auth-server",
            "auth-server:rpi-0123456789ab",
            2_100,
            112_000_000,
            14_000,
            List.of(
                new PlannedLayer("aaaaaaaaaaaa", 111_999_191, false),
                new PlannedLayer(
                    "cccccccccccc", 62_000_000, true, "auth-server:rpi-3f9c2a1b77d0", 800_000),
                new PlannedLayer("bbbbbbbbbbbb", 809, true)),
            List.of(
                new PlannedNode("attic", 112_000_900, 2, 250_000_000),
                new PlannedNode("cellar", 0, 0, 0)),
            true,
            "its image has changed"));
    console.report(
        new Event.Planned(
            "extension-server",
            "extension-server:rpi-0123456789ab",
            0,
            50_000,
            0,
            List.of(new PlannedLayer("aaaaaaaaaaaa", 50_000, false)),
            List.of(),
            false,
            "unchanged, healthy"));

    assertThat(lines)
        .containsExactly(
            "auth-server  would send 2.1 kB of 112 MB (2 of 3 layers) and write about 14.0 kB on"
                + " the Pi",
            "  reuse  layer aaaaaaaaaaaa  112 MB",
            "  send   layer cccccccccccc  800 kB as a delta of auth-server:rpi-3f9c2a1b77d0 (layer of"
                + " 62.0 MB)",
            "  send   layer bbbbbbbbbbbb  809 B",
            "auth-server  would send 112 MB (2 of 3 layers) to attic and write about 250 MB there",
            "auth-server  is already on cellar",
            "auth-server  would be recreated: its image has changed",
            "extension-server  is already there as extension-server:rpi-0123456789ab",
            "extension-server  would stay as it is: unchanged, healthy");
  }

  private static Event shipped(long bytes, int layers, int machines) {
    return new Event.Shipped(
        "auth-server",
        "auth-server:latest",
        "sha256:0123456789ab",
        "auth-server:rpi-0123456789ab",
        bytes,
        112_000_000,
        layers,
        9,
        machines,
        Duration.ofMillis(900));
  }

  @Test
  void what_others_say_neither_commands_the_terminal_nor_makes_lines() {
    console.report(
        new Event.Verified(
            "auth-server", "answered \u001b]0;x\u0007\n[INFO] BUILD SUCCESS", Duration.ZERO));
    console.report(new Event.LogCollected("auth-server", List.of("a\u001b[2Jb\rc"), "a.log"));

    assertThat(lines)
        .containsExactly(
            "auth-server  verified in 0 s: answered ?]0;x? [INFO] BUILD SUCCESS",
            "auth-server  the end of its log (all of it: a.log)",
            "  | a?[2Jb?c");
  }
}
