package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rpi:rollback does. */
class RollbackToTest {

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi(ScriptedPi.TWO_SERVICES);
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

  @Test
  void a_service_goes_back_to_the_release_before_and_is_verified() {
    build(1);
    build(2);
    pi.changes.clear();

    rollBack("1", "auth-server");

    assertThat(pi.changes)
        .containsExactly("tag " + tag(1) + " auth-server:latest", "recreate auth-server");
    assertThat(pi.runs("auth-server")).isEqualTo(id(1));
    assertThat(events).last().isInstanceOf(Event.Verified.class);
    History.Deploy last = History.parse(pi.history).deploys().get(2);
    assertThat(last.outcome()).isEqualTo(Outcome.VERIFIED);
    assertThat(last.services())
        .containsExactly(
            new History.Service(
                "auth-server", tag(1), id(1), Outcome.VERIFIED, 4.0, tag(2), tag(1)));
  }

  @Test
  void called_again_it_goes_forth_again() {
    build(1);
    build(2);
    rollBack("1", "auth-server");
    rollBack("1", "auth-server");
    assertThat(pi.runs("auth-server")).isEqualTo(id(2));
  }

  @Test
  void several_steps_back_and_any_release_by_its_tag() {
    for (int number = 1; number <= 3; number++) {
      build(number);
    }
    rollBack("2", "auth-server");
    assertThat(pi.runs("auth-server")).isEqualTo(id(1));

    for (String name : List.of(tag(2), tag(2).substring("auth-server:".length()), hex(2))) {
      rollBack(tag(3), "auth-server");
      rollBack(name, "auth-server");
      assertThat(pi.runs("auth-server")).as(name).isEqualTo(id(2));
    }
  }

  /** The release has been built, at another time. */
  @Test
  void the_history_does_not_say_of_a_rollback_what_it_was_built_from() {
    Origin origin = new Origin("me@laptop", "https://ci.example/7", "c1", "1.0");
    try (Deployer deployer =
        Deployer.connect(
            pi,
            new Stack("rpi/test", null),
            new BuildContext(
                new LockRequest("", Duration.ZERO, Duration.ZERO),
                Deployers.OTHERS,
                () -> origin,
                LayerCompression.none(),
                events::add,
                now::get,
                pause -> now.updateAndGet(instant -> instant.plus(pause))))) {
      deployer.deploy(List.of(candidate("auth-server", 1)));
      deployer.deploy(List.of(candidate("auth-server", 2)));
      deployer.rollBack(List.of(spec("auth-server", 0)), "1");
    }
    assertThat(History.parse(pi.history).deploys())
        .extracting(History.Deploy::origin)
        .containsExactly(
            origin, origin, new Origin("me@laptop", "https://ci.example/7", null, null));
    assertThat(events).contains(new Event.RollingBack("auth-server", tag(1)));
  }

  @Test
  void what_was_never_verified_is_not_the_release_before() {
    build(1);
    breakIt(2);
    assertThat(catchThrowableOfType(DeployException.class, () -> build(2))).isNotNull();
    build(3);

    rollBack("1", "auth-server");

    assertThat(pi.runs("auth-server")).isEqualTo(id(1));
  }

  @Test
  void what_is_not_good_goes_to_what_ran_before_the_rollback() {
    build(1);
    build(2);
    breakIt(1);

    DeployException failure =
        catchThrowableOfType(DeployException.class, () -> rollBack("1", "auth-server"));

    assertThat(failure).hasMessageContaining("auth-server is back on " + tag(2) + ", verified");
    assertThat(pi.runs("auth-server")).isEqualTo(id(2));
  }

  @Test
  void several_services_go_back_the_last_one_first() {
    build(1);
    build("extension-server", 1);
    build(2);
    build("extension-server", 2);
    pi.changes.clear();

    rollBack("1", "auth-server", "extension-server");

    assertThat(pi.changes)
        .filteredOn(change -> change.startsWith("recreate"))
        .containsExactly("recreate extension-server", "recreate auth-server");
  }

  @Test
  void when_one_has_nothing_to_go_back_to_none_is_touched() {
    build(1);
    build("extension-server", 1);
    build("extension-server", 2);
    pi.changes.clear();

    DeployException failure =
        catchThrowableOfType(
            DeployException.class, () -> rollBack("1", "auth-server", "extension-server"));

    assertThat(failure)
        .hasMessageContaining("auth-server on pi@raspberrypi:22 has no earlier release")
        .hasMessageContaining("there are: " + tag(1));
    assertThat(failure.hint()).contains("-Drpi.to=rpi-" + hex(1)).contains("nothing was changed");
    assertThat(pi.changes).isEmpty();
  }

  @Test
  void what_is_no_release_of_it_or_is_not_there_is_refused() {
    build(1);
    pi.putImage("other:rpi-0123456789ab", "sha256:other");
    for (String name :
        List.of("latest", "0", "other:rpi-0123456789ab", "rpi-0123456789ab", "rpi-x; ls", "99")) {
      DeployException failure =
          catchThrowableOfType(DeployException.class, () -> rollBack(name, "auth-server"));
      assertThat(failure).as(name).isNotNull();
    }
    assertThat(pi.history).hasSize(1);
    assertThat(pi.runs("auth-server")).isEqualTo(id(1));
  }

  private void breakIt(int number) {
    pi.statesOfImage.put(
        id(number), new ArrayDeque<>(List.of(ScriptedPi.state("exited", ",\"ExitCode\":1"))));
  }

  private void rollBack(String to, String... services) {
    try (Deployer deployer = deployer()) {
      deployer.rollBack(Stream.of(services).map(service -> spec(service, 0)).toList(), to);
    }
  }

  private void build(int number) {
    build("auth-server", number);
  }

  private void build(String service, int number) {
    try (Deployer deployer = deployer()) {
      deployer.deploy(List.of(candidate(service, number)));
    }
  }

  private Deployer deployer() {
    return pi.deployer(null, events, now);
  }

  private ServiceSpec spec(String service, int number) {
    return Specs.of(
        service,
        directory.resolve(service + "-" + number + ".tar"),
        directory.resolve(service + ".log"));
  }

  private Candidate candidate(String service, int number) {
    ServiceSpec spec = spec(service, number);
    TestImages.typical(service + ":latest")
        .layer(service + number, 500)
        .writeDocker(spec.imageTar());
    return Candidate.read(spec);
  }

  private String id(int number) {
    return candidate("auth-server", number).tarball().configDigest().toString();
  }

  private String hex(int number) {
    return candidate("auth-server", number).tarball().configDigest().shortHex();
  }

  private String tag(int number) {
    return "auth-server:rpi-" + hex(number);
  }
}
