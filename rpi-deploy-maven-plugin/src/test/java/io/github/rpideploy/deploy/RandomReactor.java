package io.github.rpideploy.deploy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A reactor of 2 to 8 services, and how it is built; decided by a seed.
 *
 * @param dependencies of each module on earlier ones, which Maven builds first
 * @param after the services that each goes directly after
 * @param threads as in {@code -T}
 * @param failing the one that fails, or -1
 * @param failure where it does
 * @param mode what Maven does then
 */
record RandomReactor(
    long seed,
    List<Set<Integer>> dependencies,
    List<Set<Integer>> after,
    int threads,
    int failing,
    Failure failure,
    Mode mode) {

  enum Failure {
    BUILD,
    SHIP,
    RECREATE,
    VERIFY
  }

  enum Mode {
    FAIL_FAST,
    AT_END,
    NEVER
  }

  static RandomReactor of(long seed) {
    Random random = new Random(seed);
    int size = 2 + random.nextInt(7);
    List<Set<Integer>> dependencies = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      dependencies.add(someOf(IntStream.range(0, i).toArray(), random, 0.25));
    }
    List<Set<Integer>> after = after(size, random);
    while (isCircular(after)) {
      after = after(size, random);
    }
    return new RandomReactor(
        seed,
        dependencies,
        after,
        1 + random.nextInt(4),
        random.nextInt(4) == 0 ? -1 : random.nextInt(size),
        Failure.values()[random.nextInt(Failure.values().length)],
        Mode.values()[random.nextInt(Mode.values().length)]);
  }

  /** By default all earlier ones; sometimes what somebody says, which may be later ones. */
  private static List<Set<Integer>> after(int size, Random random) {
    double said = random.nextDouble();
    List<Set<Integer>> after = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int own = i;
      int[] others = IntStream.range(0, size).filter(other -> other != own).toArray();
      after.add(
          random.nextDouble() < said
              ? someOf(others, random, 0.2)
              : someOf(IntStream.range(0, i).toArray(), random, 1));
    }
    return after;
  }

  private static Set<Integer> someOf(int[] all, Random random, double probability) {
    Set<Integer> some = new TreeSet<>();
    for (int one : all) {
      if (random.nextDouble() < probability) {
        some.add(one);
      }
    }
    return some;
  }

  private static boolean isCircular(List<Set<Integer>> after) {
    return IntStream.range(0, after.size()).anyMatch(i -> closure(after, i).contains(i));
  }

  private static Set<Integer> closure(List<Set<Integer>> after, int module) {
    Set<Integer> found = new HashSet<>();
    Deque<Integer> open = new ArrayDeque<>(after.get(module));
    while (!open.isEmpty()) {
      int next = open.remove();
      if (found.add(next)) {
        open.addAll(after.get(next));
      }
    }
    return found;
  }

  int size() {
    return after.size();
  }

  static String service(int module) {
    return "service-" + module;
  }

  /** All that go before it, directly or not. */
  Set<Integer> before(int module) {
    return closure(after, module);
  }

  boolean fails(int module, Failure where) {
    return module == failing && failure == where;
  }

  /** As the maven room makes it. */
  Order order() {
    List<Order.Turn> turns = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      Set<String> names = new HashSet<>();
      before(i).forEach(other -> names.add(service(other)));
      turns.add(new Order.Turn(service(i), names, 2));
    }
    return new Order(turns);
  }

  /**
   * A module that Maven may begin, as far as it is known what has ended; null when there is none.
   */
  @Nullable Integer next(
      Random random, Set<Integer> begun, Set<Integer> built, Set<Integer> failed) {
    if (!failed.isEmpty() && mode == Mode.FAIL_FAST) {
      return null;
    }
    List<Integer> may =
        IntStream.range(0, size())
            .filter(module -> !begun.contains(module))
            .filter(
                module ->
                    dependencies.get(module).stream()
                        .allMatch(
                            other ->
                                built.contains(other)
                                    || (failed.contains(other) && mode == Mode.NEVER)))
            .boxed()
            .toList();
    return may.isEmpty() ? null : may.get(random.nextInt(may.size()));
  }
}
