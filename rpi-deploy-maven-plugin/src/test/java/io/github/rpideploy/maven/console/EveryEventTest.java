package io.github.rpideploy.maven.console;

import static io.github.rpideploy.maven.console.EveryEventTest.Decision.BESIDES;
import static io.github.rpideploy.maven.console.EveryEventTest.Decision.IGNORED;
import static io.github.rpideploy.maven.console.EveryEventTest.Decision.SHOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.history.HistoryRecorder;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.report.Check;
import io.github.rpideploy.report.DeployJson;
import io.github.rpideploy.report.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each renderer does with each event, as decided here. A new event needs a line in this table:
 * decide where it is shown, and where nobody would miss it.
 */
class EveryEventTest {

  /** What a renderer does with an event. */
  enum Decision {
    SHOWN,
    /** With what happened to services; without any it is nothing to tell. */
    BESIDES,
    IGNORED
  }

  private record Row(Event event, Decision onConsole, Decision inDeployJson, Decision inHistory) {
    @Override
    public String toString() {
      return event.getClass().getSimpleName();
    }
  }

  private static final String SERVICE = "auth-server";
  private static final String RELEASE = "auth-server:rpi-000000000001";
  private static final String BEFORE = "auth-server:rpi-000000000000";
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

  @TempDir Path directory;

  private static Stream<Row> rows() {
    return Stream.of(
        new Row(new Event.Connected("pi@pi:22", "a key", SECOND, false), SHOWN, IGNORED, IGNORED),
        new Row(
            new Event.OnTarget("kitchen", new Event.NotDeployed(SERVICE, "config failed")),
            SHOWN,
            SHOWN,
            IGNORED),
        new Row(engine(), SHOWN, SHOWN, IGNORED),
        new Row(new Event.Warning("little space"), SHOWN, IGNORED, IGNORED),
        new Row(new Event.Detail("asked in 0.1 s"), SHOWN, IGNORED, IGNORED),
        new Row(new Event.LockAwaited("me@laptop", SECOND), SHOWN, IGNORED, IGNORED),
        new Row(new Event.Skipped("library", "packaging pom"), SHOWN, IGNORED, IGNORED),
        new Row(new Event.SendStarted(List.of(SERVICE), 1000), SHOWN, IGNORED, IGNORED),
        new Row(new Event.SendProgress(500, 1000), SHOWN, IGNORED, IGNORED),
        new Row(planned(), SHOWN, IGNORED, IGNORED),
        new Row(
            new Event.PlannedOther("db", SERVICE, "postgres:17", true, "it has no container yet"),
            SHOWN,
            IGNORED,
            IGNORED),
        new Row(new Event.PlanTotal(2, 1, 1000, 1, 1, 1, 1), SHOWN, IGNORED, IGNORED),
        new Row(new Event.Idle(List.of("grafana"), "ssh pi"), SHOWN, IGNORED, IGNORED),
        new Row(new Event.Pulled("db", "postgres:17", SECOND), SHOWN, SHOWN, IGNORED),
        new Row(
            new Event.StartingOther("db", SERVICE, false, "it has no container yet"),
            SHOWN,
            SHOWN,
            BESIDES),
        new Row(new Event.OtherReady("db", "healthy", SECOND), SHOWN, SHOWN, IGNORED),
        new Row(shipped(), SHOWN, SHOWN, SHOWN),
        new Row(new Event.ComposeFileUploaded("rpi/x/compose.yaml"), SHOWN, IGNORED, IGNORED),
        new Row(new Event.ComposeFileRestored("rpi/x/compose.yaml"), SHOWN, IGNORED, IGNORED),
        new Row(
            new Event.FilesSent(List.of(new Event.SentFile("conf/app.yml", 1200))),
            SHOWN,
            SHOWN,
            BESIDES),
        new Row(new Event.FileRemoved("conf/old.yml"), SHOWN, SHOWN, BESIDES),
        // The history then tells of no changed file.
        new Row(new Event.FilesRestored("rpi/x"), SHOWN, SHOWN, IGNORED),
        new Row(
            new Event.FilesChanged(SERVICE, "because conf/app.yml has changed"),
            SHOWN,
            IGNORED,
            IGNORED),
        new Row(
            new Event.FilesPlanned(List.of(new Event.SentFile("a", 1)), List.of()),
            SHOWN,
            IGNORED,
            IGNORED),
        new Row(new Event.Unchanged(SERVICE, "healthy"), SHOWN, SHOWN, SHOWN),
        new Row(new Event.Deferred(SERVICE, List.of("config")), SHOWN, IGNORED, IGNORED),
        // What follows it is shown: Unchanged, or Recreated.
        new Row(new Event.ReleaseChosen(SERVICE, RELEASE, "id", BEFORE), IGNORED, SHOWN, SHOWN),
        // It takes a second or two until Recreated is shown.
        new Row(new Event.Recreating(SERVICE, RELEASE), IGNORED, IGNORED, SHOWN),
        new Row(new Event.Recreated(SERVICE, "c1", SECOND), SHOWN, SHOWN, SHOWN),
        new Row(new Event.Verifying(SERVICE, "health", SECOND), SHOWN, IGNORED, IGNORED),
        new Row(new Event.Waiting(SERVICE, "starting", SECOND), SHOWN, IGNORED, IGNORED),
        new Row(new Event.Verified(SERVICE, "healthy", SECOND), SHOWN, SHOWN, SHOWN),
        new Row(new Event.LogCollected(SERVICE, List.of("bye"), "a.log"), SHOWN, IGNORED, IGNORED),
        // The goal fails with the same words, and Maven shows them.
        new Row(new Event.Failed(SERVICE, "the container exited"), IGNORED, SHOWN, SHOWN),
        new Row(new Event.RollingBack(SERVICE, BEFORE), SHOWN, IGNORED, IGNORED),
        new Row(new Event.RolledBack(SERVICE, BEFORE, "healthy", SECOND), SHOWN, SHOWN, SHOWN),
        new Row(new Event.RollbackFailed(SERVICE, BEFORE, "starting"), SHOWN, SHOWN, SHOWN),
        new Row(new Event.ReleasesRemoved(SERVICE, List.of(BEFORE)), SHOWN, IGNORED, IGNORED),
        new Row(new Event.NotDeployed(SERVICE, "config failed before it"), SHOWN, SHOWN, SHOWN),
        new Row(examined(), SHOWN, IGNORED, IGNORED));
  }

  @Test
  void the_table_has_every_event_once() {
    assertThat(rows().<Class<?>>map(row -> row.event().getClass()))
        .containsExactlyInAnyOrder(Event.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void the_console_shows_what_the_table_says(Row row) {
    List<String> lines = new ArrayList<>();
    SystemStreamLog log = log(lines);
    Progress progress = new Progress.Lines(log, () -> 0);
    // Without a stream that has begun, there is no progress to show.
    progress.start(1000);

    new TargetReporter(log, progress).report(row.event());

    assertThat(lines.isEmpty() ? IGNORED : SHOWN).as("%s", lines).isEqualTo(row.onConsole());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void deploy_json_has_what_the_table_says(Row row) throws IOException {
    DeployJson deployJson = new DeployJson(() -> NOW);
    String before = written(deployJson);

    deployJson.report(row.event());

    assertThat(written(deployJson).equals(before) ? IGNORED : SHOWN).isEqualTo(row.inDeployJson());
    assertThat(deployJson.isEmpty() ? IGNORED : SHOWN).isEqualTo(row.inDeployJson());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void the_history_has_what_the_table_says_and_every_event_goes_on(Row row) {
    List<Event> next = new ArrayList<>();
    HistoryRecorder recorder = new HistoryRecorder(next::add);

    recorder.report(row.event());

    boolean empty = recorder.isEmpty();
    History.Deploy deploy = recorder.take(NOW, Origin.UNKNOWN);
    assertThat(deploy.services().isEmpty()).isEqualTo(empty);
    String nothing = History.line(recorder.take(NOW, Origin.UNKNOWN));
    assertThat(empty ? History.line(deploy).equals(nothing) ? IGNORED : BESIDES : SHOWN)
        .isEqualTo(row.inHistory());
    assertThat(next).containsExactly(row.event());
  }

  private String written(DeployJson deployJson) throws IOException {
    Path file = directory.resolve("deploy.json");
    deployJson.write(file);
    return Files.readString(file);
  }

  /** Everything that goes to the log, also what only {@code -X} shows. */
  private static SystemStreamLog log(List<String> lines) {
    return new SystemStreamLog() {
      @Override
      public void debug(CharSequence line) {
        lines.add(line.toString());
      }

      @Override
      public void info(CharSequence line) {
        lines.add(line.toString());
      }

      @Override
      public void warn(CharSequence line) {
        lines.add(line.toString());
      }

      @Override
      public void error(CharSequence line) {
        lines.add(line.toString());
      }
    };
  }

  private static Event engine() {
    return new Event.EngineFound("pi@pi:22", "rpi/x", "26.1.5", "overlay2", "arm64", "2.26.1");
  }

  private static Event planned() {
    return new Event.Planned(
        SERVICE, RELEASE, 0, 1000, 0, List.of(), List.of(), false, "unchanged");
  }

  private static Event shipped() {
    return new Event.Shipped(
        SERVICE, "auth-server:latest", "sha256:1", RELEASE, 1000, 9000, 2, 9, 1, SECOND);
  }

  private static Event examined() {
    return new Event.Examined("pi@pi:22", List.of(Check.pass("clock", "right")));
  }
}
