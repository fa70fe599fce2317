package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OrderSampleTest {

  private static final Set<String> TRAITS =
      LongStream.range(0, OrderSample.ALL)
          .mapToObj(RandomBuild::of)
          .flatMap(build -> OrderSample.traits(build).stream())
          .collect(Collectors.toSet());

  /**
   * Two ways to deploy, three modes and two ends; four selections, threads and failures; and so on.
   */
  @Test
  void the_builds_are_of_all_kinds() {
    assertThat(TRAITS).hasSize(2 * 3 * 2 + 4 + 4 + 3 + 2 + 4);
    Map<String, Long> kinds =
        LongStream.range(0, OrderSample.ALL)
            .mapToObj(RandomBuild::of)
            .collect(Collectors.groupingBy(OrderSample::kind, Collectors.counting()));
    assertThat(kinds)
        .hasSize(2 * 3 * 2)
        .allSatisfy((kind, builds) -> assertThat(builds).isGreaterThan(5));
  }

  @Test
  void every_sample_has_builds_of_all_kinds() {
    for (long seed = 0; seed < 500; seed++) {
      Map<String, Integer> seen = new HashMap<>();
      List<Long> sample = OrderSample.of(OrderSample.SMALLEST, seed);
      sample.forEach(
          build ->
              OrderSample.traits(RandomBuild.of(build))
                  .forEach(trait -> seen.merge(trait, 1, Integer::sum)));
      assertThat(seen.keySet()).as("sample %d", seed).isEqualTo(TRAITS);
      assertThat(seen.values()).as("sample %d", seed).allMatch(builds -> builds >= 2);
      assertThat(sample).as("sample %d", seed).hasSizeLessThan(2 * OrderSample.SMALLEST);
    }
  }

  @Test
  void samples_rotate_and_a_seed_gives_the_same_one_again() {
    Set<Long> met = new HashSet<>();
    for (long seed = 0; seed < 60; seed++) {
      List<Long> sample = OrderSample.of(OrderSample.SMALLEST, seed);
      assertThat(OrderSample.of(OrderSample.SMALLEST, seed)).isEqualTo(sample);
      met.addAll(sample);
    }
    assertThat(met).hasSize(OrderSample.ALL);
  }

  @Test
  void all_are_all_and_too_few_are_refused() {
    assertThat(OrderSample.of(OrderSample.ALL, 7))
        .isEqualTo(LongStream.range(0, OrderSample.ALL).boxed().toList());
    assertThatThrownBy(() -> OrderSample.of(OrderSample.SMALLEST - 1, 7))
        .hasMessageContaining("order.reactors");
  }
}
