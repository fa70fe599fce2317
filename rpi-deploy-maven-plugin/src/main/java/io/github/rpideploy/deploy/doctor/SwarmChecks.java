package io.github.rpideploy.deploy.doctor;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Dial;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.docker.ExaminationResult;
import io.github.rpideploy.docker.file.ComposeTree;
import io.github.rpideploy.docker.swarm.ServiceFile;
import io.github.rpideploy.docker.swarm.SwarmNode;
import io.github.rpideploy.image.Platform;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Check;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Checks the swarm that a Pi manages, and whether its services can run on one. */
final class SwarmChecks {

  private static final String SWARM = "swarm";
  private static final String STACK = "stack";

  static final List<String> NAMES = List.of(SWARM, STACK, NodesCheck.NAME);

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

  /** What is asked once more. */
  interface Questions {

    /**
     * The nodes of the swarm.
     *
     * @throws DeployException when the Pi manages none
     */
    List<SwarmNode> nodes();

    /** The tag of the release that a service runs; empty when it runs none. */
    String runs(String stack, String service);

    /**
     * Whether a node has an image of a tag.
     *
     * @throws DeployException when it cannot be reached, or has no Docker
     */
    Predicate<String> tags(SwarmNode node);
  }

  /** Asks the Pi, and the nodes of its swarm. */
  List<Check> all(RemoteHost host, Dial dial) {
    return all(new SwarmQuestions(host, stack, dial));
  }

  List<Check> all(Questions ask) {
    if (!(result.docker() instanceof ExaminationResult.Answer answer)) {
      return NAMES.stream().map(Check::notChecked).toList();
    }
    List<SwarmNode> nodes;
    try {
      nodes = ask.nodes();
    } catch (DeployException e) {
      return List.of(
          Check.fail(SWARM, e.getMessage(), e.hint()),
          stack(answer),
          Check.notChecked(NodesCheck.NAME));
    }
    return List.of(swarm(nodes), stack(answer), nodes(answer, nodes, ask));
  }

  private Check nodes(ExaminationResult.Answer answer, List<SwarmNode> nodes, Questions ask) {
    if (!isRead(answer)) {
      return Check.notChecked(NodesCheck.NAME);
    }
    String yaml = yaml(answer);
    String name = ServiceFile.stack(yaml, stack.directory());
    Map<String, String> running = new LinkedHashMap<>();
    try {
      asked(answer).forEach(service -> running.put(service, ask.runs(name, service)));
    } catch (DeployException e) {
      return Check.fail(NodesCheck.NAME, e.getMessage(), e.hint());
    }
    return new NodesCheck(running, ask::tags)
        .of(nodes, ComposeTree.map(ComposeTree.typed(yaml).get("services")));
  }

  private static boolean isRead(ExaminationResult.Answer answer) {
    return answer.compose().filter(found -> found.file().config().ok()).isPresent();
  }

  private static String yaml(ExaminationResult.Answer answer) {
    return answer.compose().map(found -> found.file().yaml()).orElse("");
  }

  /** The services that are deployed. */
  private Set<String> asked(ExaminationResult.Answer answer) {
    return answer
        .compose()
        .map(found -> ServiceChecks.participants(services, found.services()).keySet())
        .orElse(Set.of());
  }

  private Check swarm(List<SwarmNode> nodes) {
    List<String> findings = new ArrayList<>();
    Set<String> fixes = new LinkedHashSet<>();
    for (SwarmNode node : nodes) {
      if (!node.isReady()) {
        findings.add(node.name() + " is " + node.state());
        fixes.add(
            "When it is back, bring it what was deployed meanwhile: mvn rpi:ship -Drpi.nodes="
                + node.name());
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
    if (!isRead(answer)) {
      return Check.notChecked(STACK);
    }
    String yaml = yaml(answer);
    List<String> refused = new ArrayList<>();
    Set<String> hints = new LinkedHashSet<>();
    Set<String> asked = asked(answer);
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
