package io.github.rpideploy.deploy.doctor;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.docker.ExaminationResult;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.docker.swarm.ServiceFile;
import io.github.rpideploy.docker.swarm.Swarm;
import io.github.rpideploy.docker.swarm.SwarmNode;
import io.github.rpideploy.image.Platform;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Check;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Checks the swarm that a Pi manages, and whether its services can run on one. */
final class SwarmChecks {

  private static final String SWARM = "swarm";
  private static final String STACK = "stack";

  static final List<String> NAMES = List.of(SWARM, STACK);

  /** How the kernel calls what Docker calls otherwise. */
  private static final Map<String, String> ARCHITECTURES =
      Map.of("aarch64", "arm64", "x86_64", "amd64", "armv7l", "arm", "armv6l", "arm");

  private final ExaminationResult result;
  private final Stack stack;
  private final List<ServiceSpec> services;
  private final Set<String> platforms;

  SwarmChecks(
      ExaminationResult result, Stack stack, List<ServiceSpec> services, Set<String> platforms) {
    this.result = result;
    this.stack = stack;
    this.services = services;
    this.platforms = platforms;
  }

  /** Asks the Pi, once more. */
  List<Check> all(RemoteHost host) {
    return all(
        () ->
            new Swarm(host, Probe.of(host, ".", null, stack.sudo()).docker(), stack.directory())
                .nodes());
  }

  /**
   * @param ask for the nodes of the swarm
   */
  List<Check> all(Supplier<List<SwarmNode>> ask) {
    if (result.docker() instanceof ExaminationResult.Answer answer) {
      return List.of(swarm(ask), stack(answer));
    }
    return NAMES.stream().map(Check::notChecked).toList();
  }

  private Check swarm(Supplier<List<SwarmNode>> ask) {
    List<SwarmNode> nodes;
    try {
      nodes = ask.get();
    } catch (DeployException e) {
      return Check.fail(SWARM, e.getMessage(), e.hint());
    }
    List<String> findings = new ArrayList<>();
    Set<String> fixes = new LinkedHashSet<>();
    for (SwarmNode node : nodes) {
      if (!node.isReady()) {
        findings.add(node.name() + " is " + node.state());
        fixes.add("When it is back, bring it what was deployed meanwhile: mvn rpi:ship");
      } else if (!node.availability().equals("active")) {
        findings.add(node.name() + " gets no tasks: its availability is " + node.availability());
        fixes.add("docker node update --availability active " + node.name());
      }
      String architecture = ARCHITECTURES.getOrDefault(node.architecture(), node.architecture());
      if (!node.self()
          && platforms.stream()
              .noneMatch(name -> Platform.parse(name).architecture().equals(architecture))) {
        findings.add(
            node.name() + " is " + architecture + ", and images are for " + joined(platforms));
        fixes.add(
            "Keep services off it, in the compose file: deploy: {placement: {constraints:"
                + " [node.platform.arch == aarch64]}}");
      }
    }
    long managers = nodes.stream().filter(node -> node.role().equals("manager")).count();
    if (managers == 2) {
      findings.add("there are two managers: if either is away, nothing can be deployed");
      fixes.add("Have one or three: docker node promote NAME, or docker node demote NAME");
    }
    String all =
        nodes.size()
            + (nodes.size() == 1 ? " node: " : " nodes: ")
            + nodes.stream().map(SwarmNode::name).collect(Collectors.joining(", "));
    return findings.isEmpty()
        ? Check.pass(SWARM, "the Pi manages " + all)
        : Check.warn(SWARM, String.join("\n", findings), String.join("\n", fixes));
  }

  private static String joined(Set<String> names) {
    return String.join(", ", names);
  }

  /** What the compose file says of each service must be something that a swarm can do. */
  private Check stack(ExaminationResult.Answer answer) {
    if (answer.compose().isEmpty() || !answer.compose().get().file().config().ok()) {
      return Check.notChecked(STACK);
    }
    String yaml = answer.compose().get().file().yaml();
    List<String> refused = new ArrayList<>();
    Set<String> hints = new LinkedHashSet<>();
    Set<String> asked =
        ServiceChecks.participants(services, answer.compose().get().services()).keySet();
    for (String service : asked) {
      try {
        ServiceFile.of(yaml, stack.directory(), service, "", "");
      } catch (DeployException e) {
        refused.add(e.getMessage());
        hints.add(e.hint());
      }
    }
    return refused.isEmpty()
        ? Check.pass(
            STACK,
            ServiceFile.stack(yaml, stack.directory())
                + ": a swarm can run "
                + String.join(", ", asked))
        : Check.fail(STACK, String.join("\n", refused), String.join("\n", hints));
  }
}
