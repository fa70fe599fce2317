package io.github.rpideploy.deploy.swarm;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.stack.Node;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Containers;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.EngineContents;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.docker.ProbeResult;
import io.github.rpideploy.docker.swarm.SwarmNode;
import io.github.rpideploy.remote.RemoteHost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The nodes of a swarm, each connected to when it is first needed. */
final class SwarmNodes {

  private final Node manager;
  private final Supplier<List<SwarmNode>> ask;
  private final Function<String, RemoteHost> dial;
  private final boolean sudo;

  /** The tag of each image, by its id on the manager. */
  private final Map<String, String> tags = new ConcurrentHashMap<>();

  private List<SwarmNode> known;

  /** By id. */
  private final Map<String, NodeOnSwarm> connected = new LinkedHashMap<>();

  /**
   * @param manager the one that was asked
   * @param ask for the nodes as they are now
   * @param dial connects to the SSH server at an address, through the manager
   * @param sudo whether docker is called with {@code sudo -n}
   */
  SwarmNodes(
      Node manager,
      Supplier<List<SwarmNode>> ask,
      Function<String, RemoteHost> dial,
      boolean sudo) {
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

  /**
   * The connection to a node.
   *
   * @throws DeployException when it cannot be reached, or has no Docker
   */
  synchronized NodeOnSwarm connect(SwarmNode node) {
    NodeOnSwarm there = connected.get(node.id());
    if (there == null) {
      there =
          node.self()
              ? new NodeOnSwarm(node, manager.host(), manager.docker(), null, tags)
              : probed(node);
      connected.put(node.id(), there);
    }
    return there;
  }

  private NodeOnSwarm probed(SwarmNode node) {
    try {
      RemoteHost host = dial.apply(node.address());
      ProbeResult found = Probe.of(host, ".", null, sudo);
      return new NodeOnSwarm(node, host, found.docker(), found.contents(), tags);
    } catch (DeployException e) {
      throw new DeployException(
          "Node " + node.name() + " (" + node.address() + "): " + e.getMessage(), e.hint(), e);
    }
  }

  /** Forgets a connection that was lost. */
  synchronized void lost(SwarmNode node) {
    connected.remove(node.id());
  }

  /** An image of the manager is called so on every node. */
  void name(String image, String tag) {
    tags.put(image, tag);
  }

  /** All that are connected. */
  synchronized List<NodeOnSwarm> connected() {
    return new ArrayList<>(connected.values());
  }

  /** A node that is connected. */
  static final class NodeOnSwarm implements Node {

    private final SwarmNode node;
    private final RemoteHost host;
    private final Docker docker;

    /** What it held when it was connected; used once. */
    private @Nullable EngineContents contents;

    private final Map<String, String> tags;

    private NodeOnSwarm(
        SwarmNode node,
        RemoteHost host,
        Docker docker,
        @Nullable EngineContents contents,
        Map<String, String> tags) {
      this.node = node;
      this.host = host;
      this.docker = docker;
      this.contents = contents;
      this.tags = tags;
    }

    SwarmNode node() {
      return node;
    }

    @Override
    public String name() {
      return node.name();
    }

    @Override
    public RemoteHost host() {
      return host;
    }

    @Override
    public Docker docker() {
      return docker;
    }

    @Override
    public synchronized EngineContents contents() {
      EngineContents found = Objects.requireNonNullElseGet(contents, docker.images()::contents);
      contents = null;
      return found;
    }

    /** Made of the manager's image, where it has the same one under another id. */
    @Override
    public Optional<Container> inspect(String container) {
      return docker
          .containers()
          .inspect(container)
          .map(found -> tags.containsKey(found.image()) ? found : translated(found));
    }

    private Container translated(Container found) {
      for (Map.Entry<String, String> image : tags.entrySet()) {
        if (docker.images().id(image.getValue()).filter(found.image()::equals).isPresent()) {
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
      return docker
          .containers()
          .listening(container)
          .map(
              found ->
                  new Containers.Listening(
                      found.published(), docker.containers().gateway(container), found.exposed()));
    }
  }
}
