package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.Predecessors;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.report.Event;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredecessorsTest {

  private static final String COMPOSE =
      """
      services:
        auth-server: {image: auth-server, depends_on: [extension-server]}
        extension-server: {image: extension-server}
      """;

  private static final Predecessors AUTH =
      new Predecessors(Set.of("auth-server"), Set.of("auth-server"), true);

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi(COMPOSE);
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

  @Test
  void one_that_does_not_run_fails_the_deploy_before_anything_is_changed() {
    Candidate extension = candidate("extension-server", "one", Policy.Rollback.SERVICE);
    Deployer deployer = deployer();

    DeployException failure =
        catchThrowableOfType(DeployException.class, () -> deployer.check(extension, AUTH));

    assertThat(failure)
        .hasMessage(
            "The predecessors of extension-server are not good on pi@raspberrypi:22: auth-server"
                + " has no container there");
    assertThat(failure.hint()).contains("-Drpi.requirePredecessors=false", "nothing was changed");
    assertThatThrownBy(() -> deployer.ship(List.of(extension)))
        .hasMessage("extension-server is not deployed: extension-server failed before");
    assertThat(pi.changes).isEmpty();
    assertThat(pi.locks).hasValue(0);
  }

  @Test
  void one_that_is_not_healthy_yet_or_has_exited_is_named_with_its_state() {
    deploy("auth-server");
    pi.states.put("auth-server", new ArrayDeque<>(List.of(ScriptedPi.health("starting"))));
    assertThatThrownBy(() -> deployer().check(extension(), AUTH))
        .hasMessageContaining("auth-server is running, health: starting");
    pi.states.put("auth-server", new ArrayDeque<>(List.of(ScriptedPi.state("exited", ""))));
    assertThatThrownBy(() -> deployer().check(extension(), AUTH))
        .hasMessageContaining("auth-server is exited");
  }

  @Test
  void one_that_runs_and_is_healthy_where_it_says_so_is_good() {
    deploy("auth-server");
    deployer().check(extension(), AUTH);
    pi.states.put("auth-server", new ArrayDeque<>(List.of(ScriptedPi.health("healthy"))));
    deployer().check(extension(), AUTH);

    assertThat(events).noneMatch(Event.Failed.class::isInstance);
  }

  @Test
  void where_that_is_allowed_there_is_one_warning_a_build() {
    Deployer deployer = deployer();
    Predecessors allowed = new Predecessors(Set.of(), Set.of("auth-server"), false);

    deployer.check(extension(), allowed);
    deployer.check(extension(), allowed);

    assertThat(warnings())
        .singleElement()
        .asString()
        .endsWith("auth-server has no container there");
  }

  @Test
  void an_order_that_the_compose_file_contradicts_is_a_warning_that_names_both() {
    deployer().check(extension(), new Predecessors(Set.of("auth-server"), Set.of(), true));

    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("auth-server is deployed before extension-server, but depends_on it");
  }

  @Test
  void of_services_side_by_side_only_the_one_that_is_not_good_goes_back() {
    sideBySide(Policy.Rollback.SERVICE);

    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "one"));
    assertThat(pi.runs("extension-server")).isEqualTo(id("extension-server", "two"));
    assertThat(events).last().isInstanceOf(Event.Verified.class);
  }

  @Test
  void with_all_those_side_by_side_go_back_too_also_when_they_were_not_verified_yet() {
    assertThatThrownBy(() -> sideBySide(Policy.Rollback.ALL))
        .hasMessage("extension-server is not deployed: auth-server failed before");

    assertThat(pi.runs("auth-server")).isEqualTo(id("auth-server", "one"));
    assertThat(pi.runs("extension-server")).isEqualTo(id("extension-server", "one"));
  }

  /** Both are replaced before the first is verified, and that one is not good. */
  private void sideBySide(Policy.Rollback rollback) {
    deploy("auth-server");
    deploy("extension-server");
    Candidate auth = candidate("auth-server", "two", rollback);
    Candidate extension = candidate("extension-server", "two", rollback);
    pi.statesOfImage.put(
        id("auth-server", "two"), new ArrayDeque<>(List.of(ScriptedPi.state("exited", ""))));
    Deployer deployer = deployer();
    deployer.ship(List.of(auth, extension));
    deployer.recreate(auth);
    deployer.recreate(extension);
    assertThatThrownBy(() -> deployer.verify(auth))
        .hasMessageContaining("is back on auth-server:rpi-");

    deployer.verify(extension);
  }

  private void deploy(String service) {
    deployer().deploy(List.of(candidate(service, "one", Policy.Rollback.SERVICE)));
  }

  private Candidate extension() {
    return candidate("extension-server", "one", Policy.Rollback.SERVICE);
  }

  private List<String> warnings() {
    return events.stream()
        .filter(Event.Warning.class::isInstance)
        .map(event -> ((Event.Warning) event).text())
        .toList();
  }

  private String id(String service, String version) {
    return candidate(service, version, Policy.Rollback.SERVICE).tarball().configDigest().toString();
  }

  private Candidate candidate(String service, String version, Policy.Rollback rollback) {
    Path tarball = directory.resolve(service + "-" + version + ".tar");
    TestImages.named(service + ":latest").layer(service + version, 500).writeDocker(tarball);
    return Candidate.read(
        Specs.of(
            service, tarball, directory.resolve(service + ".log"), new Policy(rollback, false)));
  }

  private Deployer deployer() {
    return pi.deployer(null, events, now);
  }
}
