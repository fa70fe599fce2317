package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Docker on the Pi: its Engine, its command line, and compose.
 *
 * <p>{@link Probe#of} finds it. {@link #images} and {@link #containers} have the calls about those;
 * this class has the ones that need compose or the compose directory.
 */
public final class Docker {

  private static final Script START = Script.of(Docker.class, "start.sh");

  private final RemoteHost host;
  private final DockerCommand docker;
  private final Engine engine;
  private final @Nullable ComposeCommand compose;
  private final EngineContents contents;
  private final ProbeResult.Project project;
  private final Images images;
  private final Containers containers;

  /**
   * @param contents what the probe saw of images
   * @param project the same of the containers in the compose directory
   */
  Docker(
      RemoteHost host,
      DockerCommand docker,
      Engine engine,
      @Nullable ComposeCommand compose,
      EngineContents contents,
      ProbeResult.Project project) {
    this.contents = contents;
    this.project = project;
    this.host = host;
    this.docker = docker;
    this.engine = engine;
    this.compose = compose;
    this.images = new Images(host, docker, engine);
    this.containers = new Containers(host, docker);
  }

  /** The images of the Engine. */
  public Images images() {
    return images;
  }

  /** The containers of the Engine. */
  public Containers containers() {
    return containers;
  }

  /** What the Engine is. */
  public Engine engine() {
    return engine;
  }

  /** What the user of the Pi would type there for {@code docker}. */
  public String typed() {
    return docker.typed();
  }

  /** A script that is given how to call docker in its first two arguments. */
  public Command script(Script script, String... arguments) {
    return Command.script(script, docker.forScript(arguments));
  }

  /** The version of compose, or {@code none}. */
  public String composeVersion() {
    return compose == null ? "none" : compose.version();
  }

  /**
   * Compose in a directory of the Pi.
   *
   * @param directory absolute, or relative to the user's home
   * @throws DeployException when the Pi has neither {@code docker compose} nor {@code
   *     docker-compose}
   */
  public Compose compose(String directory) {
    return new Compose(
        new ComposeContext(host, docker, engine, requireCompose(), directory, contents, project));
  }

  private ComposeCommand requireCompose() {
    if (compose == null) {
      throw new DeployException(
          "Neither \"docker compose\" nor \"docker-compose\" was found on " + host.name(),
          "Install the compose plugin there: sudo apt install docker-compose-plugin"
              + " (Debian's own package: docker-compose)");
    }
    return compose;
  }

  /**
   * How compose has started a service.
   *
   * @param ok whether it could
   * @param containers of the service, without the output of health checks
   * @param said what compose printed, without values
   */
  public record Started(boolean ok, List<Container> containers, String said) {

    /** Keeps a copy. */
    public Started {
      containers = List.copyOf(containers);
    }
  }

  /**
   * Starts a service that no module deploys, in one round trip; its image was pulled before. It
   * runs to its end whoever watches.
   *
   * @param anew whether a container that is there is replaced
   * @throws DeployException when the deploy lock was lost, and nothing was changed
   */
  public Started start(String directory, HeldLock lock, String service, boolean anew) {
    ComposeCommand there = requireCompose();
    ExecResult result =
        host.exec(
            there
                .script(
                    START,
                    docker,
                    Command.asPath(directory),
                    lock.file(),
                    lock.token(),
                    service,
                    there.starting(anew),
                    there.listing(),
                    ProbeResult.Project.FORMAT)
                .detached()
                .within(ServiceChanges.TIMEOUT));
    if (result.stdout().startsWith("lost")) {
      throw lock.lost().get();
    }
    boolean up = result.ok() && result.stdout().startsWith("up 0\n");
    return new Started(
        up,
        ProbeResult.Project.parse(result.stdout().lines()).of(service),
        up || !result.stderr().isBlank()
            ? ComposeComplaint.withoutValues(result.stderr())
            : result.describe());
  }

  /**
   * Lists all containers of a compose project in one round trip; nothing is changed. It takes a
   * second or two, because Docker measures their memory.
   *
   * @param directory the compose directory, absolute or relative to the user's home
   * @throws DeployException when there is no such directory, or compose refuses its file
   */
  public ProjectStatus projectStatus(String directory) {
    ExecResult result = host.exec(ProjectStatus.command(docker, requireCompose(), directory));
    ProjectStatus snapshot = result.read("docker inspect", host, ProjectStatus::parse);
    if (!result.ok() || !snapshot.complaint().isEmpty()) {
      throw new DeployException(
          "The containers of "
              + directory
              + " on "
              + host.name()
              + " cannot be listed: "
              + (result.ok() ? snapshot.complaint() : result.describe()),
          "Name the directory of the compose file there: -Drpi.directory=rpi/my-services");
    }
    return snapshot;
  }

  /**
   * Reads in one round trip what was deployed to a directory, and which images the Engine holds and
   * uses.
   *
   * @param directory the compose directory, absolute or relative to the user's home
   * @param line a line to add to the history before it is read; empty to change nothing
   */
  public Inventory inventory(String directory, String line) {
    return Inventory.parse(host.exec(Inventory.command(docker, directory, true, line)).stdout());
  }

  /**
   * The same of the history alone, without asking the Engine, which takes a Pi longer than all the
   * rest.
   */
  public Inventory history(String directory, String line) {
    return Inventory.parse(host.exec(Inventory.command(docker, directory, false, line)).stdout());
  }
}
