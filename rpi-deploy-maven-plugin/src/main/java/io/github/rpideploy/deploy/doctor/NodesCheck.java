package io.github.rpideploy.deploy.doctor;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeTree;
import io.github.rpideploy.docker.swarm.SwarmNode;
import io.github.rpideploy.report.Check;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Checks whether the nodes of a swarm can be reached, and have what they may have to run.
 *
 * @param running the release that each service runs, by its tag; empty when it runs none
 * @param tags connects to a node, and tells whether it has an image of that tag
 */
record NodesCheck(Map<String, String> running, Function<SwarmNode, Predicate<String>> tags) {

  static final String NAME = "nodes";

  /**
   * @param services what the compose file says of each service
   */
  Check of(List<SwarmNode> nodes, Map<String, Object> services) {
    List<String> good = new ArrayList<>();
    List<String> findings = new ArrayList<>();
    Set<String> fixes = new LinkedHashSet<>();
    List<String> lacking = new ArrayList<>();
    boolean reached = true;
    for (SwarmNode node : nodes) {
      List<String> mayRun =
          running.keySet().stream()
              .filter(service -> node.mayRun(ComposeTree.map(services.get(service))))
              .toList();
      if (!node.isReady() || mayRun.isEmpty()) {
        continue;
      }
      try {
        List<String> lacks = lacks(node, mayRun);
        if (lacks.isEmpty()) {
          good.add(node.name());
        } else {
          findings.add(node.name() + " lacks " + String.join(", ", lacks));
          lacking.add(node.name());
        }
      } catch (DeployException e) {
        DeployException failure = node.unreachable(e);
        reached = false;
        findings.add(failure.getMessage());
        fixes.add(failure.hint());
      }
    }
    if (findings.isEmpty()) {
      return Check.pass(
          NAME,
          good.isEmpty() ? "none may run a service" : String.join(", ", good) + ": have what runs");
    }
    if (!lacking.isEmpty()) {
      fixes.add(
          "Build what runs, then bring it there: mvn rpi:ship -Drpi.nodes="
              + String.join(",", lacking)
              + "; or deploy anew");
    }
    String finding = String.join("\n", findings);
    String fix = String.join("\n", fixes);
    return reached ? Check.warn(NAME, finding, fix) : Check.fail(NAME, finding, fix);
  }

  private List<String> lacks(SwarmNode node, List<String> services) {
    Predicate<String> has = tags.apply(node);
    return services.stream()
        .map(service -> running.getOrDefault(service, ""))
        .filter(release -> !release.isEmpty() && !has.test(release))
        .toList();
  }
}
