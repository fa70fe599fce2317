package io.github.rpideploy.it.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Pis in boxes that are one Docker Swarm, by {@code lab/pi swarm}. The first is its manager. */
public final class LabSwarm {

  private final String name;
  private final List<String> options;
  private final List<Lab> nodes = new ArrayList<>();

  private LabSwarm(String name, int count, List<String> options) {
    this.name = name;
    this.options = options;
    for (int number = 1; number <= count; number++) {
      nodes.add(new Lab(name + "-" + number));
    }
  }

  /**
   * Makes them anew, without data: {@code it-NAME-1}, {@code it-NAME-2}, and so on.
   *
   * @param options as of {@code lab/pi up}, for every node
   */
  public static LabSwarm up(String name, int count, String... options) throws Exception {
    LabSwarm swarm = new LabSwarm(Lab.CHECKOUT + "-" + name, count, List.of(options));
    Lab.script("engine", "--quiet");
    swarm.down();
    swarm.join();
    return swarm;
  }

  /**
   * Brings in every node that is not: one that was made anew, has left, or has another address
   * since it was started again.
   */
  public void join() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("swarm", "up", name, "" + nodes.size()));
    arguments.addAll(options);
    Lab.script("pi", arguments.toArray(String[]::new));
  }

  /** One more, which joins as a worker and has no image of a service; {@link #down} removes it. */
  public Lab grow() throws Exception {
    Lab node = new Lab(name + "-" + (nodes.size() + 1));
    nodes.add(node);
    join();
    return node;
  }

  public void down() throws Exception {
    Lab.script("pi", "swarm", "down", name);
  }

  /** All nodes; the manager is the first. */
  public List<Lab> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  public Lab manager() {
    return nodes.get(0);
  }

  /** The node of that index; the manager is 0. */
  public Lab node(int index) {
    return nodes.get(index);
  }

  /** What the swarm calls the node; it must run. */
  public String nameOf(Lab node) throws Exception {
    return node.asRoot("hostname");
  }
}
