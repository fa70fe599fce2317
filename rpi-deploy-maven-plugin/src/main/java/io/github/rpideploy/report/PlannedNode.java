package io.github.rpideploy.report;

/**
 * What a deploy would send to another node of a swarm for a service; it was not done.
 *
 * @param node its name
 * @param bytesSent the size of the service's part of the stream; 0 when the node has the release
 * @param layersSent how many of the image's layers are in it
 * @param bytesWritten about how much the Engine there would write for it
 */
public record PlannedNode(String node, long bytesSent, int layersSent, long bytesWritten) {}
