package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.PlannedLayer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan says of services that run, and why. */
class PreviewTest {

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi(ScriptedPi.TWO_SERVICES);
  private final List<Event> events = new ArrayList<>();
  private Policy policy = Policy.DEFAULT;

  @BeforeEach
  void two_releases_run() {
    deployer()
        .deploy(List.of(candidate("auth-server", "good"), candidate("extension-server", "good")));
    pi.changes.clear();
    events.clear();
  }

  @Test
  void what_runs_already_stays_and_what_is_not_good_does_not() {
    pi.states.put(
        "extension-server",
        new ArrayDeque<>(List.of(ScriptedPi.state("exited", ",\"ExitCode\":1"))));

    plan(candidate("auth-server", "good"), candidate("extension-server", "good"));

    assertThat(planned())
        .extracting(Event.Planned::recreated, Event.Planned::reason)
        .containsExactly(
            tuple(false, "unchanged, running, no restart"),
            tuple(true, "nothing has changed, but its container is not good"));
    assertThat(events).last().isEqualTo(new Event.PlanTotal(2, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void what_the_user_forces_is_recreated_although_it_is_good() {
    policy = new Policy(Policy.Rollback.SERVICE, true);

    plan(candidate("auth-server", "good"));

    assertThat(planned())
        .extracting(Event.Planned::recreated, Event.Planned::reason)
        .containsExactly(tuple(true, "rpi.force, although nothing has changed"));
    assertThat(events).last().isEqualTo(new Event.PlanTotal(1, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void it_is_said_whether_the_image_or_the_compose_file_has_changed() {
    pi.composeYaml =
        ScriptedPi.TWO_SERVICES.replace("auth-server\n", "auth-server\n    user: root\n");

    plan(candidate("auth-server", "good"), candidate("extension-server", "new"));
    plan(candidate("auth-server", "new"));

    assertThat(planned())
        .extracting(Event.Planned::reason)
        .containsExactly(
            "its part of the compose file has changed",
            "its image has changed",
            "its image and its part of the compose file have changed");
    assertThat(planned()).allMatch(Event.Planned::recreated);
  }

  @Test
  void what_is_there_is_not_sent_and_the_total_is_the_sum_of_the_rest() {
    plan(candidate("auth-server", "good"), candidate("extension-server", "new"));

    List<Event.Planned> planned = planned();
    assertThat(planned.get(0).bytesSent()).isZero();
    assertThat(planned.get(0).layers()).noneMatch(PlannedLayer::sent);
    assertThat(planned.get(1).bytesSent()).isPositive();
    assertThat(planned.get(1).layers()).anyMatch(PlannedLayer::sent);
    assertThat(events)
        .last()
        .isEqualTo(new Event.PlanTotal(2, 1, planned.get(1).bytesSent(), 0, 0, 0, 0));
    assertThat(pi.changes).isEmpty();
  }

  @Test
  void a_service_whose_port_another_one_publishes_too_is_warned_of() {
    pi.composeYaml =
        ScriptedPi.TWO_SERVICES.replace(
                "image: auth-server", "image: auth-server\n    ports: [\"8081:80\"]")
            + "  proxy: {image: proxy, ports: [\"127.0.0.1:8081:80\", \"9000:9000\"]}\n"
            + "  other: {image: other, ports: [\"9000:9000\"]}\n";

    plan(candidate("auth-server", "good"));

    assertThat(events)
        .filteredOn(Event.Warning.class::isInstance)
        .as("not of the port that only services have which are not deployed")
        .singleElement()
        .asString()
        .contains("auth-server and proxy both publish port 8081 in the compose file. Publish");
  }

  @Test
  void too_little_space_is_refused_after_everything_is_said() {
    pi.freeKib = 1;

    assertThatThrownBy(() -> plan(candidate("auth-server", "new")))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("auth-server needs about")
        .hasMessageContaining("is missing");

    assertThat(planned()).hasSize(1);
    assertThat(events).last().isInstanceOf(Event.PlanTotal.class);
  }

  @Test
  void a_plan_waits_until_it_is_known_how_small_every_layer_becomes() {
    pi.withContainerd();
    Path tarball = directory.resolve("large.tar");
    TestImages.named("auth-server:latest")
        .layer(TestImages.layerTar("auth", "x".repeat(3_000_000)), Compression.NONE)
        .writeDocker(tarball);
    Candidate large =
        Candidate.read(Specs.of("auth-server", tarball, directory.resolve("auth-server.log")));
    try (LayerCompression compression = LayerCompression.in(directory.resolve("cache"))) {
      Deployers.connect(
              pi,
              new Stack("rpi/test", null),
              compression,
              events::add,
              () -> Instant.EPOCH,
              pause -> {})
          .plan(List.of(large));
    }

    assertThat(planned())
        .singleElement()
        .satisfies(plan -> assertThat(plan.bytesSent()).isLessThan(plan.imageBytes() / 10));
  }

  private void plan(Candidate... candidates) {
    deployer().plan(List.of(candidates));
  }

  private Deployer deployer() {
    return pi.deployer(null, events, new AtomicReference<>(Instant.EPOCH));
  }

  private Candidate candidate(String service, String build) {
    return Specs.candidate(directory, service, build, policy);
  }

  private List<Event.Planned> planned() {
    return events.stream()
        .filter(Event.Planned.class::isInstance)
        .map(Event.Planned.class::cast)
        .toList();
  }
}
