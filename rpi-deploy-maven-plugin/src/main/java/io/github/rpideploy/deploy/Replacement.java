package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.docker.Container;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a recreate replaces.
 *
 * @param release what the service runs from then on
 * @param image the id of that release's image on the Pi
 * @param before the containers that ran until then; none on a first deploy
 * @param named the name of the first one's image in messages
 * @param back what the service goes back to; null when there is nothing
 */
record Replacement(
    ShippedRelease release,
    String image,
    List<Container> before,
    String named,
    @Nullable Back back) {

  /** Keeps a copy. */
  Replacement {
    before = List.copyOf(before);
  }

  /**
   * An image to go back to.
   *
   * @param image its id
   * @param name in messages
   */
  record Back(String image, String name) {}

  String service() {
    return release.service();
  }
}
