package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Others;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

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
    String lock = "takes the deploy lock once";
    String others = "treats services that no module deploys in one way";
    return Stream.of(
            ignored("rpi.lockTimeout", one -> seconds(one.lockTimeout), first, lock),
            ignored("rpi.confirmTimeout", one -> seconds(one.confirmTimeout), first, lock),
            ignored(
                "rpi.layerCache",
                one -> one.layerCache.toString(),
                first,
                "sends all layers from one cache"),
            ignored("rpi.others", one -> one.others.name().toLowerCase(Locale.ROOT), first, others),
            ignored("rpi.othersTimeout", one -> seconds(one.othersTimeout), first, others))
        .flatMap(Optional::stream)
        .toList();
  }

  private static String seconds(Duration time) {
    return time.toSeconds() + "s";
  }

  private Optional<String> ignored(
      String parameter, Function<DeploySettings, String> value, DeploySettings first, String why) {
    String own = value.apply(this);
    String used = value.apply(first);
    return own.equals(used)
        ? Optional.empty()
        : Optional.of(
            "%s=%s of module %s is ignored, %s of module %s is used: a build %s for each directory on the Pi. Set %s in the parent POM or with -D."
                .formatted(parameter, own, module, used, first.module, why, parameter));
  }

  /** What is wished of the deploy lock by somebody. */
  LockRequest lock(String holder) {
    return new LockRequest(holder, lockTimeout, confirmTimeout);
  }
}
