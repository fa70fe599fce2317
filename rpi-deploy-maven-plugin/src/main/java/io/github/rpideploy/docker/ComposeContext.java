package io.github.rpideploy.docker;

import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;

/**
 * What everything needs that is done to one compose project.
 *
 * @param docker how docker is called there
 * @param compose how compose is called there
 * @param directory the compose directory, absolute or relative to the user's home
 * @param contents what the probe saw of images
 * @param project the same of containers
 */
record ComposeContext(
    RemoteHost host,
    DockerCommand docker,
    Engine engine,
    ComposeCommand compose,
    String directory,
    EngineContents contents,
    ProbeResult.Project project) {

  /** A script that calls docker and compose. */
  Command script(Script script, String... arguments) {
    return compose.script(script, docker, arguments);
  }
}
