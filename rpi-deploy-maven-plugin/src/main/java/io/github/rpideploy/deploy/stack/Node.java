package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Containers;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.EngineContents;
import io.github.rpideploy.remote.RemoteHost;
import java.util.Optional;

/** A machine on which containers of a stack run. */
public interface Node {

  /** How messages name it. */
  String name();

  /** The connection to it. */
  RemoteHost host();

  /** The docker command line there. */
  Docker docker();

  /** What its Engine holds now. */
  default EngineContents contents() {
    return docker().images().contents();
  }

  /** A container's present state, empty when it is gone. */
  default Optional<Container> inspect(String container) {
    return docker().containers().inspect(container);
  }

  /** Where a container listens; empty when it is gone. */
  default Optional<Containers.Listening> listening(String container) {
    return docker().containers().listening(container);
  }
}
