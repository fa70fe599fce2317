package io.github.rpideploy.report;

/**
 * A layer of a planned service.
 *
 * @param diffId its digest, shortened
 * @param bytes its size in the tarball
 * @param sent whether it would be sent for this service
 * @param deltaOf the release on the Pi of which it would be made there; empty when it is sent whole
 * @param deltaBytes what would be sent for that
 */
public record PlannedLayer(
    String diffId, long bytes, boolean sent, String deltaOf, long deltaBytes) {

  /** One that would be sent whole, if at all. */
  public PlannedLayer(String diffId, long bytes, boolean sent) {
    this(diffId, bytes, sent, "", 0);
  }
}
