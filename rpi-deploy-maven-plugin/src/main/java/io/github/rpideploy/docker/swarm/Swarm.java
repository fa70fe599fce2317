package io.github.rpideploy.docker.swarm;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.HeldLock;
import io.github.rpideploy.docker.Images;
import io.github.rpideploy.docker.Inventory;
import io.github.rpideploy.docker.ProjectStatus;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;
import io.github.rpideploy.remote.Stdin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A swarm, asked and changed by one of its managers. What was proved good of each service is in
 * {@code .rpi/swarm} of the compose directory there, readable by the user alone.
 */
public final class Swarm {

  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  /** Until a service that the guard takes back must run, in seconds. */
  private static final int PATIENCE = 120;

  /** What docker says while the Engine of a manager starts, or managers choose a leader. */
  private static final Pattern SILENT =
      Pattern.compile(
          "Cannot connect to the Docker daemon|does not have a leader|not a swarm manager");

  private static final Script NODES = Script.of(Docker.class, "swarm-nodes.sh");
  private static final Script NOW = Script.of(Docker.class, "swarm-now.sh");
  private static final Script PUT = Script.of(Docker.class, "swarm-put.sh");
  private static final Script DEPLOY = Script.of(Docker.class, "swarm-deploy.sh");
  private static final Script SETTLE = Script.of(Docker.class, "swarm-settle.sh");
  private static final Script TASKS = Script.of(Docker.class, "swarm-tasks.sh");
  private static final Script GO_BACK = Script.of(Docker.class, "swarm-go-back.sh");
  private static final Script STATUS = Script.of(Docker.class, "swarm-status.sh");

  private final RemoteHost host;
  private final Docker docker;
  private final String directory;

  /**
   * @param host a manager
   * @param directory the compose directory there, absolute or relative to the user's home
   */
  public Swarm(RemoteHost host, Docker docker, String directory) {
    this.host = host;
    this.docker = docker;
    this.directory = directory;
  }

  /**
   * The nodes of the swarm, by its manager.
   *
   * @throws DeployException when the Pi is no manager of a swarm
   */
  public List<SwarmNode> nodes() {
    ExecResult result = host.exec(docker.script(NODES, SwarmAnswer.NODE));
    if (!result.ok()) {
      throw failed("The nodes of the swarm cannot be listed", result);
    }
    SwarmAnswer.Nodes answer = result.read("docker node inspect", host, SwarmAnswer::nodes);
    if (!answer.isManager()) {
      throw noManager(answer);
    }
    return answer.nodes();
  }

  private DeployException noManager(SwarmAnswer.Nodes answer) {
    return new DeployException(
        host.name()
            + (answer.self().isEmpty()
                ? " is not in a swarm"
                : " is a worker of its swarm, and only a manager can deploy services"),
        answer.self().isEmpty()
            ? "Make it the first manager: "
                + docker.typed()
                + " swarm init --advertise-addr <its address>; or use compose: remove"
                + " rpi.orchestrator. docs/swarm.md takes you there"
            : "Name a manager with rpi.host; this node knows these: " + answer.managers());
  }

  /**
   * Asks in one round trip what a service runs; nothing is changed.
   *
   * @param stack the name of the stack
   * @param release the tag that it is to run
   * @param repository of that tag
   */
  public ServiceOnSwarm now(String stack, String service, String release, String repository) {
    ExecResult result =
        host.exec(
            docker.script(
                NOW,
                Command.asPath(directory),
                Inventory.FILE,
                service,
                release,
                repository,
                name(stack, service),
                SwarmAnswer.RUNS,
                SwarmAnswer.TASK));
    if (!result.ok()) {
      throw failed("What " + service + " runs cannot be asked", result);
    }
    return result.read("docker service inspect", host, SwarmAnswer::now);
  }

  /**
   * Keeps on the manager what a service is to run; nothing live is changed.
   *
   * @throws DeployException when it cannot be written
   */
  public void put(String service, ServiceFile file) {
    ExecResult result =
        host.exec(
            Command.script(PUT, Command.asPath(directory), service, file.sum()),
            Stdin.of(file.text()));
    if (!result.ok() || !result.stdout().strip().equals("put")) {
      throw failed("What " + service + " is to run cannot be written into " + directory, result);
    }
  }

  /**
   * Lets a service run what was {@linkplain #put put} there, or what was proved good last.
   *
   * @param intent how to go back, for the guard; empty when it has been told already
   * @param back whether it is what was proved good last
   * @param uses the files and directories of the stack that the service sees; null for those it saw
   *     before
   * @param untouched is called before this fails because nothing live was changed
   * @return how docker ended, with what it said on standard error
   * @throws DeployException when nothing was changed
   */
  public ExecResult deploy(
      HeldLock lock,
      String stack,
      String service,
      String intent,
      boolean back,
      @Nullable Set<String> uses,
      Runnable untouched) {
    ExecResult result =
        host.exec(
            docker
                .script(
                    DEPLOY,
                    Command.asPath(directory),
                    lock.file(),
                    lock.token(),
                    UUID.randomUUID().toString(),
                    service,
                    intent,
                    back ? service : "." + service + ".new",
                    stack,
                    options(),
                    uses == null ? "?" : String.join("\n", uses))
                .detached()
                .within(TIMEOUT));
    String end = result.stdout().lines().findFirst().orElse("");
    if (Set.of("lost", "unnoted", "gone").contains(end)) {
      untouched.run();
    }
    if (end.equals("lost")) {
      throw lock.lost().get();
    } else if (end.equals("gone")) {
      throw new DeployException(
          "What " + service + " ran before is not kept in " + directory + "/.rpi/swarm",
          "See what runs: " + docker.typed() + " service ps " + name(stack, service));
    } else if (!end.matches("up \\d{1,3}")) {
      throw failed(
          "How to go back cannot be written down in "
              + directory
              + "/.rpi; "
              + service
              + " was not touched",
          result);
    }
    return new ExecResult(
        Integer.parseInt(end.substring("up ".length())),
        null,
        name(stack, service) + "\n",
        result.stderr());
  }

  /** Engine 26 says that not to wait will be no default any more. */
  private String options() {
    String major = docker.engine().version().replaceFirst("\\..*", "");
    return major.matches("\\d{1,4}") && Integer.parseInt(major) >= 26 ? "--detach=true" : "";
  }

  /**
   * The verdict on services is in: makes durable what they run, and forgets how to go back.
   *
   * @param good an id of the image with which they were proved good; empty when they were not
   * @param proved whether they were proved good with what was put there last
   * @throws DeployException when the deploy lock was lost, or the Pi cannot do it
   */
  public void settle(HeldLock lock, Collection<String> services, String good, boolean proved) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                Command.asPath(directory),
                lock.file(),
                lock.token(),
                docker.engine().rootDirectory(),
                proved ? "yes" : "",
                good));
    arguments.addAll(services);
    ExecResult result =
        host.exec(
            Command.script(SETTLE, arguments.toArray(String[]::new)).detached().within(TIMEOUT));
    if (result.stdout().startsWith("lost")) {
      throw lock.lost().get();
    } else if (!result.ok()) {
      throw failed("What " + String.join(", ", services) + " runs cannot be made durable", result);
    }
  }

  /** What the guard runs in the directory when a deploy ends without a verdict. */
  public List<String> goBack(String stack) {
    return docker
        .script(
            GO_BACK,
            Inventory.FILE,
            docker.engine().rootDirectory(),
            String.valueOf(PATIENCE),
            stack,
            options(),
            Images.LOADING)
        .argv();
  }

  /**
   * Asks in one round trip what became of a service; null when the swarm has no such service, and
   * {@link Progress#UNANSWERED} while the manager starts.
   *
   * @throws DeployException when the manager does not answer
   */
  public @Nullable Progress progress(String stack, String service) {
    ExecResult result =
        host.exec(
            docker.script(TASKS, name(stack, service), SwarmAnswer.SERVICE, SwarmAnswer.TASK));
    if (!result.ok() && SILENT.matcher(result.stderr()).find()) {
      return Progress.UNANSWERED;
    } else if (!result.ok()) {
      throw failed("The tasks of " + service + " cannot be listed", result);
    }
    return result.stdout().startsWith("absent")
        ? null
        : result.read("docker service inspect", host, SwarmAnswer::progress);
  }

  /**
   * The status of a stack with the tasks of its services as its containers, by the manager.
   *
   * @param project what the manager's own Engine has told
   * @throws DeployException when the manager does not answer
   */
  public ProjectStatus status(ProjectStatus project, String stack, Collection<String> services) {
    List<String> arguments = new ArrayList<>(List.of(stack, SwarmStatus.TASK));
    arguments.addAll(services);
    ExecResult result = host.exec(docker.script(STATUS, arguments.toArray(String[]::new)));
    if (!result.ok()) {
      throw failed("The tasks of " + stack + " cannot be listed", result);
    }
    return result.read("docker service ps", host, said -> SwarmStatus.in(project, said));
  }

  /** What the swarm calls a service of a stack. */
  public static String name(String stack, String service) {
    return stack + "_" + service;
  }

  private DeployException failed(String what, ExecResult result) {
    return new DeployException(
        what + " on " + host.name() + ": " + result.describe(),
        "See there whether the swarm answers: " + docker.typed() + " node ls");
  }
}
