package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.spec.Strategy;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.docker.file.Scale;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.report.Units;
import io.github.rpideploy.smoke.SmokeTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Decides whether a service gets its new containers beside the old ones, so that it is never away.
 */
final class Rollouts {

  private final Supplier<ComposeFile> composeFile;
  private final OptionalLong available;
  private final Reporter reporter;
  private final Map<String, Boolean> decided = new HashMap<>();

  /**
   * @param available how many bytes of memory programs could have on the Pi, if that is known
   */
  Rollouts(Supplier<ComposeFile> composeFile, OptionalLong available, Reporter reporter) {
    this.composeFile = composeFile;
    this.available = available;
    this.reporter = reporter;
  }

  /**
   * Whether the service gets its new containers beside the old ones. Nothing is changed or asked
   * for that; it is decided once.
   *
   * @throws DeployException when the user wants that and it cannot be
   */
  boolean isRolledOut(ShippedRelease release) {
    Strategy.Mode mode = release.spec().policy().strategy().mode();
    if (mode == Strategy.Mode.RECREATE) {
      return false;
    }
    String service = release.service();
    Boolean known = decided.get(service);
    if (known != null) {
      return known;
    }
    List<String> inTheWay = inTheWay(release);
    if (!inTheWay.isEmpty() && mode == Strategy.Mode.ROLLOUT) {
      throw new DeployException(
          service
              + " cannot be rolled out, because only one container of it can run at a time:\n  "
              + String.join("\n  ", inTheWay),
          "Change that, or replace it with a gap: -Drpi.strategy=recreate; nothing was changed."
              + " docs/zero-downtime.md has compose files to copy");
    }
    if (!inTheWay.isEmpty()) {
      reporter.report(
          new Event.Warning(
              service
                  + " is recreated and not rolled out, because of "
                  + String.join("; ", inTheWay)));
    }
    decided.put(service, inTheWay.isEmpty());
    return inTheWay.isEmpty();
  }

  /** How many new containers it gets. */
  int replicas(String service) {
    return composeFile
        .get()
        .service(service)
        .map(ComposeFile.Service::scale)
        .orElse(Scale.ONE)
        .replicas();
  }

  private List<String> inTheWay(ShippedRelease release) {
    List<String> all = new ArrayList<>();
    composeFile
        .get()
        .service(release.service())
        .ifPresent(
            service -> {
              all.addAll(service.scale().onlyOne());
              long needed = service.memoryLimit().orElse(0) * service.scale().replicas();
              if (available.isPresent() && available.getAsLong() < needed) {
                all.add(
                    "mem_limit: another "
                        + Units.bytes(needed)
                        + ", but the Pi has "
                        + Units.bytes(available.getAsLong())
                        + " to spare");
              }
            });
    release.smoke().stream()
        .filter(test -> !isOfOneContainer(test))
        .map(
            test ->
                "smoke test: "
                    + test.shown()
                    + " (any container may answer; use rpi.smokePath, and rpi.smokePort with the port"
                    + " inside the container)")
        .forEach(all::add);
    return all;
  }

  private static boolean isOfOneContainer(SmokeTest test) {
    return test instanceof SmokeTest.InContainer
        || (test instanceof SmokeTest.OfContainer asked && asked.isTunnelled());
  }

  /** Smoke tests that nothing but the asked container answers. */
  static List<SmokeTest> ofItself(List<SmokeTest> tests) {
    List<SmokeTest> own = new ArrayList<>();
    for (SmokeTest test : tests) {
      own.add(test instanceof SmokeTest.OfContainer asked ? asked.alone() : test);
    }
    return own;
  }
}
