package io.github.rpideploy.docker;

import com.google.gson.Gson;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The {@code docker} command line on the Pi. */
public final class Docker {

  private static final int LOG_LIMIT = 2 << 20;

  /** How soon it is seen that a followed log has ended. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);

  private final RemoteHost host;
  private final DockerCommand docker;
  private final Engine engine;
  private final @Nullable ComposeCommand compose;

  Docker(RemoteHost host, DockerCommand docker, Engine engine, @Nullable ComposeCommand compose) {
    this.host = host;
    this.docker = docker;
    this.engine = engine;
    this.compose = compose;
  }

  /**
   * Finds Docker on the Pi, also where the PATH of a non-interactive session lacks it, and asks in
   * the same round trip what a deploy has to know. Nothing is changed there.
   *
   * @param directory the compose directory, absolute or relative to the user's home; it need not be
   *     there
   * @param composeYaml what is to lie in the directory, or null for what does
   * @param sudo whether docker and compose are called by {@code sudo -n}
   * @throws DeployException when there is no Docker, or its Engine does not answer this user
   */
  public static ProbeResult on(
      RemoteHost host, String directory, @Nullable String composeYaml, boolean sudo) {
    return Probe.look(host, directory, composeYaml, sudo);
  }

  /**
   * Looks closely at a Pi, in one round trip; nothing is changed there.
   *
   * @param directory the compose directory, absolute or relative to the user's home; it need not be
   *     there
   * @param composeYaml what is to lie in the directory, or null for what does
   * @param sudo whether Docker is called by {@code sudo -n}
   * @throws DeployException when no shell works there; what else is wrong is a finding
   */
  public static ExaminationResult examine(
      RemoteHost host, String directory, @Nullable String composeYaml, boolean sudo) {
    return Examination.of(host, directory, composeYaml, sudo);
  }

  /** What the Engine is. */
  public Engine engine() {
    return engine;
  }

  /** What the user of the Pi would type there for {@code docker}. */
  public String typed() {
    return docker.typed();
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
    return new Compose(host, requireCompose(), directory);
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
   * Looks in one round trip at all containers of a compose project; nothing is changed. Takes a
   * second or two, for memory.
   *
   * @param directory the compose directory, absolute or relative to the user's home
   * @throws DeployException when there is no such directory, or compose refuses its file
   */
  public ProjectStatus projectStatus(String directory) {
    ExecResult result = host.exec(ProjectStatus.command(docker, requireCompose(), directory));
    ProjectStatus snapshot = ProjectStatus.parse(result.stdout());
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
   * Streams an archive into {@code docker load} and shows in the same round trip that containers
   * can be made of its releases; those that are good are noted.
   *
   * @param releases what is in it
   */
  public Loaded load(Stdin archive, List<ReleaseCheck> releases) {
    ExecResult result = host.exec(ReleaseScripts.load(docker, releases), archive);
    ReleaseAnswer answer = ReleaseAnswer.parse(result.stdout());
    ExecResult load = answer.loaded().orElseThrow(() -> failed("Loading the images", result));
    return new Loaded(load, answer.proof());
  }

  /**
   * The id of the image under a name, empty when the Pi has none: on a classic store the config
   * digest, on the containerd store the manifest digest.
   */
  public Optional<String> imageId(String reference) {
    ExecResult result =
        host.exec(docker.call("image", "inspect", "--format", "{{.Id}}", reference));
    if (result.ok()) {
      return Optional.of(result.stdout().strip());
    }
    if (result.stderr().toLowerCase(Locale.ROOT).contains("no such image")) {
      return Optional.empty();
    }
    throw failed("docker image inspect " + reference, result);
  }

  /**
   * Asks in one round trip which images the Engine holds, what is noted of them, and free space.
   */
  public EngineContents contents() {
    ExecResult result = host.exec(ReleaseScripts.survey(engine, docker));
    if (!result.ok()) {
      throw failed("Asking for the images", result);
    }
    return ReleaseAnswer.parse(result.stdout()).contents();
  }

  /**
   * Shows in one round trip that containers can be made of releases, and notes those that are good.
   */
  public Proof prove(List<ReleaseCheck> releases) {
    ExecResult result = host.exec(ReleaseScripts.prove(docker, releases));
    if (!result.ok()) {
      throw failed("Proving the releases", result);
    }
    return ReleaseAnswer.parse(result.stdout()).proof();
  }

  /** Lets {@code target} name the image that {@code source} names. */
  public void tag(String source, String target) {
    ExecResult result = host.exec(docker.call("image", "tag", source, target));
    if (!result.ok()) {
      throw failed("docker image tag " + source + " " + target, result);
    }
  }

  /**
   * Reads in one round trip what was deployed to a directory, and which images the Engine holds and
   * uses.
   *
   * @param directory the compose directory, absolute or relative to the user's home
   * @param line what is added to the history before it is read; empty to change nothing
   */
  public Inventory inventory(String directory, String line) {
    return Inventory.parse(host.exec(Inventory.command(docker, directory, line)).stdout());
  }

  /**
   * Removes tags in one round trip, and images that have no other; never one that a container is
   * made of. Does nothing with one that it cannot remove.
   *
   * @return those that the Engine has removed
   */
  public List<String> removeTags(List<String> tags) {
    List<String> call = new ArrayList<>(List.of("image", "rm"));
    call.addAll(tags);
    String said = host.exec(docker.call(call.toArray(String[]::new))).stdout();
    return tags.stream()
        .filter(tag -> said.lines().anyMatch(("Untagged: " + tag)::equals))
        .toList();
  }

  /** A container's present state, empty when it is gone. */
  public Optional<Container> container(String id) {
    ExecResult result =
        host.exec(docker.call("container", "inspect", "--format", Container.FORMAT, "--", id));
    if (result.ok()) {
      return Optional.of(Container.parse(result.stdout()));
    }
    if (result.stderr().toLowerCase(Locale.ROOT).contains("no such container")) {
      return Optional.empty();
    }
    throw failed("docker container inspect " + id, result);
  }

  /**
   * The environment that a container was given, {@code NAME=value} each. Most secrets are there, so
   * it is for nobody's eyes.
   */
  public List<String> environment(String containerId) {
    ExecResult result =
        host.exec(
            docker.call(
                "container", "inspect", "--format", "{{json .Config.Env}}", "--", containerId));
    if (!result.ok()) {
      throw failed("docker container inspect " + containerId, result);
    }
    String[] variables = new Gson().fromJson(result.stdout(), String[].class);
    return variables == null ? List.of() : List.of(variables);
  }

  /**
   * What a container has logged, standard output and error together: whole lines, at most the last
   * 20000 of them and the last 2 MiB.
   *
   * @param within how long ago, by the Pi's own clock; null for no limit
   */
  public byte[] logs(String containerId, @Nullable Duration within) {
    List<String> call = docker.with("logs", "--tail", "20000");
    if (within != null) {
      call.addAll(List.of("--since", within.toSeconds() + "s"));
    }
    call.add(containerId);
    call.add(0, String.valueOf(LOG_LIMIT));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    host.exec(
        Command.script(
            "limit=$1; shift; \"$@\" 2>&1 | tail -c \"$limit\"", call.toArray(String[]::new)),
        Stdin.EMPTY,
        out);
    byte[] log = out.toByteArray();
    if (log.length < LOG_LIMIT) {
      return log;
    }
    // It begins somewhere in a line, and perhaps within a secret that would not be known then.
    int start = 0;
    while (start < log.length && log[start] != '\n') {
      start++;
    }
    return Arrays.copyOfRange(log, Math.min(start + 1, log.length), log.length);
  }

  /**
   * How earlier runs of a container have ended within that time; none when nobody can say.
   *
   * <p>Docker cuts times down to whole seconds, so that what has just happened lies after "now";
   * one second more than that it waits for.
   */
  public Exits exits(String containerId, Duration within) {
    ExecResult result =
        host.exec(
            docker.call(
                "events",
                "--since",
                within.toSeconds() + "s",
                "--until",
                "-1s",
                "--filter",
                "event=die",
                "--filter",
                "event=oom",
                "--filter",
                "container=" + containerId,
                "--format",
                Exits.FORMAT));
    return result.ok() ? Exits.parse(result.stdout()) : Exits.NONE;
  }

  /**
   * Runs a command line in a container, by the container's own shell.
   *
   * @param limit how long it may take; the status is 124 when it takes longer
   */
  public ExecResult execute(String containerId, String commandLine, Duration limit) {
    List<String> call = docker.with("exec", containerId, "sh", "-c", commandLine);
    call.addAll(0, List.of("timeout", String.valueOf(limit.toSeconds())));
    return host.exec(Command.of(call));
  }

  /** The name of the running container that has published a port; empty when none has. */
  public Optional<String> holder(int port) {
    ExecResult result =
        host.exec(docker.call("ps", "--filter", "publish=" + port, "--format", "{{.Names}}"));
    return result.ok()
        ? result.stdout().lines().map(String::strip).filter(name -> !name.isEmpty()).findFirst()
        : Optional.empty();
  }

  /**
   * The same for a part of the log.
   *
   * @param arguments of {@code docker logs}
   * @param follow whether they ask for what is logged from now on too: then it returns when the
   *     container has ended
   */
  public void logs(String containerId, List<String> arguments, boolean follow, OutputStream out) {
    List<String> call = new ArrayList<>(List.of("logs"));
    call.addAll(arguments);
    call.add(containerId);
    String[] whole = call.toArray(String[]::new);
    if (follow) {
      host.exec(FollowedLog.command(docker, whole), Docker::signsOfLife, out);
    } else {
      host.exec(
          Command.script("exec \"$@\" 2>&1", docker.with(whole).toArray(String[]::new)),
          Stdin.EMPTY,
          out);
    }
  }

  /** Written until the other side reads no more. */
  private static void signsOfLife(OutputStream out) throws IOException {
    try {
      while (true) {
        out.write('.');
        out.flush();
        Thread.sleep(HEARTBEAT.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /**
   * How messages name an image, as {@link ImageNames} has it.
   *
   * @param id the image's id
   * @param except a tag that does not count: it is about to name another image
   */
  public String nameOf(String id, String except) {
    ExecResult result =
        host.exec(
            docker.call("image", "inspect", "--format", "{{range .RepoTags}}{{.}} {{end}}", id));
    List<String> tags =
        result.ok()
            ? List.of(result.stdout().strip().split(" +", -1)).stream()
                .filter(tag -> !tag.isEmpty() && !tag.equals(except))
                .toList()
            : List.of();
    return ImageNames.of(id, tags);
  }

  private DeployException failed(String what, ExecResult result) {
    return new DeployException(
        what + " failed on " + host.name() + ": " + result.describe(),
        "Run it on the Pi to see more; nothing was changed by it");
  }
}
