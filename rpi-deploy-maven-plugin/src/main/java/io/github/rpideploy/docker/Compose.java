package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;
import io.github.rpideploy.remote.Stdin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compose in one directory of the Pi.
 *
 * <p>Every command runs in that directory without {@code -p} or {@code -f}, exactly as the user
 * would type it there; otherwise compose would see another project and create a second stack.
 */
public final class Compose {

  /** So many are enough to look at, whatever the Pi says. */
  private static final int MOST_CONTAINERS = 100;

  private static final int MOST_SERVICES = 10_000;

  private static final Script NOW = Script.of(Compose.class, "service-now.sh");
  private static final Script CONTAINERS = Script.of(Compose.class, "containers.sh");
  private static final Script HASHES = Script.of(Compose.class, "hashes.sh");

  private final ComposeContext context;
  private final RemoteHost host;
  private final String directory;

  Compose(ComposeContext context) {
    this.context = context;
    this.host = context.host();
    this.directory = context.directory();
  }

  /**
   * Compose's own digest of the configuration of each service, by name; empty when compose cannot
   * compute it. It is what {@link ServiceChanges#recreate} notes, and with most compose files also
   * {@link Container#configHash}.
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
    List<String> arguments =
        new ArrayList<>(
            List.of(Command.asPath(directory), given, which, context.compose().version()));
    arguments.addAll(context.compose().argv());
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
    ServiceNow.Seen seen =
        ServiceNow.Seen.of(context.contents(), context.project(), service, release);
    ExecResult result =
        host.exec(
            context.script(
                NOW,
                Command.asPath(directory),
                Inventory.FILE,
                service,
                release,
                repository,
                context.compose().listing(),
                Container.FORMAT,
                seen.moment(),
                seen.made(),
                seen.image()));
    if (!result.ok()) {
      throw context.docker().failure(host, "docker inspect " + release, result);
    }
    return result.read("docker inspect", host, said -> ServiceNow.parse(said, live, seen));
  }

  /** What changes its services. */
  public ServiceChanges changes() {
    return new ServiceChanges(context);
  }

  /** What becomes of containers beside which new ones were started. */
  public OldContainers oldContainers() {
    return new OldContainers(context);
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
    return host.exec(
        context.script(
            CONTAINERS, Command.asPath(directory), service, context.compose().listing()));
  }

  /**
   * What compose prints of the compose file in the directory, with the services of all profiles; it
   * may hold secrets.
   */
  public ExecResult config() {
    ExecResult every = config(List.of("--profile", "*", "config"));
    // One that knows no profiles, or cannot read them all.
    return every.ok() ? every : config(List.of("config"));
  }

  private ExecResult config(List<String> arguments) {
    return host.exec(Command.of(context.compose().with(arguments)).in(directory));
  }

  /** The compose file in the directory as compose reads it; empty when compose refuses it. */
  public Optional<ComposeFile> present() {
    ExecResult result = config(List.of("config"));
    return result.ok() ? Optional.of(ComposeFile.parse(result.stdout())) : Optional.empty();
  }
}
