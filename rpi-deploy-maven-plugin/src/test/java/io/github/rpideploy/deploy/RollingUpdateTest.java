package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.RollingSpec;
import io.github.rpideploy.deploy.spec.RollingSpec.OnFailure;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.report.Event;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same two services on three Pis. */
class RollingUpdateTest {

  private static final List<String> SERVICES = List.of("auth-server", "extension-server");

  @TempDir Path directory;

  private final Map<String, ScriptedPi> pis = new LinkedHashMap<>();
  private final List<String> steps = new CopyOnWriteArrayList<>();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private Policy policy = Policy.DEFAULT;
  private int batch = 1;
  private OnFailure onFailure = OnFailure.STOP;

  @BeforeEach
  void allRunAnEarlierRelease() {
    List.of("kitchen", "attic", "shed")
        .forEach(name -> pis.put(name, new ScriptedPi(ScriptedPi.TWO_SERVICES)));
    deploy("first");
    pis.forEach((name, pi) -> pi.heard = heard(name));
    events.clear();
  }

  @Test
  void each_Pi_is_replaced_whole_before_the_next() {
    deploy("second");

    assertThat(replaced()).containsExactly("kitchen", "kitchen", "attic", "attic", "shed", "shed");
    assertThat(steps.subList(0, 3))
        .containsExactlyInAnyOrder("kitchen load.sh", "attic load.sh", "shed load.sh");
    pis.keySet().forEach(pi -> assertRuns(pi, "second", "second"));
  }

  @Test
  void the_first_that_fails_goes_back_and_those_after_it_are_not_touched() {
    breakIt("attic", "extension-server", "bad");

    DeployException failure = failureOf("bad");

    assertRuns("kitchen", "bad", "bad");
    assertRuns("attic", "bad", "first");
    assertRuns("shed", "first", "first");
    assertThat(replaced()).doesNotContain("shed");
    assertThat(failure)
        .hasMessageStartingWith("attic: ")
        .hasMessageContaining("extension-server is back on ")
        .hasMessageEndingWith(
            "\n3 Pis: 1 on the new release (kitchen), 1 failed (attic), 1 not touched (shed)");
    assertThat(events)
        .contains(new Event.NotDeployed("auth-server", "attic: extension-server failed before it"));
  }

  @Test
  void with_all_the_failed_Pi_goes_back_whole_and_those_before_it_stay() {
    policy = new Policy(Policy.Rollback.ALL, false);
    breakIt("attic", "extension-server", "bad");

    failureOf("bad");

    assertRuns("kitchen", "bad", "bad");
    assertRuns("attic", "first", "first");
    assertRuns("shed", "first", "first");
  }

  @Test
  void those_after_it_are_deployed_to_when_that_is_asked() {
    onFailure = OnFailure.CONTINUE;
    breakIt("kitchen", "auth-server", "bad");

    DeployException failure = failureOf("bad");

    assertRuns("kitchen", "first", "first");
    assertRuns("attic", "bad", "bad");
    assertRuns("shed", "bad", "bad");
    assertThat(failure)
        .hasMessageEndingWith("3 Pis: 2 on the new release (attic, shed), 1 failed (kitchen)");
  }

  @Test
  void all_that_failed_are_told() {
    onFailure = OnFailure.CONTINUE;
    breakIt("kitchen", "auth-server", "bad");
    breakIt("shed", "auth-server", "bad");

    assertThat(failureOf("bad"))
        .hasMessageStartingWith("kitchen: ")
        .hasMessageContaining("\nshed: ")
        .hasMessageEndingWith("3 Pis: 1 on the new release (attic), 2 failed (kitchen, shed)");
  }

  @Test
  void those_before_it_go_back_when_that_is_asked() {
    onFailure = OnFailure.ROLLBACK_ALL;
    breakIt("attic", "extension-server", "bad");

    DeployException failure = failureOf("bad");

    pis.keySet().forEach(pi -> assertRuns(pi, "first", "first"));
    assertThat(failure)
        .hasMessageContaining("\nattic: auth-server is back on ")
        .hasMessageContaining("\nkitchen: auth-server is back on ")
        .hasMessageContaining(
            "1 back on the old release (kitchen), 1 failed (attic), 1 not touched (shed)");
  }

  @Test
  void a_batch_is_replaced_side_by_side() {
    batch = 2;
    CyclicBarrier both = new CyclicBarrier(2);
    for (String name : List.of("kitchen", "attic")) {
      pi(name).heard = heard(name).andThen(meeting(both));
    }

    deploy("second");

    assertThat(replaced().subList(0, 4)).containsOnly("kitchen", "attic");
    assertThat(replaced().subList(4, 6)).containsOnly("shed");
    pis.keySet().forEach(pi -> assertRuns(pi, "second", "second"));
  }

  @Test
  void who_is_in_the_batch_of_one_that_fails_is_deployed_to_and_nobody_after() {
    batch = 2;
    breakIt("kitchen", "auth-server", "bad");

    failureOf("bad");

    assertRuns("kitchen", "first", "first");
    assertRuns("attic", "bad", "bad");
    assertRuns("shed", "first", "first");
  }

  @Test
  void services_on_different_Pis_keep_their_order_across_them() {
    policy = new Policy(Policy.Rollback.ALL, false);
    breakIt("attic", "extension-server", "bad");

    DeployException failure =
        catchThrowableOfType(
            DeployException.class,
            () -> deploy("bad", List.of("kitchen"), List.of("attic", "shed")));

    assertThat(replaced()).containsSequence("kitchen", "attic").doesNotContain("shed");
    assertRuns("kitchen", "first", "first");
    assertThat(failure).hasMessageContaining("\nkitchen: auth-server is back on ");
  }

  /** The only Pi of another service may be left out. */
  @Test
  void a_service_without_a_place_does_not_keep_another_from_the_only_Pi_that_is_left() {
    Deployer attic = pi("attic").deployer(null, events, now);
    TargetList list =
        new TargetList(
            List.of(new TargetList.Member("attic", attic, SERVICES)), RollingSpec.DEFAULT);

    list.deploy(
        List.of(
            List.of(),
            List.of(new TargetList.Placed(attic, candidate("extension-server", "second")))));

    assertRuns("attic", "first", "second");
  }

  @Test
  void a_rollback_goes_over_them_until_one_fails() {
    deploy("second");
    steps.clear();
    breakIt("attic", "extension-server", "first");

    DeployException failure =
        catchThrowableOfType(DeployException.class, () -> rollBack(pis.keySet()));

    assertRuns("kitchen", "first", "first");
    assertRuns("shed", "second", "second");
    assertThat(failure).hasMessageStartingWith("attic: ");

    onFailure = OnFailure.CONTINUE;
    assertThatThrownBy(() -> rollBack(List.of("attic", "shed"))).hasMessageStartingWith("attic: ");
    assertRuns("shed", "first", "first");
  }

  @Test
  void a_module_that_deploys_itself_is_recreated_on_the_others_only_after_the_first_is_good() {
    Map<String, Deployer> deployers = deployers();
    TargetList list = list(deployers);
    TargetList.Service auth = service(deployers, "second");
    list.ship(auth, List.of());

    list.recreate(auth, true);
    assertThat(replaced()).containsExactly("kitchen");

    list.verify(auth);
    assertThat(replaced()).containsExactly("kitchen", "attic", "shed");
    assertThat(steps.subList(0, 3))
        .containsExactlyInAnyOrder("kitchen load.sh", "attic load.sh", "shed load.sh");
    pis.keySet().forEach(pi -> assertRuns(pi, "second", "first"));
  }

  @Test
  void one_that_is_not_good_on_the_first_is_not_recreated_on_the_others() {
    Map<String, Deployer> deployers = deployers();
    TargetList list = list(deployers);
    breakIt("kitchen", "auth-server", "bad");
    TargetList.Service auth = service(deployers, "bad");
    list.ship(auth, List.of());
    list.recreate(auth, true);

    assertThatThrownBy(() -> list.verify(auth))
        .hasMessageEndingWith("3 Pis: 1 failed (kitchen), 2 not touched (attic, shed)");

    assertThat(replaced()).doesNotContain("attic", "shed");
    pis.keySet().forEach(pi -> assertRuns(pi, "first", "first"));
  }

  @Test
  void without_a_verification_all_are_recreated_and_without_a_recreation_none_is() {
    Map<String, Deployer> deployers = deployers();
    TargetList list = list(deployers);
    TargetList.Service auth = service(deployers, "second");
    list.ship(auth, List.of());
    list.recreate(auth, false);
    assertThat(replaced()).containsExactly("kitchen", "attic", "shed");

    list.verify(auth);
    assertThat(replaced()).hasSize(3);
  }

  private TargetList.Service service(Map<String, Deployer> deployers, String build) {
    Candidate candidate = candidate("auth-server", build);
    return new TargetList.Service(
        "auth",
        deployers.values().stream()
            .map(deployer -> new TargetList.Placed(deployer, candidate))
            .toList());
  }

  private static Consumer<String> meeting(CyclicBarrier others) {
    return line -> {
      if (line.contains("recreate.sh")) {
        try {
          others.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
          throw new AssertionError("nobody is replaced beside it", e);
        }
      }
    };
  }

  private Consumer<String> heard(String pi) {
    return line -> {
      for (String script : List.of("load.sh", "recreate.sh")) {
        if (line.contains(script)) {
          steps.add(pi + " " + script);
        }
      }
    };
  }

  private ScriptedPi pi(String name) {
    return Objects.requireNonNull(pis.get(name));
  }

  /** Where services were replaced, in that order. */
  private List<String> replaced() {
    return steps.stream()
        .filter(step -> step.endsWith(" recreate.sh"))
        .map(step -> step.replace(" recreate.sh", ""))
        .toList();
  }

  private void breakIt(String pi, String service, String build) {
    pi(pi)
        .statesOfImage
        .put(id(service, build), new ArrayDeque<>(List.of(ScriptedPi.state("exited", ""))));
  }

  private void assertRuns(String pi, String auth, String extension) {
    assertThat(pi(pi).runs("auth-server")).as(pi).isEqualTo(id("auth-server", auth));
    assertThat(pi(pi).runs("extension-server")).as(pi).isEqualTo(id("extension-server", extension));
  }

  private DeployException failureOf(String build) {
    return catchThrowableOfType(DeployException.class, () -> deploy(build));
  }

  private void deploy(String build) {
    List<String> all = List.copyOf(pis.keySet());
    deploy(build, all, all);
  }

  /** Each service to its Pis. */
  private void deploy(String build, List<String> auth, List<String> extension) {
    Map<String, Deployer> deployers = deployers();
    List<List<String>> where = List.of(auth, extension);
    List<List<TargetList.Placed>> services = new ArrayList<>();
    for (int i = 0; i < SERVICES.size(); i++) {
      Candidate candidate = candidate(SERVICES.get(i), build);
      services.add(
          where.get(i).stream()
              .map(
                  pi -> new TargetList.Placed(Objects.requireNonNull(deployers.get(pi)), candidate))
              .toList());
    }
    list(deployers).deploy(services);
  }

  private void rollBack(Iterable<String> where) {
    Map<String, Deployer> deployers = deployers();
    Map<Deployer, List<ServiceSpec>> services = new LinkedHashMap<>();
    List<ServiceSpec> specs =
        SERVICES.stream().map(service -> candidate(service, "second").spec()).toList();
    where.forEach(pi -> services.put(deployers.get(pi), specs));
    list(deployers).rollBack(services, "1");
  }

  private TargetList list(Map<String, Deployer> deployers) {
    return new TargetList(
        deployers.entrySet().stream()
            .map(pi -> new TargetList.Member(pi.getKey(), pi.getValue(), SERVICES))
            .toList(),
        new RollingSpec(4, batch, onFailure));
  }

  private Map<String, Deployer> deployers() {
    Map<String, Deployer> deployers = new LinkedHashMap<>();
    pis.forEach((name, pi) -> deployers.put(name, pi.deployer(null, events, now)));
    return deployers;
  }

  private Candidate candidate(String service, String build) {
    return Specs.candidate(directory, service, build, policy);
  }

  private String id(String service, String build) {
    return candidate(service, build).tarball().configDigest().toString();
  }
}
