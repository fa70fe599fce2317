package io.github.rpideploy.deploy.swarm;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Dial;
import io.github.rpideploy.deploy.stack.Node;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Containers;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.EngineContents;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.docker.ProbeResult;
import io.github.rpideploy.docker.swarm.SwarmNode;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The nodes of a swarm. */
final class SwarmNodes {

  /** So many seconds after its last sign of life at most a manager takes a node for down. */
  private static final int NOTICED = 30;

  private final Node manager;
  private final Supplier<List<SwarmNode>> ask;
  private final Dial dial;
  private final boolean sudo;

  /** The tag of each image, by its id on the manager. */
  private final Map<String, String> tags = new ConcurrentHashMap<>();

  private List<SwarmNode> known;

  /** By id. */
  private final Map<String, NodeOnSwarm> nodes = new LinkedHashMap<>();

  /**
   * @param manager the one that was asked
   * @param ask for the nodes as they are now
   * @param dial connects to them, through the manager
   * @param sudo whether docker is called with {@code sudo -n}
   */
  SwarmNodes(Node manager, Supplier<List<SwarmNode>> ask, Dial dial, boolean sudo) {
    this.manager = manager;
    this.ask = ask;
    this.dial = dial;
    this.sudo = sudo;
    this.known = ask.get();
  }

  /** As they were when last asked. */
  synchronized List<SwarmNode> known() {
    return List.copyOf(known);
  }

  /** As they are now. */
  synchronized List<SwarmNode> now() {
    known = ask.get();
    return List.copyOf(known);
  }

  /** The node with an id, if the swarm has it. */
  synchronized Optional<SwarmNode> find(String id) {
    Optional<SwarmNode> found = known.stream().filter(node -> node.id().equals(id)).findFirst();
    return found.isPresent()
        ? found
        : now().stream().filter(node -> node.id().equals(id)).findFirst();
  }

  /** A node, which is connected to when it is first used, and again after that has failed. */
  synchronized NodeOnSwarm node(SwarmNode node) {
    return nodes.computeIfAbsent(node.id(), id -> new NodeOnSwarm(node, () -> reach(node), tags));
  }

  /**
   * The nodes with that name: most often one.
   *
   * @throws DeployException when there is none, or it is not there now
   */
  List<Node> named(String name) {
    List<SwarmNode> all = known();
    List<SwarmNode> called = all.stream().filter(node -> node.name().equals(name)).toList();
    if (called.isEmpty()) {
      throw new DeployException(
          "The swarm has no node " + name + ": it has " + joined(all),
          "Nothing was sent. Name nodes as docker node ls prints them: " + ship(all.get(0).name()));
    }
    for (SwarmNode node : called) {
      if (!node.isReady()) {
        throw new DeployException(
            "Node " + name + " is " + node.state() + ", so no image can be brought there",
            "Nothing was sent. When it is back: " + ship(name));
      }
    }
    return called.stream().<Node>map(this::node).toList();
  }

  private static String joined(List<SwarmNode> nodes) {
    return nodes.stream().map(SwarmNode::name).collect(Collectors.joining(", "));
  }

  private static String ship(String node) {
    return "mvn rpi:ship -Drpi.nodes=" + node;
  }

  private Reached reach(SwarmNode node) {
    if (node.self()) {
      return new Reached(manager.host(), manager.docker(), null);
    }
    try {
      RemoteHost host = dial.to(node.name(), node.address());
      ProbeResult found = Probe.of(host, ".", null, sudo);
      return new Reached(host, found.docker(), found.contents());
    } catch (DeployException e) {
      throw node.unreachable(e);
    }
  }

  /**
   * A machine that answers.
   *
   * @param contents what it held then
   */
  private record Reached(RemoteHost host, Docker docker, @Nullable EngineContents contents) {}

  /** Says which nodes are not there now. */
  void warnOfDown(Reporter reporter) {
    known().stream()
        .filter(node -> !node.isReady())
        .forEach(
            node ->
                reporter.report(
                    new Event.Warning(
                        "Node "
                            + node.name()
                            + " is "
                            + node.state()
                            + ": it gets no images. When it is back: "
                            + ship(node.name()))));
  }

  /**
   * Whether the manager takes a node for down, now or soon; the user is told then.
   *
   * @param failure what happened when the node was asked
   * @param aSecond waits
   */
  boolean isDown(Node lost, DeployException failure, Reporter reporter, Runnable aSecond) {
    for (int i = 0; i < NOTICED; i++) {
      if (now().stream().noneMatch(node -> node.name().equals(lost.name()) && node.isReady())) {
        reporter.report(
            new Event.Warning(
                "Node "
                    + lost.name()
                    + " is down, and the deploy goes on without it: "
                    + failure.getMessage()
                    + ". When it is back, bring it the images: "
                    + ship(lost.name())));
        return true;
      }
      aSecond.run();
    }
    return false;
  }

  /** An image of the manager is called so on every node. */
  void name(String image, String tag) {
    tags.put(image, tag);
  }

  /** A node of the swarm. */
  static final class NodeOnSwarm implements Node {

    private final SwarmNode node;
    private final Supplier<Reached> reach;
    private final Map<String, String> tags;
    private @Nullable Reached reached;

    /** What it holds is told only once: later it may hold something else. */
    private boolean told;

    private NodeOnSwarm(SwarmNode node, Supplier<Reached> reach, Map<String, String> tags) {
      this.node = node;
      this.reach = reach;
      this.tags = tags;
    }

    /**
     * @throws DeployException when it cannot be reached, or has no Docker
     */
    private synchronized Reached reached() {
      Reached there = reached;
      if (there == null) {
        there = reach.get();
        reached = there;
        told = false;
      }
      return there;
    }

    /** The next one who uses it connects again. */
    synchronized void disconnect() {
      reached = null;
    }

    @Override
    public String name() {
      return node.name();
    }

    @Override
    public RemoteHost host() {
      return reached().host();
    }

    @Override
    public Docker docker() {
      return reached().docker();
    }

    @Override
    public boolean isElsewhere() {
      return !node.self();
    }

    @Override
    public synchronized EngineContents contents() {
      EngineContents found = reached().contents();
      boolean fresh = !told;
      told = true;
      return found != null && fresh ? found : docker().images().contents();
    }

    /** Made of the manager's image, where it has the same one under another id. */
    @Override
    public Optional<Container> inspect(String container) {
      try {
        return docker()
            .containers()
            .inspect(container)
            .map(found -> tags.containsKey(found.image()) ? found : translated(found));
      } catch (DeployException e) {
        disconnect();
        throw e;
      }
    }

    private Container translated(Container found) {
      for (Map.Entry<String, String> image : tags.entrySet()) {
        if (docker().images().id(image.getValue()).filter(found.image()::equals).isPresent()) {
          return found.withImage(image.getKey());
        }
      }
      return found;
    }

    /**
     * Only by the bridge of its node: the addresses of overlay networks lead there from nowhere
     * else.
     */
    @Override
    public Optional<Containers.Listening> listening(String container) {
      return docker()
          .containers()
          .listening(container)
          .map(
              found ->
                  new Containers.Listening(
                      found.published(),
                      docker().containers().gateway(container),
                      found.exposed()));
    }
  }
}
