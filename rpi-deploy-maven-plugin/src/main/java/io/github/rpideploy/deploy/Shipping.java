package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Holdings;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.ship.Release;
import io.github.rpideploy.deploy.ship.Shipper;
import io.github.rpideploy.deploy.stack.Node;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.report.Units;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;

/** Brings releases to the Pi, and to every other machine on which their services may run. */
final class Shipping {

  /** So many machines get their images at the same time. */
  private static final int SIDE_BY_SIDE = 4;

  private final StackContext context;
  private final LayerCompression compression;
  private final Shipper shipper;

  Shipping(StackContext context, LayerCompression compression) {
    this.context = context;
    this.compression = compression;
    this.shipper = shipper(context.reporter());
  }

  private Shipper shipper(Reporter reporter) {
    return new Shipper(context.host(), context.docker(), compression, reporter, context.clock());
  }

  private Shipper shipper(Node node, Reporter reporter) {
    return new Shipper(node.host(), node.docker(), compression, reporter, context.clock());
  }

  /**
   * Makes sure that the Pi itself runs such images.
   *
   * @throws DeployException when its Engine cannot run one of them
   */
  void requireRunnable(List<Release> releases) {
    releases.forEach(shipper::requireRunnable);
  }

  /** What would be sent to the Pi itself. */
  PlannedShipment plan(List<Release> releases, Holdings holdings) {
    return PlannedShipment.of(context.host().name(), shipper, releases, holdings);
  }

  /**
   * What would be sent to the other machines on which services may run.
   *
   * @throws DeployException when one of them cannot be asked, or cannot run an image
   */
  Map<Node, PlannedShipment> planElsewhere(List<Release> releases) {
    Map<Node, PlannedShipment> planned = new LinkedHashMap<>();
    onEach(nodes(releases), this::plan)
        .forEach((node, result) -> joined(node, result).ifPresent(it -> planned.put(node, it)));
    return planned;
  }

  private PlannedShipment plan(Node node, List<Release> releases) {
    Shipper there = shipper(node, event -> {});
    releases.forEach(there::requireRunnable);
    return PlannedShipment.of(node.host().name(), there, releases, holdings(node));
  }

  private static Holdings holdings(Node node) {
    return Holdings.of(node.docker().engine(), node.contents());
  }

  /**
   * Ships what is not there yet. A machine that is lost meanwhile is left out.
   *
   * @param holdings what the Pi itself has
   * @param names of the machines that get it, if their services may run there; empty for all
   * @throws DeployException when a release is not usable on one of them, or there is none of a name
   */
  void ship(List<Release> releases, Holdings holdings, List<String> names) {
    List<Node> only = names.isEmpty() ? List.of() : context.orchestrator().machines(names);
    boolean here = names.isEmpty() || !only.stream().allMatch(Node::isElsewhere);
    Map<Node, List<Release>> nodes = nodes(releases);
    if (!names.isEmpty()) {
      nodes.keySet().retainAll(only);
    }
    if (here && nodes.isEmpty()) {
      shipper.ship(releases, holdings);
      return;
    }
    Map<String, Event.Shipped> total = new LinkedHashMap<>();
    if (here) {
      requireRunnable(releases);
    }
    Map<Node, CompletableFuture<List<Event.Shipped>>> others = onEach(nodes, this::ship);
    if (here) {
      shipper(
              event -> {
                if (event instanceof Event.Shipped shipped) {
                  total.put(shipped.service(), shipped);
                } else {
                  context.reporter().report(event);
                }
              })
          .ship(releases, holdings);
    }
    others.forEach(
        (node, result) ->
            joined(node, result).ifPresent(all -> all.forEach(one -> add(one, node, total))));
    total.values().forEach(context.reporter()::report);
    releases.stream()
        .filter(release -> !total.containsKey(release.service()))
        .forEach(release -> context.reporter().report(notSent(release, names)));
  }

  private static Event notSent(Release release, List<String> names) {
    return new Event.Warning(
        release.service()
            + " may not run on "
            + String.join(", ", names)
            + ", so its image was not sent there");
  }

  private static <R> Map<Node, CompletableFuture<R>> onEach(
      Map<Node, List<Release>> nodes, BiFunction<Node, List<Release>, R> step) {
    return SideBySide.start(
        nodes.keySet(),
        SIDE_BY_SIDE,
        node -> step.apply(node, nodes.getOrDefault(node, List.of())));
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
    shipper(
            node,
            event -> {
              if (event instanceof Event.Shipped one) {
                shipped.add(one);
              } else if (event instanceof Event.Warning warning) {
                context
                    .reporter()
                    .report(new Event.Warning("Node " + node.name() + ": " + warning.text()));
              }
            })
        .ship(releases, holdings(node));
    return shipped;
  }

  private void add(Event.Shipped shipped, Node node, Map<String, Event.Shipped> total) {
    total.merge(shipped.service(), shipped, Shipping::plus);
    context
        .reporter()
        .report(
            new Event.Detail(
                "Node "
                    + node.name()
                    + " got "
                    + Units.bytes(shipped.bytesSent())
                    + " for "
                    + shipped.service()));
  }

  /** Empty when the machine is lost. */
  private <R> Optional<R> joined(Node node, CompletableFuture<R> result) {
    try {
      return Optional.of(result.join());
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof DeployException failure)) {
        throw e;
      }
      if (context.orchestrator().isLost(node, failure)) {
        return Optional.empty();
      }
      String name = "Node " + node.name();
      throw failure.getMessage().startsWith(name)
          ? failure
          : new DeployException(name + ": " + failure.getMessage(), failure.hint(), failure);
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
