package io.github.rpideploy.deploy;

import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.ReleaseState;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out what a deploy would do, by the same rules, and does nothing. */
final class Preview {

  private final Docker docker;
  private final ComposeDirectory directory;
  private final Reporter reporter;

  Preview(Docker docker, ComposeDirectory directory, Reporter reporter) {
    this.docker = docker;
    this.directory = directory;
    this.reporter = reporter;
  }

  void report(List<Release> releases) {
    Holdings holdings = Holdings.of(docker, releases, false);
    List<Release> missing =
        releases.stream()
            .filter(release -> release.problem(holdings.releases()).isPresent())
            .toList();
    Map<Release, Shipment.Share> shares = new HashMap<>();
    if (!missing.isEmpty()) {
      List<Shipment.Share> inOrder =
          Shipment.of(missing, holdings.store(), whole -> false).shares();
      for (int i = 0; i < missing.size(); i++) {
        shares.put(missing.get(i), inOrder.get(i));
      }
    }
    Map<String, String> hashes = directory.hashes();
    Shipment.Share nothing = new Shipment.Share(List.of(), 0, 0);
    for (Release release : releases) {
      ReleaseState state = release.state(holdings.releases());
      reporter.report(
          planned(
              release,
              shares.getOrDefault(release, nothing),
              reason(release, missing.contains(release), state, hashes)));
    }
  }

  private static Event planned(Release release, Shipment.Share share, String reason) {
    List<Event.PlannedLayer> layers = new ArrayList<>();
    for (Layer layer : release.tarball().layers()) {
      layers.add(
          new Event.PlannedLayer(
              layer.diffId().shortHex(), layer.size(), share.sent().contains(layer)));
    }
    return new Event.Planned(
        release.service(),
        release.tag().familiar(),
        share.bytes(),
        release.tarball().layerBytes(),
        share.written(),
        layers,
        reason);
  }

  /** Every deploy recreates every service of it; this says what it is good for. */
  private String reason(
      Release release, boolean missing, ReleaseState state, Map<String, String> hashes) {
    Optional<Container> container =
        directory.compose().containersIfAny(release.service()).stream()
            .findFirst()
            .flatMap(docker::container);
    if (container.isEmpty()) {
      return "it has no container yet";
    }
    boolean sameImage =
        !missing
            && state instanceof ReleaseState.Usable there
            && there.id().equals(container.get().image());
    String hash = hashes.getOrDefault(release.service(), container.get().configHash());
    boolean sameFile = hash.equals(container.get().configHash());
    if (sameImage) {
      return sameFile
          ? "neither its image nor its part of the compose file has changed"
          : "its part of the compose file has changed";
    }
    return sameFile
        ? "its image has changed"
        : "its image and its part of the compose file have changed";
  }
}
