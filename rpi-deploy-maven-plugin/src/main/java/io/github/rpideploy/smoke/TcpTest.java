package io.github.rpideploy.smoke;

import io.github.rpideploy.DeployException;
import java.time.Duration;

/**
 * One TCP connection that is to be accepted, and kept for a moment: Docker's own proxy accepts for
 * a container in which nobody listens, and hangs up.
 *
 * @param host resolved on the Pi when {@code tunnelled}
 * @param port from 1 to 65535
 * @param tunnelled whether the connection goes through the SSH connection and leaves from the Pi
 * @param timeout to connect
 */
public record TcpTest(String host, int port, boolean tunnelled, Duration timeout) {

  /**
   * @throws DeployException when there is no such port
   */
  public TcpTest {
    if (port < 1 || port > 65535) {
      throw new DeployException(
          "Not a TCP port: " + port,
          "Set smokeTcp (-Drpi.smokeTcp) to a port from 1 to 65535, or to host:port");
    }
  }

  /** {@code localhost:5432}. */
  public String address() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
