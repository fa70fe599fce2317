package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.RandomReactor.Failure;
import io.github.rpideploy.deploy.RandomReactor.Mode;
import io.github.rpideploy.it.lab.ResidentMaven;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/** Holds what a {@link RandomBuild} did to a Pi, and what it said, against what may be. */
final class OrderCheck {

  private final RandomBuild build;
  private final String label;
  private final Map<Integer, Integer> recreated = new HashMap<>();
  private final Set<Integer> good = new HashSet<>();

  /** Whether one went back: from then on nothing new is touched. */
  private boolean wentBack;

  /**
   * @param label what a failure is to say besides
   */
  OrderCheck(RandomBuild build, String label) {
    this.build = build;
    this.label = label;
  }

  /**
   * Looks at what happened on the Pi.
   *
   * @param changes in order; {@code good NAME} when a service was asked and was good
   * @param isNew whether a service runs in the end what was built
   */
  void pi(List<String> changes, IntPredicate isNew) {
    for (String change : changes) {
      if (change.startsWith("recreate ")) {
        recreated(module(change));
      } else if (change.startsWith("good ") && recreated.getOrDefault(module(change), 0) == 1) {
        good.add(module(change));
      }
    }
    if (!build.hasToFail()) {
      assertThat(good).as("all are good: %s", label).isEqualTo(build.built());
    }
    boolean failed = recreated.containsKey(build.reactor().failing());
    for (int module : recreated.keySet()) {
      boolean goesBack =
          !build.nothingThere()
              && failed
              && switch (build.rollback()) {
                case NONE -> false;
                case SERVICE -> module == build.reactor().failing();
                case ALL -> true;
              };
      assertThat(isNew.test(module))
          .as("%d runs what was built: %s", module, label)
          .isEqualTo(!goesBack);
    }
  }

  private void recreated(int module) {
    int times = recreated.merge(module, 1, Integer::sum);
    if (times > 1) {
      assertThat(times).as("once there and once back: %s", label).isEqualTo(2);
      assertThat(build.hasToFail()).as("nothing goes back: %s", label).isTrue();
      wentBack = true;
      return;
    }
    assertThat(build.built()).as(label).contains(module);
    assertThat(wentBack).as("none after one has failed: %s", label).isFalse();
    assertThat(good).as("%d after others: %s", module, label).containsAll(build.before(module));
    assertThat(build.lacksPredecessor(module)).as("%d: %s", module, label).isFalse();
    assertThat(build.fails(module, Failure.BUILD)).as("%d: %s", module, label).isFalse();
    assertThat(build.fails(module, Failure.SHIP)).as("%d: %s", module, label).isFalse();
  }

  /** Looks at how Maven ended, and what it said of each module. */
  void maven(ResidentMaven.Outcome outcome) {
    boolean ignored = build.reactor().mode() == Mode.NEVER;
    boolean failed = build.hasToFail();
    assertThat(outcome.status() == 0).as("status: %s", label).isEqualTo(ignored || !failed);
    assertThat(outcome.output()).as(label).contains(failed ? "BUILD FAILURE" : "BUILD SUCCESS");
    for (int module : build.built()) {
      String service = RandomReactor.service(module);
      // The summary of Maven 4 leaves out what it has not come to.
      boolean begun = outcome.output().contains(":recreate (default) @ " + service + "\n");
      if (begun && !good.contains(module)) {
        assertThat(outcome.output())
            .as("%s is not called good: %s", service, label)
            .containsPattern(service + " \\.+ FAILURE");
      }
      if (recreated.containsKey(module) && module == build.reactor().failing()) {
        assertThat(outcome.output())
            .as("its failure is told: %s", label)
            .containsPattern("\\[ERROR\\] Failed to execute goal .*" + service);
      }
    }
  }

  private static int module(String change) {
    return Integer.parseInt(change.replaceFirst(".*-", ""));
  }
}
