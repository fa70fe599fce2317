package io.github.rpideploy.deploy.swarm;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Dial;
import io.github.rpideploy.deploy.spec.Strategy;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.stack.Node;
import io.github.rpideploy.deploy.stack.Orchestrator;
import io.github.rpideploy.docker.ComposeAnswer;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.HeldLock;
import io.github.rpideploy.docker.ProjectStatus;
import io.github.rpideploy.docker.ServiceNow;
import io.github.rpideploy.docker.swarm.Progress;
import io.github.rpideploy.docker.swarm.ServiceFile;
import io.github.rpideploy.docker.swarm.ServiceOnSwarm;
import io.github.rpideploy.docker.swarm.Swarm;
import io.github.rpideploy.docker.swarm.SwarmNode;
import io.github.rpideploy.docker.swarm.Task;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Reporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Docker Swarm: it replaces a service on as many nodes as the compose file says, in its own way.
 * Each service is deployed alone, with an image that each node got over SSH.
 */
public final class SwarmOrchestrator implements Orchestrator {

  private final Swarm swarm;
  private final ComposeConfig config;
  private final SwarmNodes nodes;
  private final Node manager;
  private final Reporter reporter;
  private final Runnable aSecond;

  /** The digest of what this build has told the swarm of a service. */
  private final Map<String, String> told = new HashMap<>();

  /** The node of each container. */
  private final Map<String, String> places = new HashMap<>();

  private final Arrivals arrivals = new Arrivals();

  private record Manager(String name, RemoteHost host, Docker docker) implements Node {}

  private SwarmOrchestrator(
      Swarm swarm,
      ComposeConfig config,
      SwarmNodes nodes,
      Node manager,
      Reporter reporter,
      Runnable aSecond) {
    this.swarm = swarm;
    this.config = config;
    this.nodes = nodes;
    this.manager = manager;
    this.reporter = reporter;
    this.aSecond = aSecond;
  }

  /**
   * Asks the manager for its nodes; none is connected to yet.
   *
   * @param host a manager of the swarm
   * @param directory the compose directory there
   * @param answer what compose has made of the compose file
   * @param dial connects to its nodes, through the manager
   * @param sudo whether docker is called with {@code sudo -n}
   * @param aSecond waits
   * @throws DeployException when it is no manager
   */
  public static SwarmOrchestrator of(
      RemoteHost host,
      Docker docker,
      ComposeDirectory directory,
      ComposeAnswer answer,
      Dial dial,
      boolean sudo,
      Reporter reporter,
      Runnable aSecond) {
    Swarm swarm = new Swarm(host, docker, directory.path());
    Node manager = new Manager(host.hostName(), host, docker);
    SwarmNodes nodes = new SwarmNodes(manager, swarm::nodes, dial, sudo);
    nodes.warnOfDown(reporter);
    return new SwarmOrchestrator(
        swarm, new ComposeConfig(directory, answer), nodes, manager, reporter, aSecond);
  }

  @Override
  public List<Node> nodes(String service) {
    // What no swarm can do is told before anything is sent.
    config.file(service, "", "");
    Map<String, Object> said = config.service(service);
    List<Node> all = new ArrayList<>();
    for (SwarmNode node : nodes.known()) {
      if (node.isReady() && !node.self() && node.mayRun(said)) {
        all.add(nodes.node(node));
      }
    }
    return all;
  }

  @Override
  public List<Node> machines(List<String> names) {
    return names.stream().flatMap(name -> nodes.named(name).stream()).toList();
  }

  @Override
  public boolean isLost(Node node, DeployException failure) {
    return node.isElsewhere() && nodes.isDown(node, failure, reporter, aSecond);
  }

  @Override
  public ServiceNow now(String service, ImageReference release, ImageReference live) {
    ServiceOnSwarm now =
        swarm.now(config.stack(), service, release.familiar(), live.familiarName());
    if (now.release() != null) {
      nodes.name(now.release(), release.familiar());
    }
    if (!now.running().isEmpty()) {
      manager.docker().images().id(now.running()).ifPresent(id -> nodes.name(id, now.running()));
    }
    List<Container> containers = new ArrayList<>();
    placed(now.tasks()).forEach(id -> nodeOf(id).inspect(id).ifPresent(containers::add));
    return new ServiceNow(
        Optional.ofNullable(now.release()),
        containers,
        now.made().isEmpty() ? "-" : now.made(),
        "",
        now.files(),
        now.running(),
        true,
        now.verified(),
        now.history(),
        now.tags());
  }

  /** Each is asked for alone: another service may say what no swarm can do. */
  @Override
  public Map<String, String> digests() {
    return new HashMap<>();
  }

  @Override
  public Optional<String> digest(String service) {
    return Optional.of(config.file(service, "", "").made());
  }

  @Override
  public ExecResult replace(HeldLock lock, Change change, Runnable untouched) {
    String service = change.service();
    ServiceFile file;
    try {
      file = config.file(service, change.image(), imageOf(service, change.image()));
      swarm.put(service, file);
      arrivals.begin(service, swarm.progress(file.stack(), service));
    } catch (DeployException e) {
      untouched.run();
      throw e;
    }
    told.put(service, file.digest());
    return swarm.deploy(
        lock, file.stack(), service, change.intent(), false, config.uses(service), untouched);
  }

  @Override
  public ExecResult goBack(HeldLock lock, Change back) {
    told.remove(back.service());
    arrivals.begin(back.service(), swarm.progress(config.stack(), back.service()));
    return swarm.deploy(lock, config.stack(), back.service(), "", true, null, () -> {});
  }

  @Override
  public void settle(HeldLock lock, Collection<String> services, String good, boolean proved) {
    swarm.settle(lock, services, good, proved);
  }

  /** The swarm itself ends old containers. */
  @Override
  public List<String> retire(
      HeldLock lock, String service, String good, Strategy strategy, List<String> old) {
    settle(lock, List.of(service), good, true);
    return List.of();
  }

  @Override
  public List<String> wayBack() {
    return swarm.goBack(config.stack());
  }

  @Override
  public List<String> containers(String service) {
    Progress progress = swarm.progress(config.stack(), service);
    if (progress == null) {
      return List.of();
    }
    // Of what this build has told, when it has: older ones say nothing of it.
    String digest = told.get(service);
    return placed(Arrivals.shown(digest == null ? progress : progress.of(digest)));
  }

  @Override
  public List<String> containersIfAny(String service) {
    return containers(service);
  }

  @Override
  public Arrival arrival(String service, String image, List<String> made) {
    Progress progress = swarm.progress(config.stack(), service);
    if (progress == null) {
      return new Arrival.Never(
          "the swarm has no service " + Swarm.name(config.stack(), service), "");
    }
    if (progress.equals(Progress.UNANSWERED)) {
      return new Arrival.NotYet("the Engine of the manager does not answer");
    }
    placed(progress.tasks());
    return arrivals.judge(
        service,
        told.getOrDefault(service, progress.digest()),
        progress,
        id -> nodes.find(id).map(SwarmNode::name).orElse("no node"));
  }

  private List<String> placed(List<Task> tasks) {
    List<String> containers = new ArrayList<>();
    for (Task task : tasks) {
      if (!task.container().isEmpty()) {
        places.put(task.container(), task.node());
        containers.add(task.container());
      }
    }
    return containers;
  }

  @Override
  public ProjectStatus status(ProjectStatus project, Collection<String> services) {
    return swarm.status(project, config.stack(), services);
  }

  @Override
  public String named() {
    return "The swarm";
  }

  @Override
  public String commandsToSee(String service) {
    String name = Swarm.name(config.stack(), service);
    return "docker service ps --no-trunc " + name + "; docker service logs " + name;
  }

  @Override
  public Node nodeOf(String container) {
    String id = places.getOrDefault(container, "");
    return nodes.find(id).<Node>map(nodes::node).orElse(manager);
  }

  /**
   * A swarm has each node pull a tag before it takes the image that is there, whatever it is told:
   * a stranger's image of that name would run. An id is not pulled. Only stores of two kinds know
   * one image by two ids.
   *
   * @throws DeployException when somebody has removed the release meanwhile
   */
  private String imageOf(String service, String release) {
    Optional<String> id = manager.docker().images().id(release);
    if (id.isEmpty()) {
      throw new DeployException(
          "Release "
              + release
              + " is not on "
              + manager.host().name()
              + " any more; "
              + service
              + " was not touched",
          "Ship it again: mvn rpi:deploy");
    }
    boolean same =
        nodes(service).stream().allMatch(node -> node.docker().images().id(release).equals(id));
    return same ? id.get() : release;
  }
}
