package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.ReleaseState;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.image.Recompressor;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out what a deploy would do, by the same rules, and does nothing. */
final class Preview {

  private static final Shipment.Share NOTHING = new Shipment.Share(List.of(), 0, 0);

  private final RemoteHost host;
  private final Docker docker;
  private final ComposeDirectory directory;
  private final Reporter reporter;

  Preview(RemoteHost host, Docker docker, ComposeDirectory directory, Reporter reporter) {
    this.host = host;
    this.docker = docker;
    this.directory = directory;
    this.reporter = reporter;
  }

  /**
   * @throws DeployException after everything is reported, when there is too little space
   */
  void report(List<Release> releases, Holdings holdings, Recompressor recompressor) {
    List<Release> missing =
        releases.stream()
            .filter(release -> release.problem(holdings.state(release)).isPresent())
            .toList();
    Optional<Shipment> shipment =
        missing.isEmpty()
            ? Optional.empty()
            : Optional.of(Shipment.of(missing, holdings.store(), whole -> false, recompressor));
    shipment.ifPresent(stream -> stream.archive().settle());
    List<Shipment.Share> shares = shipment.map(Shipment::shares).orElse(List.of());
    Map<String, String> hashes = directory.hashes();
    for (Release release : releases) {
      int place = missing.indexOf(release);
      Shipment.Share share = place < 0 ? NOTHING : shares.get(place);
      ReleaseState state = holdings.state(release);
      reporter.report(planned(release, share, reason(release, place >= 0, state, hashes)));
    }
    shipment.ifPresent(stream -> holdings.requireSpace(stream, host.name()));
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
