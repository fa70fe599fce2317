package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.docker.ServiceNow;
import org.jspecify.annotations.Nullable;

/**
 * What a recreate replaces.
 *
 * @param release what the service runs from then on
 * @param image the id of that release's image on the Pi
 * @param now what it runs until then
 * @param back what the service goes back to; null when there is nothing
 */
record Replacement(ShippedRelease release, String image, ServiceNow now, @Nullable Back back) {

  /**
   * An image to go back to.
   *
   * @param image its id
   * @param name in messages
   */
  record Back(String image, String name) {}

  /** The name of the image that runs until then, in messages; empty on a first deploy. */
  String named() {
    return now.named();
  }

  String service() {
    return release.service();
  }
}
