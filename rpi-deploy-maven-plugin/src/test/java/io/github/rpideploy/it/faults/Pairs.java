package io.github.rpideploy.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The faults and points of a run: a sample of another seed each time, or those that are asked for.
 * A sample takes compose, and no swarm: that would need other Pis, and {@code OrchestratorIT} and
 * {@code SwarmIT} cut a deploy to a swarm in every build.
 */
final class Pairs {

  /**
   * How many pairs {@code mvn verify} takes of each half: two each of another sixteenth of the
   * faults, each at other points every time.
   */
  private static final int SAMPLE = 2;

  /** So many classes take a sample each. */
  private static final int CLASSES = 4;

  /** One of so many pairs is a rollout, on the average. */
  private static final int ROLLOUTS = 4;

  private static final String ONLY = System.getProperty("faults.only", "");
  private static final String STRATEGY = System.getProperty("faults.strategy", "");

  private Pairs() {}

  /** A fault at a point. */
  record Pair(Fault fault, Point point, Way way) {

    private boolean isAskedFor() {
      return ONLY.isEmpty() || (fault + "@" + point).matches(ONLY);
    }

    /** Before anything live is done both strategies of compose are the same. */
    private boolean canBeARollout() {
      return !point.isBeforeAnythingLive() && ComposeWay.ROLLOUT.takes(fault, point);
    }
  }

  /** What replaces the services, unless some of a sample are rollouts. */
  static Way way() {
    return switch (STRATEGY) {
      case "", "recreate" -> ComposeWay.RECREATE;
      case "rollout" -> ComposeWay.ROLLOUT;
      case "swarm" -> SwarmWay.SWARM;
      default -> throw new IllegalArgumentException("-Dfaults.strategy=" + STRATEGY);
    };
  }

  /**
   * Those of one class.
   *
   * @param store of the Engine's images
   * @param half 0 or 1
   */
  static List<Pair> of(String store, int half) {
    List<Pair> all = all();
    assertThat(all).as(ONLY).anyMatch(Pair::isAskedFor);
    List<Pair> own =
        IntStream.range(0, all.size()).filter(i -> i % 2 == half).mapToObj(all::get).toList();
    if (!ONLY.isEmpty() || Boolean.getBoolean("faults.all")) {
      return own.stream().filter(Pair::isAskedFor).toList();
    }
    long seed = Long.getLong("faults.sample", new Random().nextInt(1_000_000));
    System.out.println(
        SAMPLE + " of " + own.size() + " pairs on " + store + ": -Dfaults.sample=" + seed);
    List<Pair> sample = sample(own, half + (store.equals("overlay2") ? 0 : 2), seed);
    return STRATEGY.isEmpty() ? withRollouts(sample, seed) : sample;
  }

  private static List<Pair> all() {
    Way way = way();
    return Stream.of(Fault.values())
        .flatMap(fault -> fault.points().stream().map(point -> new Pair(fault, point, way)))
        .filter(pair -> way.takes(pair.fault(), pair.point()))
        .toList();
  }

  private static List<Pair> sample(List<Pair> all, int quarter, long seed) {
    int parts = CLASSES * CLASSES;
    int part = quarter + CLASSES * (int) (seed % CLASSES);
    List<Pair> shuffled = shuffled(all, seed);
    Set<Fault> missing = EnumSet.allOf(Fault.class);
    missing.removeIf(fault -> List.of(Fault.values()).indexOf(fault) % parts != part);
    List<Pair> first = shuffled.stream().filter(pair -> missing.remove(pair.fault())).toList();
    return Stream.concat(first.stream(), shuffled.stream().filter(pair -> !first.contains(pair)))
        .limit(SAMPLE)
        .toList();
  }

  private static List<Pair> withRollouts(List<Pair> sample, long seed) {
    List<Pair> rollouts =
        shuffled(sample.stream().filter(Pair::canBeARollout).toList(), seed).stream()
            .limit((sample.size() + seed % ROLLOUTS) / ROLLOUTS)
            .toList();
    return sample.stream()
        .map(
            pair ->
                rollouts.contains(pair)
                    ? new Pair(pair.fault(), pair.point(), ComposeWay.ROLLOUT)
                    : pair)
        .toList();
  }

  private static List<Pair> shuffled(List<Pair> pairs, long seed) {
    List<Pair> shuffled = new ArrayList<>(pairs);
    Collections.shuffle(shuffled, new Random(seed));
    return shuffled;
  }
}
