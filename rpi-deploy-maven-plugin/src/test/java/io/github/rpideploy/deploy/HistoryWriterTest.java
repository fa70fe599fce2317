package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.history.HistoryWriter;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.docker.Images;
import io.github.rpideploy.docker.Inventory;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.docker.ProbeResult;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a deploy leaves on the Pi when it has ended. */
class HistoryWriterTest {

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi(ScriptedPi.TWO_SERVICES);
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

  @Test
  void a_deploy_is_one_line_of_the_history() {
    build(candidate("auth-server", 1), candidate("extension-server", 1));
    build(candidate("auth-server", 2), candidate("extension-server", 1));

    List<History.Deploy> deploys = History.parse(pi.history).deploys();

    assertThat(deploys).hasSize(2);
    assertThat(deploys).extracting(History.Deploy::outcome).containsOnly(Outcome.VERIFIED);
    assertThat(deploys.get(1).origin()).isEqualTo(Origin.UNKNOWN);
    assertThat(deploys.get(1).when()).isEqualTo(now.get());
    assertThat(deploys.get(1).services())
        .containsExactly(
            new History.Service(
                "auth-server",
                tag("auth-server", 2),
                id("auth-server", 2),
                Outcome.VERIFIED,
                4.0,
                tag("auth-server", 1),
                tag("auth-server", 2)),
            new History.Service(
                "extension-server",
                tag("extension-server", 1),
                id("extension-server", 1),
                Outcome.UNCHANGED,
                null,
                tag("extension-server", 1),
                tag("extension-server", 1)));
  }

  @Test
  void a_failed_deploy_is_one_too_and_says_what_runs_now() {
    build(candidate("auth-server", 1), candidate("extension-server", 1));
    breakIt(candidate("auth-server", 2));

    assertThat(
            catchThrowable(
                () -> build(candidate("auth-server", 2), candidate("extension-server", 2))))
        .isNotNull();

    History.Deploy failed = History.parse(pi.history).deploys().get(1);
    assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(failed.services())
        .containsExactly(
            new History.Service(
                "auth-server",
                tag("auth-server", 2),
                id("auth-server", 2),
                Outcome.FAILED,
                null,
                tag("auth-server", 1),
                tag("auth-server", 1)),
            new History.Service(
                "extension-server",
                tag("extension-server", 2),
                null,
                Outcome.NOT_DEPLOYED,
                null,
                null,
                null));
  }

  @Test
  void what_was_only_shipped_is_noted_as_that() {
    try (Deployer deployer = deployer()) {
      deployer.ship(List.of(candidate("auth-server", 1)));
    }
    History.Deploy shipped = History.parse(pi.history).deploys().get(0);
    assertThat(shipped.outcome()).isEqualTo(Outcome.SHIPPED);
    assertThat(shipped.services())
        .extracting(History.Service::outcome)
        .containsExactly(Outcome.SHIPPED);
  }

  @Test
  void what_was_recreated_and_not_verified_is_noted_as_that() {
    Candidate candidate = candidate("auth-server", 1);
    try (Deployer deployer = deployer()) {
      deployer.ship(List.of(candidate));
      deployer.recreate(candidate);
    }
    try (Deployer deployer = deployer()) {
      deployer.recreate(candidate("auth-server", 1));
      deployer.verify(candidate("auth-server", 1));
    }
    List<History.Deploy> deploys = History.parse(pi.history).deploys();
    assertThat(deploys)
        .extracting(History.Deploy::outcome)
        .containsExactly(Outcome.RECREATED, Outcome.VERIFIED);
    assertThat(deploys.get(0).services())
        .extracting(History.Service::outcome, History.Service::runs)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Outcome.RECREATED, tag("auth-server", 1)));
  }

  @Test
  void two_deploys_of_one_build_are_two_lines() {
    try (Deployer deployer = deployer()) {
      deployer.deploy(List.of(candidate("auth-server", 1)));
      deployer.deploy(List.of(candidate("extension-server", 1)));
    }
    assertThat(History.parse(pi.history).deploys())
        .extracting(deploy -> deploy.services().get(0).service())
        .containsExactly("auth-server", "extension-server");
    assertThat(pi.locks).hasValue(2);
  }

  @Test
  void what_changes_nothing_leaves_no_line() {
    try (Deployer deployer = deployer()) {
      deployer.plan(List.of(candidate("auth-server", 1)));
    }
    assertThat(pi.history).isEmpty();
  }

  @Test
  void after_many_deploys_the_newest_releases_are_left_and_what_is_not_ours() {
    pi.putImage("auth-server:rpi-mine", "sha256:mine");
    pi.putImage("other:rpi-0123456789ab", "sha256:other");
    build(candidate("extension-server", 1));
    for (int build = 1; build <= 10; build++) {
      build(candidate("auth-server", build));
      assertThat(releases("auth-server")).hasSizeLessThanOrEqualTo(3);
    }
    assertThat(releases("auth-server"))
        .containsExactlyInAnyOrder(
            tag("auth-server", 10), tag("auth-server", 9), tag("auth-server", 8));
    assertThat(pi.hasTag(tag("extension-server", 1))).isTrue();
    assertThat(pi.hasTag("auth-server:rpi-mine")).isTrue();
    assertThat(pi.hasTag("other:rpi-0123456789ab")).isTrue();
    assertThat(events)
        .last()
        .isEqualTo(new Event.ReleasesRemoved("auth-server", List.of(tag("auth-server", 7))));
  }

  @Test
  void old_releases_that_cannot_be_removed_are_not_told_as_a_history_that_was_not_written() {
    for (int build = 1; build <= 3; build++) {
      build(candidate("auth-server", build));
    }
    pi.heard =
        line -> {
          if (line.startsWith("/usr/bin/docker image rm ")) {
            throw new DeployException("the connection was lost", "again");
          }
        };

    build(candidate("auth-server", 4));

    assertThat(History.parse(pi.history).deploys()).hasSize(4);
    assertThat(events)
        .last()
        .isEqualTo(
            new Event.Warning(
                "This deploy ended and is in the history, but old releases stay until the next"
                    + " one: the connection was lost"));
  }

  @Test
  void after_many_failures_the_running_one_is_still_there() {
    build(candidate("auth-server", 1));
    for (int build = 2; build <= 7; build++) {
      int bad = build;
      breakIt(candidate("auth-server", bad));
      assertThat(catchThrowable(() -> build(candidate("auth-server", bad)))).isNotNull();
      assertThat(releases("auth-server"))
          .contains(tag("auth-server", 1))
          .hasSizeLessThanOrEqualTo(4);
    }
    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", 1));
  }

  @Test
  void when_the_lock_is_lost_nothing_is_written_and_that_is_said() {
    Candidate candidate = candidate("auth-server", 1);
    try (Deployer deployer = deployer()) {
      deployer.ship(List.of(candidate));
      pi.lockLost.complete(true);
      Throwable lost = null;
      while (lost == null) {
        lost = catchThrowable(() -> deployer.ship(List.of(candidate)));
      }
      assertThat(lost).hasMessageContaining("was lost");
    }
    assertThat(pi.history).isEmpty();
    assertThat(events)
        .last()
        .isEqualTo(
            new Event.Warning(
                "This deploy is not in the history on pi@raspberrypi:22: the deploy lock in"
                    + " rpi/test was lost during it"));
  }

  @Test
  void a_deploy_costs_one_command_more_and_another_one_when_something_is_old() {
    build(candidate("auth-server", 1));
    for (int build = 2; build <= 4; build++) {
      Candidate candidate = candidate("auth-server", build);
      Deployer deployer = deployer();
      deployer.ship(List.of(candidate));
      deployer.recreate(candidate);
      deployer.verify(candidate);
      pi.execs = 0;
      deployer.finish();
      assertThat(pi.execs).isEqualTo(build < 4 ? 1 : 2);
    }
  }

  /** What it takes a Pi to list images and containers, it takes only when one may have to go. */
  @Test
  void the_Engine_is_asked_what_it_has_and_uses_only_when_a_release_may_be_old() {
    pi.heard = this::count;
    for (int build = 1; build <= 3; build++) {
      build(candidate("auth-server", build));
      build(candidate("auth-server", build));
    }
    assertThat(inventories()).as("three of three").hasSize(6).doesNotContain(true);

    build(candidate("auth-server", 4));
    assertThat(inventories()).as("one too many").containsExactly(true);
    build(candidate("auth-server", 4));
    assertThat(inventories()).containsExactly(false);

    pi.store().remove(tag("auth-server", 2));
    pi.store().remove(tag("auth-server", 3));
    breakIt(candidate("auth-server", 5));
    assertThat(catchThrowable(() -> build(candidate("auth-server", 5)))).isNotNull();
    inventories();
    build(candidate("auth-server", 6));
    assertThat(inventories()).as("one that was never good").containsExactly(false, true);
    assertThat(releases("auth-server"))
        .containsExactlyInAnyOrder(tag("auth-server", 4), tag("auth-server", 6));

    pi.otherDeploy = () -> {};
    build(candidate("auth-server", 6));
    assertThat(inventories()).as("another deploy was there").containsExactly(true);
  }

  @Test
  void on_the_other_machines_of_a_service_old_releases_cost_one_command() {
    build(candidate("auth-server", 1), candidate("extension-server", 1));
    for (int build = 2; build <= 4; build++) {
      build(candidate("auth-server", build));
    }
    ScriptedPi worker = new ScriptedPi(ScriptedPi.TWO_SERVICES);
    List<String> commands = new ArrayList<>();
    worker.heard = commands::add;
    Images images = Probe.of(worker, "rpi/test", null, false).docker().images();
    commands.clear();
    ProbeResult found = Probe.of(pi, "rpi/test", null, false);
    HistoryWriter writer =
        new HistoryWriter(
            found.docker(), found.contents(), "rpi/test", events::add, service -> List.of(images));
    for (String service : List.of("auth-server", "extension-server")) {
      ImageReference live = ImageReference.parse(service);
      writer.enter(
          service,
          live,
          candidate(service, 1).tarball().releaseTag(live),
          new Policy(Policy.Rollback.SERVICE, false, 1));
    }

    writer.write(History.parse(pi.history).deploys().get(3));

    assertThat(commands)
        .singleElement()
        .asString()
        .contains(" remove-tags.sh ")
        .endsWith(" " + tag("auth-server", 3) + " " + tag("auth-server", 2))
        .doesNotContain("extension-server");
  }

  private final List<Boolean> inventories = new ArrayList<>();

  /** Of each inventory since the last call, whether the Engine was asked. */
  private List<Boolean> inventories() {
    List<Boolean> all = List.copyOf(inventories);
    inventories.clear();
    return all;
  }

  private void count(String line) {
    if (line.contains(" inventory.sh ")) {
      inventories.add(line.contains(Inventory.PROJECTS + " yes "));
    }
  }

  private List<String> releases(String repository) {
    return pi.store().tags().keySet().stream()
        .filter(tag -> tag.matches(repository + ":rpi-[0-9a-f]{12}"))
        .toList();
  }

  private void breakIt(Candidate candidate) {
    pi.statesOfImage.put(
        candidate.tarball().configDigest().toString(),
        new ArrayDeque<>(List.of(ScriptedPi.state("exited", ",\"ExitCode\":1"))));
  }

  private void build(Candidate... candidates) {
    try (Deployer deployer = deployer()) {
      deployer.deploy(List.of(candidates));
    }
  }

  private Deployer deployer() {
    return pi.deployer(null, events, now);
  }

  private Candidate candidate(String service, int build) {
    Path tarball = directory.resolve(service + "-" + build + ".tar");
    TestImages.typical(service + ":latest").layer(service + build, 500).writeDocker(tarball);
    return Candidate.read(Specs.of(service, tarball, directory.resolve(service + ".log")));
  }

  private String id(String service, int build) {
    return candidate(service, build).tarball().configDigest().toString();
  }

  private String tag(String service, int build) {
    return service + ":rpi-" + candidate(service, build).tarball().configDigest().shortHex();
  }
}
