package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import java.time.Duration;
import java.util.List;

/**
 * Compose in one directory of the Pi.
 *
 * <p>Every command runs in that directory without {@code -p} or {@code -f}, exactly as the user
 * would type it there; otherwise compose would see another project and make a second stack.
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
   * What the compose file in the directory says.
   *
   * @throws DeployException when there is none, or compose refuses it
   */
  public ComposeFile config() {
    return parsed(host.exec(Command.of(compose.config()).in(directory)));
  }

  /**
   * What the given compose file would say if it lay in the directory.
   *
   * @throws DeployException when compose refuses it
   */
  public ComposeFile config(String composeYaml) {
    return parsed(
        host.exec(Command.of(compose.configFromStdin()).in(directory), Stdin.of(composeYaml)));
  }

  private ComposeFile parsed(ExecResult result) {
    if (result.ok()) {
      return ComposeFile.parse(result.stdout());
    }
    throw new DeployException(
        "Compose refuses the compose file of "
            + directory
            + " on "
            + host.name()
            + ": "
            + result.stderr().strip(),
        "Put a compose.yaml beside the root pom.xml (or name one with -Drpi.composeFile), or mend"
            + " the one on the Pi; nothing was changed");
  }

  /** Replaces the container of one service; no other service is touched, nothing is pulled. */
  public ExecResult recreate(String service) {
    return host.exec(Command.of(compose.recreate(service)).in(directory).within(RECREATE_TIMEOUT));
  }

  /** The ids of a service's containers, running or not. */
  public List<String> containers(String service) {
    ExecResult result = host.exec(Command.of(compose.containers(service)).in(directory));
    if (result.ok()) {
      return result.stdout().lines().map(String::strip).filter(id -> !id.isEmpty()).toList();
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
}
