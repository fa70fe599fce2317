package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.PlannedLayer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThinShipTest {

  @TempDir Path directory;

  private final List<Event> events = new ArrayList<>();

  @Test
  void after_a_change_only_the_changed_layer_is_sent() {
    for (ScriptedPi pi : bothStores()) {
      ship(pi, candidate("auth-server", "classes-1"));

      Event.Shipped second = ship(pi, candidate("auth-server", "classes-2"));

      assertThat(second.layersSent()).isEqualTo(1);
      assertThat(second.layersTotal()).isEqualTo(4);
      assertThat(second.bytesSent()).isBetween(500L, 4_000L);
      assertThat(second.imageBytes()).isGreaterThan(20_000L);
    }
  }

  @Test
  void services_shipped_one_after_the_other_send_what_they_share_once() {
    for (ScriptedPi pi : bothStores()) {
      Deployer deployer = deployer(pi);

      deployer.ship(List.of(candidate("auth-server", "auth")));
      deployer.ship(List.of(candidate("extension-server", "extension")));

      assertThat(shipped()).extracting(Event.Shipped::layersSent).endsWith(4, 1);
    }
  }

  @Test
  void in_one_stream_what_they_share_counts_for_the_first() {
    for (ScriptedPi pi : bothStores()) {
      deployer(pi)
          .ship(
              List.of(
                  candidate("auth-server", "auth"), candidate("extension-server", "extension")));

      assertThat(shipped()).extracting(Event.Shipped::layersSent).endsWith(4, 1);
      assertThat(shipped()).extracting(Event.Shipped::bytesSent).allMatch(bytes -> bytes > 0);
    }
  }

  @Test
  void nothing_to_do_costs_one_round_trip_and_no_load() {
    for (ScriptedPi pi : bothStores()) {
      Deployer deployer = deployer(pi);
      List<Candidate> both =
          List.of(candidate("auth-server", "auth"), candidate("extension-server", "extension"));
      deployer.ship(both);
      pi.changes.clear();
      pi.execs = 0;

      deployer.ship(both);

      assertThat(pi.execs).isEqualTo(1);
      assertThat(pi.changes).isEmpty();
    }
  }

  @Test
  void a_later_ship_takes_two_round_trips_whatever_the_number_of_services() {
    for (ScriptedPi pi : bothStores()) {
      Deployer deployer = deployer(pi);
      deployer.ship(List.of(candidate("auth-server", "old")));
      pi.execs = 0;

      deployer.ship(
          List.of(candidate("auth-server", "auth"), candidate("extension-server", "extension")));

      assertThat(pi.execs).isEqualTo(2);
    }
  }

  @Test
  void the_first_ship_takes_two_round_trips_and_one_when_there_is_nothing_to_do() {
    for (ScriptedPi pi : bothStores()) {
      ship(pi, candidate("auth-server", "auth"));
      assertThat(pi.execs).isEqualTo(2);
      pi.execs = 0;

      ship(pi, candidate("auth-server", "auth"));

      assertThat(pi.execs).isEqualTo(1);
    }
  }

  @Test
  void a_release_that_is_there_and_was_never_proved_is_proved_and_then_known() {
    for (ScriptedPi pi : bothStores()) {
      ship(pi, candidate("auth-server", "auth"));
      pi.notes.clear();
      pi.changes.clear();
      pi.execs = 0;

      assertThat(ship(pi, candidate("auth-server", "auth")).layersSent()).isZero();
      assertThat(pi.execs).isEqualTo(2);
      assertThat(pi.changes).isEmpty();
      assertThat(pi.notes).hasSize(1);
    }
  }

  @Test
  void on_the_containerd_store_what_was_not_noted_is_sent_whole() {
    ScriptedPi pi = new ScriptedPi(ScriptedPi.TWO_SERVICES).withContainerd();
    ship(pi, candidate("auth-server", "classes-1"));
    pi.notes.replaceAll((id, note) -> note.replace('1', '2'));

    assertThat(ship(pi, candidate("auth-server", "classes-2")).layersSent()).isEqualTo(4);
  }

  @Test
  void a_layer_that_goes_between_probe_and_load_is_healed_by_sending_that_image_whole() {
    for (ScriptedPi pi : bothStores()) {
      Candidate old = candidate("auth-server", "classes-1");
      ship(pi, old);
      events.clear();
      pi.beforeLoad =
          () -> {
            pi.store().remove(tag(old));
            pi.beforeLoad = () -> {};
          };

      Event.Shipped healed = ship(pi, candidate("auth-server", "classes-2"));

      assertThat(healed.layersSent()).isEqualTo(4);
      assertThat(events)
          .filteredOn(Event.Warning.class::isInstance)
          .singleElement()
          .extracting(warning -> ((Event.Warning) warning).text())
          .asString()
          .contains("auth-server is not usable on pi@raspberrypi:22, so it is sent with all its")
          .containsAnyOf("no such file or directory", "Error unpacking image");
      long streams =
          events.stream()
              .filter(Event.SendStarted.class::isInstance)
              .mapToLong(event -> ((Event.SendStarted) event).total())
              .sum();
      assertThat(healed.bytesSent()).isEqualTo(streams);
    }
  }

  @Test
  void of_one_stream_only_the_image_that_is_broken_is_sent_again() {
    ScriptedPi pi = new ScriptedPi(ScriptedPi.TWO_SERVICES).withContainerd();
    Candidate old = candidate("auth-server", "classes-1");
    ship(pi, old);
    pi.beforeLoad =
        () -> {
          pi.store().remove(tag(old));
          pi.beforeLoad = () -> {};
        };
    events.clear();
    Path other = directory.resolve("other.tar");
    TestImages.named("extension-server").layer("other", 2_000).writeDocker(other);

    deployer(pi)
        .ship(List.of(candidate("auth-server", "classes-2"), read("extension-server", other)));

    assertThat(shipped()).extracting(Event.Shipped::layersSent).containsExactly(4, 1);
  }

  @Test
  void what_cannot_be_healed_fails_with_the_live_tag_as_it_was() {
    for (ScriptedPi pi : bothStores()) {
      ship(pi, candidate("auth-server", "classes-1"));
      pi.putImage("auth-server:latest", "sha256:old");
      pi.load = ScriptedPi.Load.LIES;
      Candidate next = candidate("auth-server", "classes-2");
      pi.changes.clear();

      DeployException failure =
          catchThrowableOfType(DeployException.class, () -> deployer(pi).ship(List.of(next)));

      assertThat(failure).hasMessageContaining("auth-server did not arrive usable");
      assertThat(failure).hasMessageContaining("docker load said: Loaded image: x");
      assertThat(failure.hint()).contains("a layer there may be damaged");
      assertThat(pi.changes).containsExactly("load", "rm " + tag(next), "load", "rm " + tag(next));
      assertThat(pi.idOf("auth-server:latest")).isEqualTo("sha256:old");
      assertThat(pi.hasTag(tag(next))).isFalse();
    }
  }

  @Test
  void what_was_sent_whole_already_is_not_sent_again() {
    ScriptedPi pi = new ScriptedPi(ScriptedPi.TWO_SERVICES);
    pi.load = ScriptedPi.Load.FAILS;

    assertThatThrownBy(() -> ship(pi, candidate("auth-server", "classes")))
        .isInstanceOf(DeployException.class);

    assertThat(pi.changes).filteredOn("load"::equals).hasSize(1);
  }

  @Test
  void a_release_that_is_there_and_cannot_be_used_is_sent_whole() {
    ScriptedPi pi = new ScriptedPi(ScriptedPi.TWO_SERVICES).withContainerd();
    Candidate candidate = candidate("auth-server", "classes");
    ship(pi, candidate);
    pi.notes.clear();
    pi.rotten.add(tag(candidate));
    pi.beforeLoad = pi.rotten::clear;
    pi.changes.clear();

    assertThat(ship(pi, candidate).layersSent()).isEqualTo(4);
    assertThat(pi.changes).containsExactly("rm " + tag(candidate), "load");
  }

  @Test
  void too_little_space_is_refused_before_the_first_byte_and_the_message_says_how_much() {
    ScriptedPi pi = new ScriptedPi(ScriptedPi.TWO_SERVICES);
    pi.freeKib = 20;

    assertThatThrownBy(() -> ship(pi, candidate("auth-server", "classes")))
        .isInstanceOf(DeployException.class)
        .hasMessageMatching(
            "auth-server needs about [\\d.]+ kB in /var/lib/docker on pi@raspberrypi:22,"
                + " but only 20.5 kB is free there: [\\d.]+ kB is missing");
    assertThat(pi.changes).isEmpty();
  }

  @Test
  void a_plan_says_what_the_deploy_then_does_and_changes_nothing() {
    for (ScriptedPi pi : bothStores()) {
      Deployer deployer = deployer(pi);
      deployer.deploy(List.of(candidate("auth-server", "classes-1")));
      pi.changes.clear();
      events.clear();
      List<Candidate> next =
          List.of(
              candidate("auth-server", "classes-2"), candidate("extension-server", "extension"));

      deployer.plan(next);
      assertThat(pi.changes).isEmpty();
      deployer.ship(next);

      List<Event.Planned> planned =
          events.stream()
              .filter(Event.Planned.class::isInstance)
              .map(Event.Planned.class::cast)
              .toList();
      assertThat(planned)
          .extracting(Event.Planned::bytesSent)
          .isEqualTo(shipped().stream().map(Event.Shipped::bytesSent).toList());
      assertThat(planned)
          .extracting(plan -> plan.layers().stream().filter(PlannedLayer::sent).count())
          .isEqualTo(shipped().stream().map(s -> (long) s.layersSent()).toList());
      assertThat(planned)
          .extracting(Event.Planned::reason)
          .containsExactly("its image has changed", "it has no container yet");
    }
  }

  @Test
  void an_engine_that_reads_no_zstd_gets_layers_as_they_lie_from_every_goal_of_a_build() {
    ScriptedPi pi = new ScriptedPi(ScriptedPi.TWO_SERVICES);
    pi.probe = pi.probe.replace("server 26.1.5", "server 20.10.24");
    Candidate auth = large("auth-server");
    Candidate extension = large("extension-server");
    try (LayerCompression compression = LayerCompression.in(directory.resolve("cache"))) {
      // As two goals of one build do it.
      Deployer deployer = deployer(pi, compression);
      deployer.ship(List.of(auth));
      deployer.ship(List.of(extension));
    }

    assertThat(shipped()).extracting(Event.Shipped::layersSent).containsExactly(1, 1);
    assertThat(shipped()).allMatch(ship -> ship.bytesSent() > ship.imageBytes());
  }

  @Test
  void an_engine_that_reads_no_zstd_does_not_turn_it_off_for_another_pi_of_the_build() {
    ScriptedPi old = new ScriptedPi(ScriptedPi.TWO_SERVICES);
    old.probe = old.probe.replace("server 26.1.5", "server 20.10.24");
    ScriptedPi current = new ScriptedPi(ScriptedPi.TWO_SERVICES).withContainerd();
    Candidate auth = large("auth-server");
    Candidate extension = large("extension-server");
    try (LayerCompression compression = LayerCompression.in(directory.resolve("cache"))) {
      deployer(old, compression).ship(List.of(auth));
      Deployer deployer = deployer(current, compression);
      // A plan waits until everything is compressed; a ship sends what is ready.
      deployer.plan(List.of(auth, extension));
      deployer.ship(List.of(extension));
      deployer.ship(List.of(auth));
    }

    assertThat(shipped())
        .extracting(ship -> ship.bytesSent() < ship.imageBytes())
        .containsExactly(false, true, true);
  }

  private List<ScriptedPi> bothStores() {
    return List.of(
        new ScriptedPi(ScriptedPi.TWO_SERVICES),
        new ScriptedPi(ScriptedPi.TWO_SERVICES).withContainerd());
  }

  private Event.Shipped ship(ScriptedPi pi, Candidate candidate) {
    deployer(pi).ship(List.of(candidate));
    return shipped().get(shipped().size() - 1);
  }

  private Deployer deployer(ScriptedPi pi) {
    return deployer(pi, LayerCompression.none());
  }

  private Deployer deployer(ScriptedPi pi, LayerCompression compression) {
    return Deployers.connect(
        pi,
        new Stack("rpi/test", null),
        compression,
        events::add,
        () -> Instant.EPOCH,
        pause -> {});
  }

  /** One layer that is large enough to be worth compressing, and would gain by it. */
  private Candidate large(String service) {
    Path tarball = directory.resolve(service + "-large.tar");
    TestImages.named(service + ":latest")
        .layer(TestImages.layerTar(service, "x".repeat(3_000_000)), Compression.NONE)
        .writeDocker(tarball);
    return read(service, tarball);
  }

  /** Four layers, of which the topmost is the build's own. */
  private Candidate candidate(String service, String classes) {
    Path tarball = directory.resolve(service + "-" + classes + ".tar");
    TestImages.named(service + ":latest")
        .layer("base", 30_000)
        .layer("libs", 9_000)
        .layer("resources", 700)
        .layer(classes, 500)
        .writeDocker(tarball);
    return read(service, tarball);
  }

  private static Candidate read(String service, Path tarball) {
    return Candidate.read(Specs.of(service, tarball, tarball.resolveSibling("log")));
  }

  private static String tag(Candidate candidate) {
    return candidate.tarball().releaseTag(candidate.tarball().tag()).familiar();
  }

  private List<Event.Shipped> shipped() {
    return events.stream()
        .filter(Event.Shipped.class::isInstance)
        .map(Event.Shipped.class::cast)
        .toList();
  }
}
