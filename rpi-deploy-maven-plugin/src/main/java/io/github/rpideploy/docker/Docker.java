package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The {@code docker} command line on the Pi. */
public final class Docker {

  /** What an SD card may need after the last byte of an image has arrived. */
  private static final Duration LOAD_TIMEOUT = Duration.ofMinutes(30);

  private final RemoteHost host;
  private final String docker;
  private final Engine engine;
  private final @Nullable ComposeCommand compose;

  Docker(RemoteHost host, String docker, Engine engine, @Nullable ComposeCommand compose) {
    this.host = host;
    this.docker = docker;
    this.engine = engine;
    this.compose = compose;
  }

  /**
   * Finds Docker on the Pi, also where the PATH of a non-interactive session lacks it.
   *
   * @throws DeployException when there is none, or its Engine does not answer this user
   */
  public static Docker on(RemoteHost host) {
    return DockerProbe.find(host);
  }

  /** What the Engine is. */
  public Engine engine() {
    return engine;
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
    if (compose == null) {
      throw new DeployException(
          "Neither \"docker compose\" nor \"docker-compose\" was found on " + host.name(),
          "Install the compose plugin there: sudo apt install docker-compose-plugin"
              + " (Debian's own package: docker-compose)");
    }
    return new Compose(host, compose, directory);
  }

  /**
   * Streams an archive into {@code docker load}.
   *
   * <p>The result proves nothing: the containerd store exits 0 for an image that it could not
   * unpack (measured on Engine 28.5). {@link #prove} does.
   */
  public ExecResult load(Stdin archive) {
    return host.exec(Command.of(docker, "load", "--quiet").within(LOAD_TIMEOUT), archive);
  }

  /**
   * The id of the image under a name, empty when the Pi has none: on a classic store the config
   * digest, on the containerd store the manifest digest.
   */
  public Optional<String> imageId(String reference) {
    ExecResult result =
        host.exec(Command.of(docker, "image", "inspect", "--format", "{{.Id}}", reference));
    if (result.ok()) {
      return Optional.of(result.stdout().strip());
    }
    if (result.stderr().toLowerCase(Locale.ROOT).contains("no such image")) {
      return Optional.empty();
    }
    throw failed("docker image inspect " + reference, result);
  }

  /**
   * Asks in one round trip what a ship has to know: the images that the Engine holds, the state of
   * the given releases, and free space.
   *
   * @param prove whether a container is made of each release and removed, never started; otherwise
   *     nothing at all is changed
   */
  public Survey survey(List<ReleaseCheck> releases, boolean prove) {
    ExecResult result = host.exec(ReleaseScripts.survey(engine, docker, prove, releases));
    if (!result.ok()) {
      throw failed("Asking for the images", result);
    }
    return ReleaseAnswer.parse(result.stdout()).survey();
  }

  /**
   * Shows in one round trip that containers can be made of releases, and records on the containerd
   * store what was sent for those that are good.
   *
   * @param record whether to record
   * @return the state of each release, by its tag
   */
  public Proof prove(List<ReleaseCheck> releases, boolean record) {
    ExecResult result = host.exec(ReleaseScripts.prove(docker, releases, record));
    if (!result.ok()) {
      throw failed("Proving the releases", result);
    }
    ReleaseAnswer answer = ReleaseAnswer.parse(result.stdout());
    return new Proof(answer.releases(), answer.unrecorded());
  }

  /** Lets {@code target} name the image that {@code source} names. */
  public void tag(String source, String target) {
    ExecResult result = host.exec(Command.of(docker, "image", "tag", source, target));
    if (!result.ok()) {
      throw failed("docker image tag " + source + " " + target, result);
    }
  }

  /** Removes a tag, and the image when it was the last one; does nothing when it cannot. */
  public void removeTag(String reference) {
    host.exec(Command.of(docker, "image", "rm", reference));
  }

  /** A container's present state, empty when it is gone. */
  public Optional<Container> container(String id) {
    ExecResult result =
        host.exec(
            Command.of(docker, "container", "inspect", "--format", Container.FORMAT, "--", id));
    if (result.ok()) {
      return Optional.of(Container.parse(result.stdout()));
    }
    if (result.stderr().toLowerCase(Locale.ROOT).contains("no such container")) {
      return Optional.empty();
    }
    throw failed("docker container inspect " + id, result);
  }

  /** Writes what a container has logged, standard output and error together, to {@code out}. */
  public void logs(String containerId, OutputStream out) {
    host.exec(
        Command.script("exec \"$1\" logs \"$2\" 2>&1", docker, containerId), Stdin.EMPTY, out);
  }

  private DeployException failed(String what, ExecResult result) {
    return new DeployException(
        what + " failed on " + host.name() + ": " + result.describe(),
        "Run it on the Pi to see more; nothing was changed by it");
  }
}
