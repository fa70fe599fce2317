package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.ship.Holdings;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.ship.Release;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.stack.Node;
import io.github.rpideploy.deploy.stack.Orchestrator;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Pi and the machines beside it would get, and get. */
class ShippingTest {

  @TempDir private Path directory;

  private final ScriptedPi kitchen = new ScriptedPi(ScriptedPi.TWO_SERVICES);
  private final ScriptedPi attic = new ScriptedPi(ScriptedPi.TWO_SERVICES);
  private final ScriptedPi cellar = new ScriptedPi(ScriptedPi.TWO_SERVICES);
  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());

  /** The machines besides the Pi on which each service may run. */
  private final Map<String, List<Node>> mayRun = new HashMap<>();

  private Shipping shipping;
  private List<Release> releases;

  private record Machine(String name, RemoteHost host, Docker docker, boolean isElsewhere)
      implements Node {

    static Machine of(String name, ScriptedPi pi, boolean elsewhere) {
      return new Machine(name, pi, Probe.of(pi, ".", null, false).docker(), elsewhere);
    }
  }

  @BeforeEach
  void a_Pi_and_two_machines() {
    StackContext found =
        ConnectedStack.of(
                kitchen,
                new Stack("rpi/test", null),
                new BuildContext(
                    new LockRequest("", Duration.ZERO, Duration.ZERO),
                    Deployers.OTHERS,
                    () -> Origin.UNKNOWN,
                    LayerCompression.none(),
                    events::add,
                    () -> Instant.EPOCH,
                    pause -> {}))
            .context();
    List<Machine> all =
        List.of(
            Machine.of("kitchen", kitchen, false),
            Machine.of("attic", attic, true),
            Machine.of("cellar", cellar, true));
    mayRun.put("auth-server", List.of(all.get(1), all.get(2)));
    mayRun.put("extension-server", List.of(all.get(1)));
    shipping =
        new Shipping(
            new StackContext(
                found.host(),
                found.docker(),
                found.directory(),
                orchestrator(found.orchestrator(), all),
                events::add,
                () -> Instant.EPOCH),
            LayerCompression.none());
    ComposeFile file = ComposeFile.parse(ScriptedPi.TWO_SERVICES);
    releases =
        Stream.of("auth-server", "extension-server")
            .map(service -> Release.of(candidate(service), file, "there", "pi"))
            .toList();
  }

  private Candidate candidate(String service) {
    return Specs.candidate(directory, service, "new", Policy.DEFAULT);
  }

  /** As compose, but with these machines. */
  private Orchestrator orchestrator(Orchestrator compose, List<Machine> all) {
    return (Orchestrator)
        Proxy.newProxyInstance(
            Orchestrator.class.getClassLoader(),
            new Class<?>[] {Orchestrator.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "nodes" -> mayRun.getOrDefault((String) arguments[0], List.of());
                  case "machines" ->
                      all.stream()
                          .filter(one -> ((List<?>) arguments[0]).contains(one.name()))
                          .toList();
                  default -> method.invoke(compose, arguments);
                });
  }

  @Test
  void each_gets_what_the_plan_said_of_it() {
    ship(cellar, "auth-server");
    Map<Node, PlannedShipment> planned = shipping.planElsewhere(releases);

    assertThat(planned.keySet()).extracting(Node::name).containsExactly("attic", "cellar");
    assertThat(attic.changes).as("a plan changes nothing").isEmpty();
    long here = shipping.plan(releases, holdings()).bytes();
    long elsewhere = planned.values().stream().mapToLong(PlannedShipment::bytes).sum();
    List<Long> each = planned.values().stream().map(PlannedShipment::bytes).toList();
    assertThat(each.get(0)).as("attic lacks both").isEqualTo(here).isPositive();
    assertThat(each.get(1)).as("cellar has the only one that it may run").isZero();

    shipping.ship(releases, holdings(), List.of());

    assertThat(bytesShipped()).isEqualTo(here + elsewhere);
    assertThat(releases).allMatch(release -> kitchen.hasTag(release.tag().familiar()));
    assertThat(releases).allMatch(release -> attic.hasTag(release.tag().familiar()));
    assertThat(cellar.hasTag(releases.get(1).tag().familiar())).isFalse();
  }

  @Test
  void those_that_are_named_get_it_and_no_other() {
    long planned =
        shipping.planElsewhere(releases.subList(0, 1)).values().iterator().next().bytes();

    shipping.ship(releases.subList(0, 1), holdings(), List.of("attic"));

    assertThat(attic.hasTag(releases.get(0).tag().familiar())).isTrue();
    assertThat(kitchen.changes).isEmpty();
    assertThat(cellar.changes).isEmpty();
    assertThat(bytesShipped()).isEqualTo(planned);
  }

  @Test
  void the_Pi_itself_can_be_named_too() {
    shipping.ship(releases, holdings(), List.of("kitchen"));

    assertThat(releases).allMatch(release -> kitchen.hasTag(release.tag().familiar()));
    assertThat(attic.changes).isEmpty();
  }

  @Test
  void a_machine_on_which_the_service_may_not_run_gets_nothing_which_is_said() {
    shipping.ship(releases, holdings(), List.of("cellar"));

    assertThat(cellar.hasTag(releases.get(0).tag().familiar())).isTrue();
    assertThat(cellar.hasTag(releases.get(1).tag().familiar())).isFalse();
    assertThat(events)
        .filteredOn(Event.Warning.class::isInstance)
        .containsExactly(
            new Event.Warning(
                "extension-server may not run on cellar, so its image was not sent there"));
  }

  @Test
  void one_that_has_too_little_space_says_so_in_the_plan() {
    cellar.freeKib = 1;

    PlannedShipment planned =
        shipping.planElsewhere(releases).entrySet().stream()
            .filter(entry -> entry.getKey().name().equals("cellar"))
            .findFirst()
            .orElseThrow()
            .getValue();

    assertThatThrownBy(planned::requireSpace)
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("is missing");
  }

  private void ship(ScriptedPi pi, String service) {
    Deployers.connect(
            pi, new Stack("rpi/test", null), event -> {}, () -> Instant.EPOCH, pause -> {})
        .ship(List.of(candidate(service)));
    pi.changes.clear();
  }

  private Holdings holdings() {
    Node pi = Machine.of("kitchen", kitchen, false);
    return Holdings.of(pi.docker().engine(), pi.contents());
  }

  private long bytesShipped() {
    return events.stream()
        .filter(Event.Shipped.class::isInstance)
        .mapToLong(event -> ((Event.Shipped) event).bytesSent())
        .sum();
  }
}
