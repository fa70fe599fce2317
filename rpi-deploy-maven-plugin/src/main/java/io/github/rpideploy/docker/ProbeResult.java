package io.github.rpideploy.docker;

/**
 * What was found on the Pi in the first round trip.
 *
 * @param docker the command line there
 * @param contents what the Engine holds, and free space
 * @param compose what compose makes of the compose file that is to be used
 */
public record ProbeResult(Docker docker, EngineContents contents, ComposeAnswer compose) {}
