package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Holdings;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.ship.Release;
import io.github.rpideploy.deploy.ship.Shipper;
import io.github.rpideploy.deploy.stack.Node;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Units;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Brings releases to the Pi, and to every other machine on which their services may run. */
final class Shipping {

  /** So many machines get their images at the same time. */
  private static final int SIDE_BY_SIDE = 4;

  private final StackContext context;
  private final LayerCompression compression;
  private final Shipper shipper;

  Shipping(StackContext context, LayerCompression compression, Shipper shipper) {
    this.context = context;
    this.compression = compression;
    this.shipper = shipper;
  }

  /**
   * Ships what is not there yet. A machine that is lost meanwhile is left out.
   *
   * @param holdings what the Pi itself has
   * @throws DeployException when a release is not usable on one of them
   */
  void ship(List<Release> releases, Holdings holdings) {
    Map<Node, List<Release>> nodes = nodes(releases);
    if (nodes.isEmpty()) {
      shipper.ship(releases, holdings);
      return;
    }
    releases.forEach(shipper::requireRunnable);
    Map<Node, CompletableFuture<List<Event.Shipped>>> others =
        SideBySide.start(
            nodes.keySet(), SIDE_BY_SIDE, node -> ship(node, nodes.getOrDefault(node, List.of())));
    Map<String, Event.Shipped> total = new LinkedHashMap<>();
    new Shipper(
            context.host(),
            context.docker(),
            compression,
            event -> {
              if (event instanceof Event.Shipped shipped) {
                total.put(shipped.service(), shipped);
              } else {
                context.reporter().report(event);
              }
            },
            context.clock())
        .ship(releases, holdings);
    others.forEach(
        (node, result) ->
            joined(node, result)
                .forEach(shipped -> total.merge(shipped.service(), shipped, Shipping::plus)));
    total.values().forEach(context.reporter()::report);
  }

  private Map<Node, List<Release>> nodes(List<Release> releases) {
    Map<Node, List<Release>> nodes = new LinkedHashMap<>();
    for (Release release : releases) {
      for (Node node : context.orchestrator().nodes(release.service())) {
        nodes.computeIfAbsent(node, any -> new ArrayList<>()).add(release);
      }
    }
    return nodes;
  }

  private List<Event.Shipped> ship(Node node, List<Release> releases) {
    List<Event.Shipped> shipped = new ArrayList<>();
    new Shipper(
            node.host(),
            node.docker(),
            compression,
            event -> {
              if (event instanceof Event.Shipped one) {
                shipped.add(one);
              } else if (event instanceof Event.Warning warning) {
                context
                    .reporter()
                    .report(new Event.Warning("Node " + node.name() + ": " + warning.text()));
              }
            },
            context.clock())
        .ship(releases, Holdings.of(node.docker().engine(), node.contents()));
    return shipped;
  }

  private List<Event.Shipped> joined(Node node, CompletableFuture<List<Event.Shipped>> result) {
    try {
      List<Event.Shipped> shipped = result.join();
      for (Event.Shipped one : shipped) {
        context
            .reporter()
            .report(
                new Event.Detail(
                    "Node "
                        + node.name()
                        + " got "
                        + Units.bytes(one.bytesSent())
                        + " for "
                        + one.service()));
      }
      return shipped;
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof DeployException failure)) {
        throw e;
      }
      if (context.orchestrator().isLost(node, failure)) {
        return List.of();
      }
      throw new DeployException(
          "Node " + node.name() + ": " + failure.getMessage(), failure.hint(), failure);
    }
  }

  private static Event.Shipped plus(Event.Shipped one, Event.Shipped other) {
    return new Event.Shipped(
        one.service(),
        one.image(),
        one.imageId(),
        one.release(),
        one.bytesSent() + other.bytesSent(),
        one.imageBytes(),
        Math.max(one.layersSent(), other.layersSent()),
        one.layersTotal(),
        one.machines() + other.machines(),
        one.elapsed().compareTo(other.elapsed()) < 0 ? other.elapsed() : one.elapsed());
  }
}
