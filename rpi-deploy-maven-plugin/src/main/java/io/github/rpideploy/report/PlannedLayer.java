package io.github.rpideploy.report;

/**
 * A layer of a planned service.
 *
 * @param diffId its digest, shortened
 * @param bytes its size in the tarball
 * @param sent whether it would be sent for this service
 */
public record PlannedLayer(String diffId, long bytes, boolean sent) {}
