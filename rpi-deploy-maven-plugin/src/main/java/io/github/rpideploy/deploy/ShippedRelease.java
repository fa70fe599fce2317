package io.github.rpideploy.deploy;

import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.smoke.SmokeTest;
import java.util.Optional;

/**
 * A release that is on the Pi, whichever build has made it.
 *
 * @param spec what the user says about its service
 * @param live the tag that the compose file names
 * @param tag its own tag
 * @param smoke the HTTP request that proves it good, if any
 */
record ShippedRelease(
    ServiceSpec spec, ImageReference live, ImageReference tag, Optional<SmokeTest> smoke) {

  String service() {
    return spec.service();
  }
}
