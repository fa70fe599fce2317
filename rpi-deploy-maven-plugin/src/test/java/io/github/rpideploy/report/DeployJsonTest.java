package io.github.rpideploy.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployJsonTest {

  @TempDir Path directory;

  private Instant now = Instant.parse("2026-11-01T12:00:00Z");
  private final DeployJson deployJson = new DeployJson(() -> now);

  @Test
  void the_names_are_a_contract() throws IOException {
    deployJson.report(
        new Event.EngineFound("pi@pi:22", "rpi/x", "26.1.5", "overlay2", "arm64", "2.26.1"));
    deployJson.report(shipped("auth-server"));
    deployJson.report(new Event.Recreated("auth-server", "c1", Duration.ofMillis(1200)));
    deployJson.report(new Event.Verified("auth-server", "healthy", Duration.ofSeconds(8)));
    now = now.plusMillis(10_300);

    assertThat(written())
        .isEqualTo(
            JsonParser.parseString(
                """
                {"target": {"host": "pi@pi:22", "directory": "rpi/x"},
                 "engine": {"version": "26.1.5", "store": "overlay2", "architecture": "arm64"},
                 "compose": "2.26.1",
                 "startedAt": "2026-11-01T12:00:00Z", "seconds": 10.3,
                 "outcome": "verified",
                 "services": [{"service": "auth-server", "image": "auth-server:latest",
                   "imageId": "sha256:1", "release": "auth-server:rpi-1", "bytesSent": 1000,
                   "layersTotal": 9, "layersSent": 2,
                   "seconds": {"ship": 0.5, "recreate": 1.2, "verify": 8.0},
                   "outcome": "verified", "reason": "healthy"}],
                 "others": [],
                 "files": {"sent": [], "removed": [], "restored": false}}\
                """));
  }

  @Test
  void a_rollback_says_its_release_and_what_ran_before() throws IOException {
    deployJson.report(
        new Event.ReleaseChosen(
            "auth-server", "auth-server:rpi-0", "sha256:0", "auth-server:rpi-1"));
    deployJson.report(
        new Event.ReleaseChosen("extension-server", "extension-server:rpi-0", "sha256:0", ""));

    JsonObject report = written();

    JsonObject service = report.getAsJsonArray("services").get(0).getAsJsonObject();
    assertThat(service.get("release").getAsString()).isEqualTo("auth-server:rpi-0");
    assertThat(service.get("before").getAsString()).isEqualTo("auth-server:rpi-1");
    assertThat(report.getAsJsonArray("services").get(1).getAsJsonObject().has("before")).isFalse();
  }

  @Test
  void files_of_the_stack_are_told_by_name_and_size() throws IOException {
    deployJson.report(
        new Event.FilesSent(
            List.of(new Event.SentFile("b.env", 12), new Event.SentFile("conf/app.yml", 1200))));
    deployJson.report(new Event.FileRemoved("conf/old.yml"));

    assertThat(written().get("files"))
        .isEqualTo(
            JsonParser.parseString(
                """
                {"sent": [{"path": "b.env", "bytes": 12}, {"path": "conf/app.yml", "bytes": 1200}],
                 "removed": ["conf/old.yml"], "restored": false}\
                """));

    deployJson.report(new Event.FilesRestored("rpi/x"));
    assertThat(written().getAsJsonObject("files").get("restored").getAsBoolean()).isTrue();
  }

  @Test
  void what_no_module_deploys_is_told_with_what_was_done_and_what_it_has_reached()
      throws IOException {
    deployJson.report(new Event.Pulled("db", "postgres:17", Duration.ofSeconds(40)));
    deployJson.report(
        new Event.StartingOther("db", "auth-server", false, "it has no container yet"));
    deployJson.report(new Event.OtherReady("db", "healthy", Duration.ofMillis(2500)));
    deployJson.report(
        new Event.StartingOther(
            "proxy", "auth-server", true, "its part of the compose file has changed"));
    deployJson.report(new Event.OtherReady("cache", "running", Duration.ofSeconds(1)));

    assertThat(written().get("others"))
        .isEqualTo(
            JsonParser.parseString(
                """
                [{"service": "db", "neededBy": "auth-server", "pulled": "postgres:17",
                  "done": "started", "reason": "it has no container yet", "ready": "healthy",
                  "seconds": {"pull": 40.0, "ready": 2.5}},
                 {"service": "proxy", "neededBy": "auth-server", "pulled": null,
                  "done": "recreated", "reason": "its part of the compose file has changed",
                  "ready": null, "seconds": {}},
                 {"service": "cache", "neededBy": null, "pulled": null, "done": null,
                  "reason": null, "ready": "running", "seconds": {"ready": 1.0}}]\
                """));
  }

  @Test
  void what_was_rolled_back_says_to_what_and_is_not_called_verified() throws IOException {
    deployJson.report(new Event.Unchanged("config-server", "healthy"));
    deployJson.report(new Event.Verified("auth-server", "healthy", Duration.ofSeconds(8)));
    deployJson.report(new Event.Failed("extension-server", "the container exited (code 1)"));
    deployJson.report(
        new Event.RolledBack("extension-server", "e:rpi-0", "healthy", Duration.ofSeconds(5)));
    deployJson.report(
        new Event.RolledBack("auth-server", "a:rpi-0", "healthy again", Duration.ofSeconds(4)));

    JsonObject report = written();

    assertThat(report.get("outcome").getAsString()).isEqualTo("failed");
    assertThat(report.getAsJsonArray("services").asList())
        .extracting(service -> service.getAsJsonObject().get("outcome").getAsString())
        .containsExactly("unchanged", "rolled-back", "failed");
    assertThat(report.getAsJsonArray("services").get(2).getAsJsonObject())
        .satisfies(
            service -> {
              assertThat(service.get("rolledBackTo").getAsString()).isEqualTo("e:rpi-0");
              assertThat(service.get("reason").getAsString()).contains("code 1");
            });
  }

  @Test
  void what_could_not_go_back_says_both_reasons() throws IOException {
    deployJson.report(new Event.Failed("auth-server", "the container exited"));
    deployJson.report(new Event.RollbackFailed("auth-server", "a:rpi-0", "still starting"));

    assertThat(written().getAsJsonArray("services").get(0).getAsJsonObject().get("reason"))
        .hasToString("\"the container exited; could not go back to a:rpi-0: still starting\"");
  }

  @Test
  void a_service_that_is_still_awaited_and_cannot_go_back_says_why() throws IOException {
    deployJson.report(new Event.Recreated("auth-server", "c1", Duration.ofMillis(1200)));
    deployJson.report(new Event.RollbackFailed("auth-server", "a:rpi-0", "still starting"));

    JsonObject service = written().getAsJsonArray("services").get(0).getAsJsonObject();

    assertThat(service.get("outcome").getAsString()).isEqualTo("failed");
    assertThat(service.get("reason").getAsString())
        .isEqualTo("could not go back to a:rpi-0: still starting");
  }

  @Test
  void one_failed_service_fails_the_whole_and_later_ones_are_not_deployed() throws IOException {
    deployJson.report(shipped("auth-server"));
    deployJson.report(shipped("extension-server"));
    deployJson.report(new Event.Failed("auth-server", "the container exited (code 1)"));
    deployJson.report(new Event.NotDeployed("extension-server", "auth-server failed before it"));

    JsonObject report = written();

    assertThat(report.get("outcome").getAsString()).isEqualTo("failed");
    assertThat(report.getAsJsonArray("services").asList())
        .extracting(service -> service.getAsJsonObject().get("outcome").getAsString())
        .containsExactly("failed", "not-deployed");
  }

  @Test
  void what_was_only_shipped_is_not_deployed() throws IOException {
    deployJson.report(shipped("auth-server"));

    assertThat(written().get("outcome").getAsString()).isEqualTo("not-deployed");
  }

  @Test
  void a_build_that_deployed_nothing_has_no_report() {
    deployJson.report(new Event.Skipped("library", "packaging pom"));

    assertThat(deployJson.isEmpty()).isTrue();
  }

  @Test
  void the_schema_fits_the_documented_example_and_nothing_that_it_does_not_know()
      throws IOException {
    String page = Files.readString(Path.of("../docs/deploying.md"));
    String from = page.substring(page.indexOf("```json\n") + 8);
    String example = from.substring(0, from.indexOf("```"));

    assertThat(Schemas.flaws("deploy", example)).isEmpty();
    assertThat(Schemas.flaws("deploy", example.replace("\"bytesSent\"", "\"bytes\""))).hasSize(2);
    assertThat(Schemas.flaws("deploy", example.replace("\"verified\"", "\"fine\""))).hasSize(2);
    assertThat(Schemas.flaws("deploy", example.replace("52.8", "-1"))).hasSize(1);
  }

  private static Event shipped(String service) {
    return ReportEvents.shipped(service, 1000);
  }

  private JsonObject written() throws IOException {
    Path file = directory.resolve("target/rpi/deploy.json");
    deployJson.write(file);
    assertThat(Schemas.flaws("deploy", Files.readString(file))).isEmpty();
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  @Test
  void what_others_said_has_no_control_characters() throws IOException {
    deployJson.report(new Event.Failed("auth-server", "said:\n\u001b]52;c;eA==\u0007\u009b2J"));

    assertThat(written().getAsJsonArray("services").get(0).getAsJsonObject().get("reason"))
        .isEqualTo(new JsonPrimitive("said:\n?]52;c;eA==??2J"));
  }
}
