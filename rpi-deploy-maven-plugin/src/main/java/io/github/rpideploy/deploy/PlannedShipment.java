package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Holdings;
import io.github.rpideploy.deploy.ship.Release;
import io.github.rpideploy.deploy.ship.Shipment;
import io.github.rpideploy.deploy.ship.Shipper;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.image.WireArchive;
import io.github.rpideploy.image.delta.Deltas;
import io.github.rpideploy.report.PlannedLayer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What would be sent to one machine.
 *
 * @param host its name in messages
 * @param releases that it is to have
 * @param holdings what it has
 * @param shipment what it lacks, in one stream; empty when it lacks nothing
 * @param shares of the releases that it lacks
 */
record PlannedShipment(
    String host,
    List<Release> releases,
    Holdings holdings,
    Optional<Shipment> shipment,
    Map<Release, Shipment.Share> shares) {

  private static final Shipment.Share NOTHING = new Shipment.Share(List.of(), 0, 0);

  PlannedShipment {
    releases = List.copyOf(releases);
    shares = Map.copyOf(shares);
  }

  /** Waits until it is decided how every layer would be sent. */
  static PlannedShipment of(
      String host, Shipper shipper, List<Release> releases, Holdings holdings) {
    List<Release> missing =
        releases.stream()
            .filter(release -> release.problem(holdings.state(release)).isPresent())
            .toList();
    if (missing.isEmpty()) {
      return new PlannedShipment(host, releases, holdings, Optional.empty(), Map.of());
    }
    Shipment shipment = shipper.plan(missing, holdings);
    shipment.settle();
    List<Shipment.Share> all = shipment.shares();
    Map<Release, Shipment.Share> shares = new HashMap<>();
    for (int i = 0; i < missing.size(); i++) {
      shares.put(missing.get(i), all.get(i));
    }
    return new PlannedShipment(host, releases, holdings, Optional.of(shipment), shares);
  }

  boolean lacks(Release release) {
    return shares.containsKey(release);
  }

  /** The release's part of the stream. */
  Shipment.Share share(Release release) {
    return shares.getOrDefault(release, NOTHING);
  }

  /**
   * A layer of a release.
   *
   * @param sent whether it is sent for it
   */
  PlannedLayer planned(Layer layer, boolean sent) {
    Deltas deltas = shipment.map(Shipment::deltas).orElse(Deltas.NONE);
    WireArchive.Delta delta = deltas.layers().get(layer.diffId());
    return sent && delta != null
        ? new PlannedLayer(
            layer.diffId().shortHex(),
            layer.size(),
            true,
            deltas.from().getOrDefault(layer.diffId(), ""),
            delta.program().length)
        : new PlannedLayer(layer.diffId().shortHex(), layer.size(), sent);
  }

  /** The whole stream. */
  long bytes() {
    return shares.values().stream().mapToLong(Shipment.Share::bytes).sum();
  }

  /**
   * @throws DeployException when there is too little space for it
   */
  void requireSpace() {
    shipment.ifPresent(stream -> holdings.requireSpace(stream, host));
  }
}
