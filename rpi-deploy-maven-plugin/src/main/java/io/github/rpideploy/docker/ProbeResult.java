package io.github.rpideploy.docker;

import java.util.List;

/**
 * What was found on the Pi in the first round trip.
 *
 * @param docker the command line there
 * @param contents what the Engine holds, and free space
 * @param compose what compose makes of the compose file that is to be used
 * @param unsettled the services that a deploy has left without a verdict
 * @param files what was told of the stack's files
 */
public record ProbeResult(
    Docker docker,
    EngineContents contents,
    ComposeAnswer compose,
    List<String> unsettled,
    List<String> files) {

  /** Keeps copies. */
  public ProbeResult {
    unsettled = List.copyOf(unsettled);
    files = List.copyOf(files);
  }
}
