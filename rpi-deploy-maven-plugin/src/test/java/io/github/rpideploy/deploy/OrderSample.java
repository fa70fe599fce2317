package io.github.rpideploy.deploy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Which of the builds of {@link OrderIT} one run makes: other ones each time, but always some of
 * every kind.
 */
final class OrderSample {

  /** All builds there are: their seeds are below it. */
  static final int ALL = 200;

  /** How many it takes at least for {@link #ENOUGH} of every trait. */
  static final int SMALLEST = 24;

  private static final int ENOUGH = 2;

  private OrderSample() {}

  /**
   * The seeds of the builds.
   *
   * @param size how many, at least {@link #SMALLEST}
   * @param seed decides which
   */
  static List<Long> of(int size, long seed) {
    if (size < SMALLEST) {
      throw new IllegalArgumentException(
          "order.reactors must be at least %d: fewer are not of all kinds".formatted(SMALLEST));
    }
    List<Long> all = new ArrayList<>(LongStream.range(0, ALL).boxed().toList());
    Collections.shuffle(all, new Random(seed));
    Map<String, Integer> seen = new HashMap<>();
    Set<Long> chosen = new HashSet<>();
    for (long candidate : all) {
      Set<String> traits = traits(RandomBuild.of(candidate));
      if (traits.stream().anyMatch(trait -> seen.getOrDefault(trait, 0) < ENOUGH)) {
        traits.forEach(trait -> seen.merge(trait, 1, Integer::sum));
        chosen.add(candidate);
      }
    }
    all.stream()
        .filter(other -> !chosen.contains(other))
        .limit(Math.max(0, size - chosen.size()))
        .forEach(chosen::add);
    return chosen.stream().sorted().collect(Collectors.toList());
  }

  /** What a sample has to have {@link #ENOUGH} of. */
  static Set<String> traits(RandomBuild build) {
    RandomReactor reactor = build.reactor();
    Set<String> traits = new HashSet<>();
    traits.add(kind(build));
    traits.add("modules " + (build.selection().isEmpty() ? "all" : selection(build)));
    traits.add("threads " + reactor.threads());
    traits.add("rollback " + build.rollback());
    traits.add("empty Pi " + build.nothingThere());
    if (build.built().contains(reactor.failing())) {
      traits.add("fails in " + reactor.failure());
    }
    return traits;
  }

  /** The way to deploy, what Maven does after a failure, and how the build ends. */
  static String kind(RandomBuild build) {
    return build.way()
        + " "
        + build.reactor().mode()
        + (build.hasToFail() ? " fails" : " succeeds");
  }

  private static String selection(RandomBuild build) {
    return build.selection().stream()
        .filter(word -> word.startsWith("-"))
        .collect(Collectors.joining(" "));
  }
}
