package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.FilesSpec;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.report.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a deploy makes of the files of the stack. */
class StackFilesDeployTest {

  private static final String COMPOSE =
      """
      services:
        a: {image: "a:latest", volumes: ["./conf:/conf"]}
        b: {image: "b:latest", env_file: b.env}
      """;

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi(COMPOSE);
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private FilesSpec spec = FilesSpec.DEFAULT;

  @BeforeEach
  void both_run() throws IOException {
    put("compose.yaml", COMPOSE);
    put("conf/app.yml", "1");
    put("b.env", "B=1");
    deploy("1");
  }

  @Test
  void a_deploy_of_what_is_there_takes_no_more_commands_than_one_without_files()
      throws IOException {
    assertThat(pi.files.contents).containsOnlyKeys("b.env", "conf/app.yml");
    pi.execs = 0;
    deploy("1");
    int withFiles = pi.execs;
    assertThat(events).filteredOn(Event.Unchanged.class::isInstance).hasSize(2);

    Files.delete(directory.resolve("conf/app.yml"));
    Files.delete(directory.resolve("b.env"));
    deploy("1");
    pi.execs = 0;
    deploy("1");

    assertThat(withFiles).isEqualTo(pi.execs);
    assertThat(pi.files.record).isEmpty();
  }

  @Test
  void a_changed_file_recreates_its_service_with_as_many_commands_as_a_changed_image()
      throws IOException {
    pi.execs = 0;
    deploy("2");
    int withImages = pi.execs;
    put("conf/app.yml", "2");
    put("b.env", "B=2");
    pi.execs = 0;
    deploy("2");
    // Nothing is loaded.
    assertThat(pi.execs).isEqualTo(withImages - 1);

    pi.changes.clear();
    put("conf/app.yml", "3");
    deploy("2");

    assertThat(pi.changes)
        .contains("files conf/app.yml", "recreate a")
        .doesNotContain("recreate b");
    assertThat(events)
        .contains(
            new Event.FilesSent(List.of(new Event.SentFile("conf/app.yml", 1))),
            new Event.FilesChanged("a", "because conf/app.yml has changed"));
  }

  @Test
  void a_plan_tells_the_files_and_the_reason_and_sends_nothing() throws IOException {
    put("conf/app.yml", "22");
    put("conf/more.yml", "333");
    pi.changes.clear();

    plan();

    assertThat(pi.changes).isEmpty();
    assertThat(events)
        .contains(
            new Event.FilesPlanned(
                List.of(
                    new Event.SentFile("conf/app.yml", 2), new Event.SentFile("conf/more.yml", 3)),
                List.of()),
            new Event.PlanTotal(2, 1, 5, 2, 0, 0, 0))
        .filteredOn(Event.Planned.class::isInstance)
        .extracting(planned -> ((Event.Planned) planned).reason())
        .first()
        .isEqualTo("because conf/app.yml, conf/more.yml have changed");
  }

  @Test
  void a_plan_counts_files_that_go() throws IOException {
    Files.delete(directory.resolve("b.env"));
    pi.composeYaml = COMPOSE.replace(", env_file: b.env", "");
    put("compose.yaml", pi.composeYaml);

    plan();

    assertThat(events)
        .contains(
            new Event.FilesPlanned(List.of(), List.of("b.env")),
            new Event.PlanTotal(2, 1, 0, 0, 1, 0, 0));
  }

  @Test
  void a_service_that_others_have_made_is_recreated_when_it_has_files() throws IOException {
    pi.files.seen.clear();

    deploy("1");

    assertThat(events)
        .contains(
            new Event.FilesChanged(
                "a", "because it is not known whether conf/app.yml changed since it was made"));
  }

  @Test
  void a_file_that_was_changed_on_the_Pi_stops_a_deploy_before_anything_is_sent()
      throws IOException {
    pi.files.contents.put("conf/app.yml", "mine");
    put("conf/app.yml", "2");
    pi.changes.clear();

    DeployException failure = catchThrowableOfType(DeployException.class, () -> deploy("2"));

    assertThat(failure)
        .hasMessageContaining("conf/app.yml in rpi/test on pi@raspberrypi:22 is not");
    assertThat(failure.hint()).contains("-Drpi.overwriteFiles");
    assertThat(pi.changes).isEmpty();
    assertThat(catchThrowableOfType(DeployException.class, this::plan)).isNotNull();

    spec = new FilesSpec(null, List.of(), 1000, true);
    deploy("2");
    assertThat(pi.files.contents).containsEntry("conf/app.yml", "2");
  }

  @Test
  void up_to_three_changed_files_are_named_and_more_are_counted() throws IOException {
    put("conf/1", "");
    put("conf/2", "");
    put("conf/3", "");
    plan();
    assertThat(reasons()).startsWith("because conf/1, conf/2, conf/3 have changed");

    put("conf/4", "");
    plan();
    assertThat(reasons()).startsWith("because conf/1 and 3 more files have changed");
  }

  @Test
  void the_way_back_brings_files_back_and_the_same_image_goes_back_too() throws IOException {
    put("conf/app.yml", "2");
    pi.states.put("a", new ArrayDeque<>(List.of(ScriptedPi.state("exited", ",\"ExitCode\":1"))));

    DeployException failure = catchThrowableOfType(DeployException.class, () -> deploy("1"));

    assertThat(failure).isNotNull();
    assertThat(pi.files.contents).containsEntry("conf/app.yml", "1");
    assertThat(pi.changes).contains("restore");
    assertThat(events).contains(new Event.FilesRestored("rpi/test"));
    assertThat(pi.intents.values()).allMatch(intent -> intent.contains("\nNONE FILES\n"));
  }

  private List<String> reasons() {
    return events.stream()
        .filter(Event.Planned.class::isInstance)
        .map(event -> ((Event.Planned) event).reason())
        .toList();
  }

  private void deploy(String build) {
    with(build, false);
  }

  private void plan() {
    with("1", true);
  }

  private void with(String build, boolean plan) {
    events.clear();
    List<Candidate> candidates =
        List.of(
            Specs.candidate(directory.resolve("target"), "a", build, Policy.DEFAULT),
            Specs.candidate(directory.resolve("target"), "b", build, Policy.DEFAULT));
    try (Deployer deployer =
        Deployers.connect(
            pi,
            new Stack("rpi/test", directory.resolve("compose.yaml"), false, spec),
            events::add,
            now::get,
            pause -> now.updateAndGet(instant -> instant.plus(pause)))) {
      if (plan) {
        deployer.plan(candidates);
      } else {
        deployer.deploy(candidates);
      }
    }
  }

  private void put(String path, String content) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.createDirectories(directory.resolve("target"));
    Files.writeString(file, content);
  }
}
