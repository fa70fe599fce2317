package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;
import io.github.rpideploy.remote.Stdin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compose in one directory of the Pi.
 *
 * <p>Every command runs in that directory without {@code -p} or {@code -f}, exactly as the user
 * would type it there; otherwise compose would see another project and create a second stack.
 */
public final class Compose {

  /** Stopping a service may take its stop grace period, starting it a slow SD card. */
  static final Duration RECREATE_TIMEOUT = Duration.ofMinutes(10);

  /** Until a service that the guard takes back must run, in seconds. */
  private static final int PATIENCE = 120;

  /** How compose ended. */
  private static final Pattern UP = Pattern.compile("up \\d{1,3}");

  /** So many are enough to look at, whatever the Pi says. */
  private static final int MOST_CONTAINERS = 100;

  private static final int MOST_SERVICES = 10_000;

  private static final Script NOW = Script.of(Compose.class, "service-now.sh");
  private static final Script CONTAINERS = Script.of(Compose.class, "containers.sh");
  private static final Script HASHES = Script.of(Compose.class, "hashes.sh");
  private static final Script RECREATE = Script.of(Compose.class, "recreate.sh");
  private static final Script SETTLE = Script.of(Compose.class, "settle.sh");
  private static final Script GO_BACK = Script.of(Compose.class, "go-back.sh");
  private static final Script RESTORE = Script.of(Compose.class, "restore.sh");

  private final RemoteHost host;
  private final DockerCommand docker;
  private final Engine engine;
  private final ComposeCommand compose;
  private final String directory;

  /**
   * The deploy lock, for steps that change something live.
   *
   * @param file where it is in the directory
   * @param token what says in that file that this deploy holds it
   * @param lost what to tell the user when it does not
   */
  public record Lock(String file, String token, Supplier<DeployException> lost) {}

  Compose(
      RemoteHost host,
      DockerCommand docker,
      Engine engine,
      ComposeCommand compose,
      String directory) {
    this.host = host;
    this.docker = docker;
    this.engine = engine;
    this.compose = compose;
    this.directory = directory;
  }

  /**
   * Compose's own digest of the configuration of each service, by name; empty when compose cannot
   * compute it. It is what {@link #recreate} notes, and with most compose files also {@link
   * Container#configHash}.
   *
   * @param composeYaml the compose file that will be uploaded, or null for the one on the Pi
   * @param which a service, or {@code *} for all; version 1 leaves out those of a profile then
   */
  public Map<String, String> hashes(@Nullable String composeYaml, String which) {
    ExecResult result =
        composeYaml == null
            ? host.exec(hashesOf("", which))
            : host.exec(hashesOf("yes", which), Stdin.of(composeYaml));
    Map<String, String> hashes = new HashMap<>();
    if (result.ok()) {
      result.lines(MOST_SERVICES).stream()
          .map(line -> line.split("\\s+", -1))
          .filter(words -> words.length == 2)
          .forEach(words -> hashes.put(words[0], words[1]));
    }
    return hashes;
  }

  private Command hashesOf(String given, String which) {
    List<String> arguments = new ArrayList<>(List.of(Command.asPath(directory), given, which));
    arguments.addAll(compose.argv());
    return Command.script(HASHES, arguments.toArray(String[]::new));
  }

  /**
   * Asks in one round trip what a service runs now; nothing is changed.
   *
   * @param release the tag that it is to run
   * @param repository of that tag
   * @param live the tag that the compose file names
   * @throws DeployException when the Engine does not answer
   */
  public ServiceNow now(String service, String release, String repository, String live) {
    ExecResult result =
        host.exec(
            script(
                NOW,
                Command.asPath(directory),
                Inventory.FILE,
                service,
                release,
                repository,
                compose.listing(),
                Container.FORMAT));
    if (!result.ok()) {
      throw docker.failure(host, "docker image inspect " + release, result);
    }
    return result.read("docker inspect", host, said -> ServiceNow.parse(said, live));
  }

  /**
   * Moves the live tag and replaces the container of one service; no other service is touched,
   * nothing is pulled. It runs to its end whoever watches, and once even if it is asked for again
   * because the connection was lost. Values are removed from its output.
   *
   * @param intent how to go back, for the guard; empty when it has been told already
   * @param image a tag or an id
   * @param uses the files and directories of the stack that the service sees, to be noted; null to
   *     keep those that were noted
   * @param untouched is called before this fails because compose was not reached
   * @return how compose ended; the standard output has the ids of the service's containers
   * @throws DeployException when compose was not reached, and nothing was changed
   */
  public ExecResult recreate(
      Lock lock,
      String service,
      String intent,
      String image,
      String live,
      @Nullable Collection<String> uses,
      Runnable untouched) {
    ExecResult result =
        host.exec(
            script(
                    RECREATE,
                    Command.asPath(directory),
                    lock.file(),
                    lock.token(),
                    UUID.randomUUID().toString(),
                    service,
                    intent,
                    image,
                    live,
                    compose.recreating(),
                    compose.listing(),
                    uses == null ? "?" : String.join("\n", uses))
                .detached()
                .within(RECREATE_TIMEOUT));
    List<String> words = result.stdout().lines().toList();
    String end = words.isEmpty() ? "" : words.get(0);
    if (Set.of("lost", "untagged", "unnoted").contains(end)) {
      untouched.run();
    }
    if (end.equals("lost")) {
      throw lock.lost().get();
    } else if (end.equals("untagged")) {
      throw docker.failure(
          host,
          "docker image tag " + image + " " + live,
          new ExecResult(1, null, "", result.stderr()));
    } else if (!UP.matcher(end).matches()) {
      throw new DeployException(
          "How to go back cannot be written down in "
              + directory
              + "/.rpi on "
              + host.name()
              + ": "
              + (result.ok() ? result.stderr().strip() : result.describe()),
          service + " was not touched. Check the space there: df -h " + directory);
    }
    return new ExecResult(
        Integer.parseInt(end.substring("up ".length())),
        null,
        words.stream()
            .filter(line -> line.startsWith("container "))
            .map(line -> line.substring("container ".length()) + "\n")
            .collect(Collectors.joining()),
        ComposeComplaint.withoutValues(result.stderr()));
  }

  /**
   * The verdict on services is in: makes durable what they run, and forgets how to go back.
   *
   * @param good the id of the image with which they were proved good; empty when they were not
   * @param proved whether a service was proved good with the present compose file
   * @throws DeployException when the deploy lock was lost, so that the guard may have gone back; or
   *     the Pi cannot do it
   */
  public void settle(Lock lock, Collection<String> services, String good, boolean proved) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                Command.asPath(directory),
                lock.file(),
                lock.token(),
                engine.rootDirectory(),
                proved ? "yes" : "",
                good));
    arguments.addAll(services);
    ExecResult result =
        host.exec(
            Command.script(SETTLE, arguments.toArray(String[]::new))
                .detached()
                .within(RECREATE_TIMEOUT));
    if (result.stdout().startsWith("lost")) {
      throw lock.lost().get();
    } else if (!result.ok()) {
      throw new DeployException(
          "What "
              + String.join(", ", services)
              + " runs cannot be made durable on "
              + host.name()
              + ": "
              + result.describe(),
          "Deploy again; look at the services with mvn rpi:status");
    }
  }

  /** Where in the home it is written what is being loaded: what a power cut may tear. */
  public static final String LOADING = ReleaseScripts.LOADING;

  /** What the guard runs in the directory when a deploy ends without a verdict. */
  public List<String> goBack() {
    return script(
            GO_BACK,
            Inventory.FILE,
            engine.rootDirectory(),
            String.valueOf(PATIENCE),
            compose.recreating(),
            compose.listing(),
            ReleaseScripts.LOADING)
        .argv();
  }

  /**
   * Takes back what was done to the compose file and the files of the stack.
   *
   * @param change {@code CREATED} or {@code REPLACED}, then {@code FILES}
   */
  public ExecResult restore(String change) {
    return host.exec(Command.script(RESTORE, change).in(directory));
  }

  private Command script(Script script, String... arguments) {
    return compose.script(script, docker, arguments);
  }

  /** The ids of a service's containers, running or not. */
  public List<String> containers(String service) {
    ExecResult result = list(service);
    if (result.ok()) {
      return result.lines(MOST_CONTAINERS);
    }
    throw new DeployException(
        "Compose cannot list the containers of %s in %s on %s: %s"
            .formatted(service, directory, host.name(), result.describe()),
        "Run there: docker compose ps -a");
  }

  /** The same; empty also when the directory or the service does not exist yet. */
  public List<String> containersIfAny(String service) {
    ExecResult result = list(service);
    return result.ok() ? result.lines(MOST_CONTAINERS) : List.of();
  }

  private ExecResult list(String service) {
    return host.exec(script(CONTAINERS, Command.asPath(directory), service, compose.listing()));
  }

  /** The compose file in the directory as compose reads it; empty when compose refuses it. */
  public Optional<ComposeFile> present() {
    ExecResult result = host.exec(Command.of(compose.config()).in(directory));
    return result.ok() ? Optional.of(ComposeFile.parse(result.stdout())) : Optional.empty();
  }
}
