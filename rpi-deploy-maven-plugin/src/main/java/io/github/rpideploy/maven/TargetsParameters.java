package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.RollingSpec;
import io.github.rpideploy.maven.parameters.NodeParameters;
import io.github.rpideploy.maven.parameters.TargetParameters;
import io.github.rpideploy.ssh.settings.SshNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** On which Pis a service runs where it runs on several, and how a deploy goes over them. */
abstract class TargetsParameters extends StackParameters {

  /** So many Pis are sent to, or replaced, at the same time at most. */
  private static final int MOST_AT_ONCE = 64;

  /**
   * The Pis that the service goes to, in the order in which they are deployed to: each one whole,
   * and verified, before the next. As a property it is a list of names: of the {@code <target>}
   * that the POM has, to choose some of them, or of hosts. Not used where {@code rpi.host} is given
   * with {@code -D}.
   *
   * <ul>
   *   <li>Value: names with commas; in the POM {@code <target>} elements, each with a {@code name}
   *       and, where they differ, {@code host}, {@code port}, {@code user}, {@code hostKey} and
   *       {@code directory}
   *   <li>Default: the Pi that {@code rpi.host} names
   *   <li>Example: {@code -Drpi.targets=kitchen,attic}, or {@code
   *       <targets><target><name>kitchen</name><host>192.168.1.20</host></target></targets>}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.targets")
  @Nullable List<TargetParameters> targets;

  /**
   * How many Pis are sent to at the same time. They share the uplink.
   *
   * <ul>
   *   <li>Value: a number from 1 to 64
   *   <li>Example: {@code -Drpi.parallelShips=8}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.parallelShips", defaultValue = "4")
  int parallelShips;

  /**
   * How many of the {@code rpi.targets} have their services replaced at the same time. All of them
   * are verified before the next ones are touched.
   *
   * <ul>
   *   <li>Value: a number from 1 to 64
   *   <li>Example: {@code -Drpi.batch=2}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.batch", defaultValue = "1")
  int batch;

  /**
   * What follows on the other {@code rpi.targets} when a service on one of them is not good. What
   * goes back there is said by {@code rpi.rollback}. With {@code stop}, those before it stay on the
   * new release, and those after it are not touched. With {@code continue}, those after it are
   * deployed to. With {@code rollbackAll}, those before it go back. The build fails in any case.
   *
   * <ul>
   *   <li>Value: {@code stop}, {@code continue} or {@code rollbackAll}
   *   <li>Example: {@code -Drpi.onFailure=rollbackAll}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.onFailure", defaultValue = "stop")
  String onFailure;

  /**
   * What happens when one of several Pis cannot be reached. With {@code fail}, nothing is sent to
   * any. With {@code skip}, it is left out with a warning. With {@code failAtEnd}, it is left out
   * too, and the build fails after the others are deployed to.
   *
   * <ul>
   *   <li>Value: {@code fail}, {@code skip} or {@code failAtEnd}
   *   <li>Example: {@code -Drpi.unreachable=skip}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.unreachable", defaultValue = "fail")
  String unreachable;

  /**
   * Nodes of a swarm ({@code rpi.orchestrator=swarm}). As a property it is a list of their names,
   * as {@code docker node ls} prints them: {@code rpi:ship} brings the images to these alone, as to
   * one that was away during a deploy. Goals that replace services refuse it, for each node must
   * have what it may have to run. In the POM it says how a node is reached where that differs from
   * the manager; all are reached through the manager.
   *
   * <ul>
   *   <li>Value: names with commas; in the POM {@code <node>} elements, each with a {@code name}
   *       and, where they differ, {@code host}, {@code port}, {@code user} and {@code identityFile}
   *   <li>Default: every node on which a service may run, at the address by which the manager knows
   *       it, with the manager's user and keys
   *   <li>Example: {@code -Drpi.nodes=attic}, or {@code
   *       <nodes><node><name>attic</name><port>2222</port></node></nodes>}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.nodes")
  @Nullable List<NodeParameters> nodes;

  /** What happens with a Pi that cannot be reached. */
  enum Unreachable {
    FAIL,
    SKIP,
    FAIL_AT_END
  }

  /**
   * The chosen Pis; empty when there is only the one of {@code host}.
   *
   * @param chosen their names, as a property has them; null for all
   * @throws DeployException when there is none of a name
   */
  List<TargetParameters> targets(@Nullable String chosen) {
    Map<String, TargetParameters> known = byName("target", targets, TargetParameters::name);
    List<TargetParameters> found = new ArrayList<>();
    for (String name : chosen == null || chosen.isBlank() ? known.keySet() : names(chosen)) {
      TargetParameters target = known.get(name);
      if (target == null) {
        throw new DeployException(
            "There is no target "
                + name
                + ": module "
                + project.getArtifactId()
                + " has "
                + String.join(", ", known.keySet()),
            "Choose some of them with -Drpi.targets, or add a <target> to <targets>");
      }
      found.add(target);
    }
    return found;
  }

  private <T> Map<String, T> byName(
      String element, @Nullable List<T> all, Function<T, @Nullable String> nameOf) {
    Map<String, T> known = new LinkedHashMap<>();
    for (T one : all == null ? List.<T>of() : all) {
      String name = nameOf.apply(one);
      if (name != null && known.put(name, one) != null) {
        throw new DeployException(
            "Two <" + element + "> of module " + project.getArtifactId() + " are called " + name,
            "Give each a <name> of its own");
      }
    }
    return known;
  }

  /**
   * How nodes of the swarm are reached, by name, where that differs from its manager.
   *
   * @throws DeployException when there is no swarm
   */
  Map<String, SshNode> nodes(MavenProject root) {
    Map<String, SshNode> found = new LinkedHashMap<>();
    byName("node", nodes, NodeParameters::name)
        .forEach((name, node) -> found.put(name, node.ssh(Reactor.directory(root))));
    if (!found.isEmpty() && !isSwarm()) {
      throw new DeployException(
          "Module "
              + project.getArtifactId()
              + " names nodes ("
              + String.join(", ", found.keySet())
              + "), but compose replaces services on one Pi",
          "Remove rpi.nodes; or, if rpi.host manages a swarm, add to the parent POM:"
              + " <properties><rpi.orchestrator>swarm</rpi.orchestrator></properties>");
    }
    return found;
  }

  /** The names of a list with commas; empty for null. */
  static List<String> names(@Nullable String list) {
    if (list == null) {
      return List.of();
    }
    return Arrays.stream(list.split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .distinct()
        .toList();
  }

  /** How a deploy goes over several Pis. */
  RollingSpec rolling() {
    return new RollingSpec(
        atOnce("parallelShips", parallelShips), atOnce("batch", batch), onFailure());
  }

  private static int atOnce(String parameter, int value) {
    if (value < 1 || value > MOST_AT_ONCE) {
      throw new DeployException(
          "Parameter " + parameter + " is " + value + ", but must be from 1 to " + MOST_AT_ONCE,
          "Remove it");
    }
    return value;
  }

  private RollingSpec.OnFailure onFailure() {
    return switch (onFailure.toLowerCase(Locale.ROOT)) {
      case "stop" -> RollingSpec.OnFailure.STOP;
      case "continue" -> RollingSpec.OnFailure.CONTINUE;
      case "rollbackall" -> RollingSpec.OnFailure.ROLLBACK_ALL;
      default ->
          throw new DeployException(
              "Parameter onFailure is "
                  + onFailure
                  + ", but only stop, continue and rollbackAll exist",
              "Remove it, and Pis after one that fails are not touched");
    };
  }

  /** What happens with a Pi that cannot be reached. */
  Unreachable unreachable() {
    return switch (unreachable.toLowerCase(Locale.ROOT)) {
      case "fail" -> Unreachable.FAIL;
      case "skip" -> Unreachable.SKIP;
      case "failatend" -> Unreachable.FAIL_AT_END;
      default ->
          throw new DeployException(
              "Parameter unreachable is "
                  + unreachable
                  + ", but only fail, skip and failAtEnd exist",
              "Remove it, and nothing is sent to any Pi when one cannot be reached");
    };
  }
}
