package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.RandomReactor.Failure;
import io.github.rpideploy.deploy.RandomReactor.Mode;
import io.github.rpideploy.deploy.spec.Policy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a user builds a {@link RandomReactor}; decided by its seed.
 *
 * @param way the goals
 * @param selection which modules are built, as Maven is told; empty for all
 * @param built those modules
 * @param nothingThere whether none of the services is on the Pi yet
 * @param rollback what goes back when one fails
 */
record RandomBuild(
    RandomReactor reactor,
    Way way,
    List<String> selection,
    Set<Integer> built,
    boolean nothingThere,
    Policy.Rollback rollback) {

  enum Way {
    BOUND_GOALS,
    AGGREGATOR
  }

  static RandomBuild of(long seed) {
    RandomReactor reactor = RandomReactor.of(seed);
    // Random itself begins alike for seeds that are near to each other.
    SplittableRandom random = new SplittableRandom(seed);
    Way way = random.nextBoolean() ? Way.BOUND_GOALS : Way.AGGREGATOR;
    int size = reactor.size();
    int one = random.nextInt(size);
    List<String> selection = List.of();
    Set<Integer> built = range(0, size);
    switch (random.nextInt(6)) {
      case 0 -> {
        built = range(one, size);
        selection = List.of("-rf", ":" + RandomReactor.service(one));
      }
      case 1 -> {
        built = new TreeSet<>(List.of(one, random.nextInt(size)));
        selection = List.of("-pl", names(built));
      }
      case 2 -> {
        built = withDependencies(reactor, one);
        selection = List.of("-pl", names(Set.of(one)), "-am");
      }
      default -> {
        // All of them.
      }
    }
    Policy.Rollback[] rollbacks = Policy.Rollback.values();
    return new RandomBuild(
        reactor,
        way,
        selection,
        built,
        random.nextInt(4) == 0,
        rollbacks[random.nextInt(rollbacks.length)]);
  }

  private static Set<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Integer> withDependencies(RandomReactor reactor, int module) {
    Set<Integer> found = new TreeSet<>();
    Deque<Integer> open = new ArrayDeque<>(List.of(module));
    while (!open.isEmpty()) {
      int next = open.remove();
      if (found.add(next)) {
        open.addAll(reactor.dependencies().get(next));
      }
    }
    return found;
  }

  private static String names(Set<Integer> modules) {
    return modules.stream().map(RandomReactor::service).collect(Collectors.joining(","));
  }

  /** For Maven. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("-T" + reactor.threads()));
    if (reactor.mode() != Mode.FAIL_FAST) {
      arguments.add(reactor.mode() == Mode.AT_END ? "-fae" : "-fn");
    }
    arguments.addAll(selection);
    arguments.add("-Drpi.rollback=" + rollback.name().toLowerCase(Locale.ROOT));
    arguments.addAll(
        way == Way.BOUND_GOALS
            ? List.of("deploy")
            : List.of("verify", "io.github.rpideploy:rpi-deploy-maven-plugin:deploy"));
    return arguments;
  }

  /** What has to be good before it, as far as this build deploys it. */
  Set<Integer> before(int module) {
    Set<Integer> before = new TreeSet<>(reactor.before(module));
    before.retainAll(built);
    return before;
  }

  /** Whether it would go after a service that is neither in this build nor on the Pi. */
  boolean lacksPredecessor(int module) {
    return nothingThere && !built.containsAll(reactor.before(module));
  }

  /** Whether a service is in the build that cannot become good. */
  boolean hasToFail() {
    return built.contains(reactor.failing()) || built.stream().anyMatch(this::lacksPredecessor);
  }

  /** Whether the one that fails is in the build, and does so there. */
  boolean fails(int module, Failure where) {
    return built.contains(module) && reactor.fails(module, where);
  }
}
