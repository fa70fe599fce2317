package io.github.rpideploy.docker;

import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.Script;

/** {@code docker logs --follow} that ends with the connection, even when nothing is logged. */
final class FollowedLog {

  private static final Script SCRIPT = Script.of(FollowedLog.class, "followed-log.sh");

  private FollowedLog() {}

  /**
   * @param arguments of docker
   */
  static Command command(DockerCommand docker, String... arguments) {
    return Command.script(SCRIPT, docker.forScript(arguments)).untilInputEnds();
  }
}
