package io.github.rpideploy.docker;

import io.github.rpideploy.remote.Command;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code docker logs --follow} that ends with the connection, also when nothing is logged. */
final class FollowedLog {

  /**
   * What watches for the end of the input has no hold on the output: the channel would stay open
   * for it. Docker takes the place of its shell, so that the signal reaches it.
   */
  private static final String SCRIPT =
      """
      docker=$1
      shift
      exec 3<&0
      (eval "exec $docker \\"\\$@\\"") 2>&1 3<&- < /dev/null &
      logs=$!
      { cat <&3; kill $logs; } > /dev/null 2>&1 &
      watcher=$!
      exec 3<&-
      wait $logs
      status=$?
      kill $watcher 2> /dev/null
      exit $status
      """;

  private FollowedLog() {}

  /**
   * @param arguments of docker
   */
  static Command command(DockerCommand docker, String... arguments) {
    List<String> all = new ArrayList<>(List.of(docker.line()));
    all.addAll(Arrays.asList(arguments));
    return Command.script(SCRIPT, all.toArray(String[]::new)).untilInputEnds();
  }
}
