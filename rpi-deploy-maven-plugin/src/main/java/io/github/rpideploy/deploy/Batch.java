package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.TargetList.Placed;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is replaced before anything of the next batch is touched.
 *
 * @param lanes side by side; in each, one service after the other
 */
record Batch(List<List<Placed>> lanes) {

  /**
   * Where all services go to the same Pis, each Pi is a lane of its own. Otherwise the order of the
   * services goes across Pis, so there is one lane: first each service on the first of its Pis.
   *
   * @param services in order, each with the Pis it goes to, in order
   * @param size how many Pis make a batch
   */
  static List<Batch> of(List<List<Placed>> services, int size) {
    List<List<Placed>> lanes = lanes(services);
    List<Batch> batches = new ArrayList<>();
    int width = haveSamePis(services) ? size : 1;
    for (int i = 0; i < lanes.size(); i += width) {
      batches.add(new Batch(lanes.subList(i, Math.min(lanes.size(), i + width))));
    }
    return batches;
  }

  private static List<List<Placed>> lanes(List<List<Placed>> services) {
    List<List<Placed>> lanes = new ArrayList<>();
    int longest = services.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < longest; i++) {
      int turn = i;
      lanes.add(services.stream().filter(on -> turn < on.size()).map(on -> on.get(turn)).toList());
    }
    return lanes;
  }

  private static boolean haveSamePis(List<List<Placed>> services) {
    return services.stream()
            .map(on -> on.stream().map(Placed::deployer).toList())
            .distinct()
            .count()
        == 1;
  }

  /** The same without what is on these Pis. */
  Batch without(Set<Deployer> pis) {
    return new Batch(
        lanes.stream()
            .map(lane -> lane.stream().filter(one -> !pis.contains(one.deployer())).toList())
            .filter(lane -> !lane.isEmpty())
            .toList());
  }
}
