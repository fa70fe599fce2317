package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.spec.Others;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a module configures that a build has only once for each compose project on a Pi: it takes
 * the deploy lock once, and sends all layers from one cache. So the first module decides, and the
 * others are warned.
 *
 * @param module its artifactId
 */
record DeploySettings(
    String module,
    Duration lockTimeout,
    Duration confirmTimeout,
    Path layerCache,
    Others.Mode others,
    Duration othersTimeout) {

  /**
   * What is done with services that no module deploys.
   *
   * @param services those that the modules of the reactor deploy
   */
  Others others(Set<String> services) {
    return new Others(others, othersTimeout, services);
  }

  /** The warnings when these settings are ignored for those of the first module. */
  List<String> ignoredFor(DeploySettings first) {
    List<String> ignored = new ArrayList<>();
    if (!lockTimeout.equals(first.lockTimeout)) {
      ignored.add(
          ignored(
              "rpi.lockTimeout",
              lockTimeout.toSeconds() + "s",
              first.lockTimeout.toSeconds() + "s",
              first,
              "takes the deploy lock once"));
    }
    if (!confirmTimeout.equals(first.confirmTimeout)) {
      ignored.add(
          ignored(
              "rpi.confirmTimeout",
              confirmTimeout.toSeconds() + "s",
              first.confirmTimeout.toSeconds() + "s",
              first,
              "takes the deploy lock once"));
    }
    if (!layerCache.equals(first.layerCache)) {
      ignored.add(
          ignored(
              "rpi.layerCache",
              layerCache.toString(),
              first.layerCache.toString(),
              first,
              "sends all layers from one cache"));
    }
    if (others != first.others) {
      ignored.add(
          ignored(
              "rpi.others",
              others.name().toLowerCase(Locale.ROOT),
              first.others.name().toLowerCase(Locale.ROOT),
              first,
              "treats services that no module deploys in one way"));
    }
    if (!othersTimeout.equals(first.othersTimeout)) {
      ignored.add(
          ignored(
              "rpi.othersTimeout",
              othersTimeout.toSeconds() + "s",
              first.othersTimeout.toSeconds() + "s",
              first,
              "treats services that no module deploys in one way"));
    }
    return ignored;
  }

  private String ignored(
      String parameter, String own, String used, DeploySettings first, String why) {
    return "%s=%s of module %s is ignored, %s of module %s is used: a build %s for each directory on the Pi. Set %s in the parent POM or with -D."
        .formatted(parameter, own, module, used, first.module, why, parameter);
  }
}
