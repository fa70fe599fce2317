package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import java.time.Duration;
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

  /** Stopping a service may take its stop grace period, starting it a slow SD card. */
  private static final Duration RECREATE_TIMEOUT = Duration.ofMinutes(10);

  private final RemoteHost host;
  private final ComposeCommand compose;
  private final String directory;

  Compose(RemoteHost host, ComposeCommand compose, String directory) {
    this.host = host;
    this.compose = compose;
    this.directory = directory;
  }

  /**
   * Compose's own digest of the configuration of each service, by name; empty when compose cannot
   * compute it. An up-to-date container has the same {@link Container#configHash}.
   *
   * @param composeYaml the compose file that will be uploaded, or null for the one on the Pi
   */
  public Map<String, String> hashes(@Nullable String composeYaml) {
    Command command = Command.of(compose.hashes(composeYaml != null)).in(directory);
    ExecResult result =
        composeYaml == null ? host.exec(command) : host.exec(command, Stdin.of(composeYaml));
    Map<String, String> hashes = new HashMap<>();
    if (result.ok()) {
      result
          .stdout()
          .lines()
          .map(line -> line.strip().split("\\s+", -1))
          .filter(words -> words.length == 2)
          .forEach(words -> hashes.put(words[0], words[1]));
    }
    return hashes;
  }

  /**
   * Replaces the container of one service; no other service is touched, nothing is pulled. Values
   * are removed from its output.
   */
  public ExecResult recreate(String service) {
    ExecResult result =
        host.exec(Command.of(compose.recreate(service)).in(directory).within(RECREATE_TIMEOUT));
    return new ExecResult(
        result.exitStatus(),
        result.signal(),
        result.stdout(),
        ComposeComplaint.withoutValues(result.stderr()));
  }

  /** The ids of a service's containers, running or not. */
  public List<String> containers(String service) {
    ExecResult result = list(service);
    if (result.ok()) {
      return ids(result);
    }
    throw new DeployException(
        "Compose cannot list the containers of "
            + service
            + " in "
            + directory
            + " on "
            + host.name()
            + ": "
            + result.describe(),
        "Run there: docker compose ps -a");
  }

  /** The same; empty also when the directory or the service does not exist yet. */
  public List<String> containersIfAny(String service) {
    ExecResult result = list(service);
    return result.ok() ? ids(result) : List.of();
  }

  private ExecResult list(String service) {
    return host.exec(Command.of(compose.containers(service)).in(directory));
  }

  private static List<String> ids(ExecResult result) {
    return result.stdout().lines().map(String::strip).filter(id -> !id.isEmpty()).toList();
  }

  /** The compose file in the directory as compose reads it; empty when compose refuses it. */
  public Optional<ComposeFile> present() {
    ExecResult result = host.exec(Command.of(compose.config()).in(directory));
    return result.ok() ? Optional.of(ComposeFile.parse(result.stdout())) : Optional.empty();
  }
}
