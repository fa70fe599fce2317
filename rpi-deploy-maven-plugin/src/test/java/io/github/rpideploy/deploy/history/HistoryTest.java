package io.github.rpideploy.deploy.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistoryTest {

  private static final Origin ORIGIN =
      new Origin("me@laptop", "https://git.example/runs/1", "c0ffee", "1.2.0");

  private static History.Service service(String name, String release, Outcome outcome) {
    return new History.Service(name, release, "sha256:1", outcome, 4.25, null, release);
  }

  private static History.Deploy deploy(History.Service... services) {
    return new History.Deploy(
        Instant.parse("2026-11-25T10:00:00Z"), ORIGIN, Outcome.VERIFIED, List.of(services));
  }

  @Test
  void a_line_says_when_who_from_where_and_what() {
    assertThat(
            History.line(
                deploy(
                    new History.Service(
                        "auth-server",
                        "auth-server:rpi-1",
                        "sha256:1",
                        Outcome.VERIFIED,
                        4.25,
                        "auth-server:rpi-0",
                        "auth-server:rpi-1"))))
        .isEqualTo(
            "{\"when\":\"2026-11-25T10:00:00Z\",\"who\":\"me@laptop\","
                + "\"run\":\"https://git.example/runs/1\",\"commit\":\"c0ffee\","
                + "\"version\":\"1.2.0\",\"outcome\":\"verified\",\"services\":["
                + "{\"service\":\"auth-server\",\"release\":\"auth-server:rpi-1\","
                + "\"image\":\"sha256:1\",\"outcome\":\"verified\",\"seconds\":4.25,"
                + "\"before\":\"auth-server:rpi-0\",\"runs\":\"auth-server:rpi-1\"}]}");
  }

  @Test
  void what_was_written_is_read_again() {
    History.Deploy full = deploy(service("a", "a:rpi-1", Outcome.VERIFIED));
    History.Deploy sparse =
        new History.Deploy(
            Instant.EPOCH,
            new Origin("line\nbreak \u00e4 \"quoted\" \u2028", null, null, null),
            Outcome.FAILED,
            List.of(new History.Service("b", null, null, Outcome.FAILED, null, null, null)));

    List<String> lines = List.of(History.line(full), History.line(sparse));

    assertThat(lines).allMatch(line -> line.lines().count() == 1);
    assertThat(History.parse(lines).deploys()).containsExactly(full, sparse);
  }

  @Test
  void a_line_names_the_files_and_other_services_that_a_deploy_changed() {
    HistoryRecorder recorder = new HistoryRecorder(event -> {});
    recorder.report(new Event.FilesSent(List.of(new Event.SentFile("conf/app.yml", 7))));
    recorder.report(new Event.FileRemoved("conf/old.yml"));
    recorder.report(new Event.StartingOther("db", "a", false, "it has no container yet"));
    assertThat(recorder.isEmpty()).isTrue();
    recorder.report(new Event.Verified("a", "healthy", Duration.ofSeconds(1)));

    String line = History.line(recorder.take(Instant.EPOCH, ORIGIN));

    assertThat(line)
        .endsWith(
            ",\"stack\":{\"files\":[\"conf/app.yml\"],\"removed\":[\"conf/old.yml\"],"
                + "\"others\":[\"db\"]}}");
    assertThat(History.parse(List.of(line)).deploys()).hasSize(1);
    assertThat(History.parse(List.of(line.replaceAll("\"stack\":.*", "\"stack\":7}"))).deploys())
        .hasSize(1);
    // The next deploy of the same build begins anew.
    recorder.report(new Event.Verified("b", "healthy", Duration.ofSeconds(1)));
    assertThat(History.line(recorder.take(Instant.EPOCH, ORIGIN))).doesNotContain("stack");
  }

  @Test
  void a_line_of_many_files_stays_short_and_restored_files_are_not_on_it() {
    HistoryRecorder recorder = new HistoryRecorder(event -> {});
    recorder.report(
        new Event.FilesSent(
            IntStream.range(0, 20_000)
                .mapToObj(i -> new Event.SentFile("static/page-" + i, 1))
                .toList()));
    recorder.report(new Event.FileRemoved("static/old"));

    StackChanges many = recorder.take(Instant.EPOCH, ORIGIN).stack();

    assertThat(many.files()).hasSizeBetween(50, 60);
    assertThat(many.moreFiles()).isEqualTo(20_001 - many.files().size());
    assertThat(many.removed()).isEmpty();

    recorder.report(new Event.FilesSent(List.of(new Event.SentFile("conf/app.yml", 7))));
    recorder.report(new Event.FileRemoved("conf/old.yml"));
    recorder.report(new Event.FilesRestored("rpi/x"));
    assertThat(recorder.take(Instant.EPOCH, ORIGIN).stack()).isEqualTo(StackChanges.NONE);
  }

  @Test
  void the_version_of_a_service_is_that_of_its_module_or_else_of_the_project() {
    HistoryRecorder recorder = new HistoryRecorder(event -> {});
    recorder.report(new Event.ReleaseChosen("a", "a:rpi-1", "sha256:1", ""));
    recorder.report(new Event.ReleaseChosen("b", "b:rpi-1", "sha256:2", ""));

    History.Deploy deploy =
        recorder.take(Instant.EPOCH, ORIGIN.withVersions(Map.of("a", "2.0-SNAPSHOT")));

    History.Deploy read = History.parse(List.of(History.line(deploy))).deploys().get(0);
    assertThat(read.version("a:rpi-1")).isEqualTo("2.0-SNAPSHOT");
    assertThat(read.version("b:rpi-1")).isEqualTo("1.2.0");
  }

  @Test
  void whatever_a_line_is_torn_to_the_others_are_read() {
    History.Deploy whole = deploy(service("a", "a:rpi-1", Outcome.VERIFIED));
    String line = History.line(whole);
    for (int length = 0; length < line.length(); length++) {
      assertThat(History.parse(List.of(line, line.substring(0, length))).deploys())
          .as(line.substring(0, length))
          .containsExactly(whole);
    }
  }

  @Test
  void what_is_no_line_of_ours_is_skipped_and_so_is_what_later_versions_add() {
    String line = History.line(deploy(service("a", "a:rpi-1", Outcome.VERIFIED)));
    assertThat(
            History.parse(
                    List.of(
                        "null",
                        "[]",
                        "7",
                        "\0\0",
                        "{\"services\":7}",
                        line.replace("2026-11-25T10:00:00Z", "yesterday"),
                        line.replace("4.25", "\"soon\""),
                        line.replace("[{", "[7,{"),
                        line.replace("[{", "[null,{"),
                        line.replace("\"service\":\"a\",", ""),
                        line.replace("\"outcome\":\"verified\",\"services", "\"services"),
                        line.replace("\"outcome\":\"verified\",\"seconds", "\"seconds"),
                        line.replace("\"who\":\"me@laptop\"", "\"who\":null"),
                        line.replace("\"who\":\"me@laptop\"", "\"who\":[]")))
                .deploys())
        .isEmpty();
    assertThat(History.parse(List.of(line.replaceFirst("\\{", "{\"later\":[1],"))).deploys())
        .hasSize(1);
  }

  @Test
  void an_outcome_of_a_later_version_does_not_cost_the_line_and_is_not_good() {
    String line = History.line(deploy(service("a", "a:rpi-1", Outcome.VERIFIED)));
    History history = History.parse(List.of(line.replace("verified", "half-verified")));

    assertThat(history.deploys()).extracting(History.Deploy::outcome).containsOnly(Outcome.UNKNOWN);
    assertThat(history.runs("a")).contains("a:rpi-1");
    assertThat(history.verified("a")).isEmpty();
  }

  @Test
  void releases_are_known_from_the_newest_to_the_oldest_each_once() {
    List<History.Deploy> deploys = new ArrayList<>();
    for (String release : List.of("a:rpi-1", "a:rpi-2", "a:rpi-3", "a:rpi-1")) {
      deploys.add(
          deploy(service("a", release, Outcome.VERIFIED), service("b", "b:rpi-9", Outcome.FAILED)));
    }
    History history = new History(deploys);

    assertThat(history.releases("a")).containsExactly("a:rpi-1", "a:rpi-3", "a:rpi-2");
    assertThat(history.releases("c")).isEmpty();
    assertThat(history.verified("b")).isEmpty();
    assertThat(history.servicesOf("b:rpi-9")).containsExactly("b");
  }

  @Test
  void what_went_back_runs_again_and_a_deploy_that_did_not_touch_it_says_nothing() {
    History history =
        new History(
            List.of(
                deploy(service("a", "a:rpi-1", Outcome.VERIFIED)),
                deploy(
                    new History.Service(
                        "a", "a:rpi-2", "2", Outcome.FAILED, null, "a:rpi-1", "a:rpi-1")),
                deploy(
                    new History.Service("a", "a:rpi-3", null, Outcome.SHIPPED, null, null, null))));

    assertThat(history.runs("a")).contains("a:rpi-1");
    assertThat(history.verified("a")).containsExactly("a:rpi-1");
    assertThat(history.releases("a")).containsExactly("a:rpi-3", "a:rpi-2", "a:rpi-1");
  }
}
