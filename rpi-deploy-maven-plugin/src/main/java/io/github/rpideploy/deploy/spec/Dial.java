package io.github.rpideploy.deploy.spec;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.RemoteHost;

/** Connects to another machine of a swarm, through its manager. */
@FunctionalInterface
public interface Dial {

  /** For one Pi that is no swarm. */
  Dial NOWHERE =
      (node, address) -> {
        throw new DeployException("There is no way to " + address, "Deploy with Maven");
      };

  /**
   * Connects, unless there is a connection already.
   *
   * @param node its name in the swarm
   * @param address by which the manager knows it
   * @throws DeployException when it cannot be reached, trusted or logged in to
   */
  RemoteHost to(String node, String address);
}
