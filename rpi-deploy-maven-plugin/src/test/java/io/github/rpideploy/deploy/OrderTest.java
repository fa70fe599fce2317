package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Order.Turn;
import io.github.rpideploy.deploy.RandomReactor.Failure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OrderTest {

  private final List<String> done = new ArrayList<>();
  private final List<String> deferred = new ArrayList<>();

  @Test
  void what_comes_too_early_is_run_by_whoever_verifies_the_last_that_goes_before_it() {
    Order order = new Order(List.of(turn("a"), turn("b"), turn("c", "a", "b")));

    take(order, "c", "recreate");
    take(order, "c", "verify");
    take(order, "a", "recreate");
    take(order, "a", "verify");
    assertThat(done).containsExactly("recreate a", "verify a");
    take(order, "b", "recreate");
    take(order, "b", "verify");

    assertThat(done).endsWith("recreate b", "verify b", "recreate c", "verify c");
    assertThat(deferred).containsExactly("c until a, b", "c until a, b");
    assertThat(order.leftOver()).isEmpty();
    assertThat(order.untold()).isEmpty();
  }

  @Test
  void a_service_whose_recreate_was_deferred_goes_on_by_itself_with_verify() {
    Order order = new Order(List.of(turn("a"), turn("b", "a")));

    take(order, "b", "recreate");
    take(order, "a", "recreate");
    take(order, "a", "verify");
    take(order, "b", "verify");

    assertThat(done).containsExactly("recreate a", "verify a", "recreate b", "verify b");
  }

  @Test
  void a_deferred_failure_is_told_by_the_next_step_of_that_service_and_by_no_other() {
    Order order = new Order(List.of(turn("a"), turn("b", "a")));
    order.take("b", failing("b is not good"), awaited -> {});
    take(order, "a", "recreate");
    take(order, "a", "verify");

    assertThat(order.untold()).containsOnlyKeys("b");
    assertThatThrownBy(() -> take(order, "b", "verify")).hasMessage("b is not good");
    assertThat(order.untold()).isEmpty();
    assertThatThrownBy(() -> take(order, "b", "verify")).hasMessageContaining("b failed before");
  }

  @Test
  void what_goes_after_a_failed_service_is_refused_or_left_over() {
    Order order = new Order(List.of(turn("a"), turn("b", "a"), turn("c", "b")));
    take(order, "c", "recreate");
    assertThatThrownBy(() -> order.take("a", failing("a is not good"), awaited -> {}))
        .hasMessage("a is not good");

    assertThatThrownBy(() -> take(order, "b", "recreate"))
        .isInstanceOf(DeployException.class)
        .hasMessage("b is not deployed: a failed before");
    assertThat(order.leftOver()).isEqualTo(Map.of("c", List.of("b")));
    assertThat(done).isEmpty();
  }

  @Test
  void a_failure_is_known_to_all_that_go_after_it_and_to_no_other() {
    Order order = new Order(List.of(turn("a"), turn("b", "a"), turn("c", "b"), turn("d")));
    take(order, "a", "recreate");
    assertThat(order.failedBefore("c")).isEmpty();

    assertThatThrownBy(() -> order.take("a", failing("a is not good"), awaited -> {}))
        .hasMessage("a is not good");

    assertThat(order.failedBefore("b")).hasValue("a");
    assertThat(order.failedBefore("c")).hasValue("a");
    assertThat(order.failedBefore("a")).as("itself").isEmpty();
    assertThat(order.failedBefore("d")).isEmpty();
    assertThat(order.failedBefore("of another build")).isEmpty();
  }

  @Test
  void a_service_is_touched_from_the_begin_of_its_first_step() {
    Order order = new Order(List.of(turn("a"), turn("b", "a")));
    take(order, "b", "recreate");
    assertThat(order.isTouched("a")).isFalse();

    order.take("a", () -> assertThat(order.isTouched("a")).as("in it").isTrue(), awaited -> {});

    assertThat(order.isTouched("a")).as("between its steps").isTrue();
    assertThat(order.isTouched("b")).as("its step is kept").isFalse();
    assertThat(order.isTouched("of another build")).isFalse();
  }

  @Test
  void a_service_whose_first_step_failed_is_touched() {
    Order order = new Order(List.of(turn("a")));

    assertThatThrownBy(() -> order.take("a", failing("a is not good"), awaited -> {}))
        .hasMessage("a is not good");

    assertThat(order.isTouched("a")).isTrue();
  }

  @Test
  void what_this_build_does_not_deploy_is_not_waited_for() {
    Order order = new Order(List.of(turn("b", "a"), new Turn("z", Set.of(), 0), turn("c", "z")));

    take(order, "b", "recreate");
    take(order, "c", "recreate");

    assertThat(done).containsExactly("recreate b", "recreate c");
  }

  @Test
  void services_that_would_wait_for_each_other_are_refused_by_name() {
    DeployException failure =
        catchThrowableOfType(
            DeployException.class,
            () -> new Order(List.of(turn("a"), turn("b", "c"), turn("c", "d"), turn("d", "b"))));

    assertThat(failure).hasMessage("The services wait for each other: b after c after d after b");
  }

  @Test
  void sorting_moves_only_what_has_to_be_moved() {
    assertThat(Order.sorted(List.of(turn("a", "c"), turn("b"), turn("c"), turn("d"))))
        .extracting(Turn::service)
        .containsExactly("b", "c", "a", "d");
  }

  /** Every way in which threads can get between each other's goals, at the goals' borders. */
  @Test
  void two_thousand_reactors_keep_their_order_whatever_comes_between() {
    for (long seed = 0; seed < 2_000; seed++) {
      new Build(RandomReactor.of(seed)).run();
    }
  }

  private static Turn turn(String service, String... before) {
    return new Turn(service, Set.of(before), 2);
  }

  private void take(Order order, String service, String step) {
    order.take(
        service,
        () -> done.add(step + " " + service),
        awaited -> deferred.add(service + " until " + String.join(", ", awaited)));
  }

  private static Runnable failing(String message) {
    return () -> {
      throw new DeployException(message, "fix it");
    };
  }

  /**
   * A build in one thread. In the middle of every step other threads' goals may come, as far as
   * there are threads.
   */
  private static final class Build {

    private final RandomReactor reactor;
    private final Random random;
    private final Order order;
    private final Map<Integer, Integer> running = new TreeMap<>();
    private final Set<Integer> inGoal = new HashSet<>();
    private final Set<Integer> begun = new HashSet<>();
    private final Set<Integer> built = new TreeSet<>();
    private final Set<Integer> failed = new TreeSet<>();
    private final Set<Integer> recreated = new TreeSet<>();
    private final Set<Integer> verified = new TreeSet<>();
    private final Set<Integer> bad = new TreeSet<>();

    Build(RandomReactor reactor) {
      this.reactor = reactor;
      this.random = new Random(~reactor.seed());
      this.order = reactor.order();
    }

    void run() {
      while (advance()) {
        assertThat(inGoal).as("%s", reactor).isEmpty();
      }
      for (int module : built) {
        String service = RandomReactor.service(module);
        boolean ready = verified.containsAll(reactor.before(module));
        boolean good = verified.contains(module);
        boolean told = order.untold().containsKey(service) || order.leftOver().containsKey(service);
        assertThat(good || told)
            .as("%s: %s is good, or the build fails", reactor, service)
            .isTrue();
        assertThat(good).as("%s: %s", reactor, service).isEqualTo(ready && !bad.contains(module));
        assertThat(good && told).as("%s: %s", reactor, service).isFalse();
      }
      if (reactor.failing() < 0) {
        assertThat(verified).as("%s", reactor).hasSize(reactor.size());
      }
    }

    /** One goal of a module that is being built, or the begin of another one. */
    private boolean advance() {
      Integer next =
          running.size() < reactor.threads() ? reactor.next(random, begun, built, failed) : null;
      List<Integer> idle = running.keySet().stream().filter(m -> !inGoal.contains(m)).toList();
      if (next != null && (idle.isEmpty() || random.nextBoolean())) {
        begun.add(next);
        running.put(next, 0);
        return true;
      }
      if (idle.isEmpty()) {
        return false;
      }
      int module = idle.get(random.nextInt(idle.size()));
      inGoal.add(module);
      try {
        int number = running.merge(module, 1, Integer::sum);
        goal(module, number);
        if (number == 4) {
          running.remove(module);
          built.add(module);
        }
      } catch (DeployException e) {
        running.remove(module);
        failed.add(module);
      }
      inGoal.remove(module);
      return true;
    }

    private void goal(int module, int number) {
      switch (number) {
        case 1 -> failIf(module, Failure.BUILD);
        case 2 -> failIf(module, Failure.SHIP);
        case 3 -> order.take(RandomReactor.service(module), () -> recreate(module), a -> {});
        default -> order.take(RandomReactor.service(module), () -> verify(module), a -> {});
      }
    }

    private void recreate(int module) {
      assertThat(verified).as("%s: %d", reactor, module).containsAll(reactor.before(module));
      assertThat(Collections.disjoint(bad, reactor.before(module)))
          .as("%s: %d", reactor, module)
          .isTrue();
      assertThat(recreated.add(module)).as("%s: %d once", reactor, module).isTrue();
      between();
      failIf(module, Failure.RECREATE);
    }

    private void verify(int module) {
      assertThat(recreated).as("%s", reactor).contains(module);
      between();
      failIf(module, Failure.VERIFY);
      assertThat(verified.add(module)).as("%s: %d once", reactor, module).isTrue();
    }

    private void between() {
      while (random.nextInt(3) > 0 && advance()) {
        assertThat(running.size()).isLessThanOrEqualTo(reactor.threads());
      }
    }

    private void failIf(int module, Failure where) {
      if (reactor.fails(module, where)) {
        bad.add(module);
        throw new DeployException(where + " of " + module, "fix it");
      }
    }
  }
}
