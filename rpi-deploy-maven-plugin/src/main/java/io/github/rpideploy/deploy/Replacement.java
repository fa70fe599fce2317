package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.docker.ServiceNow;
import io.github.rpideploy.smoke.SmokeTest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a recreate replaces.
 *
 * @param release what the service runs from then on
 * @param image the id of that release's image on the Pi
 * @param now what it runs until then
 * @param back what the service goes back to; null when there is nothing
 * @param beside the ids of its containers that go on until the release is proved good; empty when
 *     they are replaced
 */
record Replacement(
    ShippedRelease release,
    String image,
    ServiceNow now,
    @Nullable Back back,
    List<String> beside) {

  /** Keeps a copy. */
  Replacement {
    beside = List.copyOf(beside);
  }

  /** The same when only the new containers are left. */
  Replacement alone() {
    return new Replacement(release, image, now, back, List.of());
  }

  /** Whether the service goes back to what its old containers run, which go on. */
  boolean goesBackToTheOldOnes() {
    return !beside.isEmpty() && back != null && Unchanged.run(back.image(), now);
  }

  /** Smoke tests that prove it good: while there are others, of this very container only. */
  List<SmokeTest> proving(List<SmokeTest> smoke) {
    return beside.isEmpty() ? smoke : Rollouts.ofItself(smoke);
  }

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
