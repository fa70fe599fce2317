package io.github.rpideploy.deploy.ship;

import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.smoke.SmokeTest;
import java.util.List;

/**
 * A release that is on the Pi, whichever build made it.
 *
 * @param spec what the user configured for its service
 * @param live the tag that the compose file names
 * @param tag its own tag
 * @param smoke what proves it good, besides its container's state and health
 */
public record ShippedRelease(
    ServiceSpec spec, ImageReference live, ImageReference tag, List<SmokeTest> smoke) {

  public String service() {
    return spec.service();
  }
}
