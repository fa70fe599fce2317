package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.remote.RemoteHost;
import java.util.Optional;

/** A machine on which containers of a stack run. */
public interface Node {

  /** The connection to it. */
  RemoteHost host();

  /** The docker command line there. */
  Docker docker();

  /** A container's present state, empty when it is gone. */
  default Optional<Container> inspect(String container) {
    return docker().containers().inspect(container);
  }
}
