package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.others.OtherServices;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.ship.Release;
import io.github.rpideploy.deploy.ship.Shipment;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.stack.Node;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.docker.ReleaseState;
import io.github.rpideploy.docker.ServiceNow;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.PlannedLayer;
import io.github.rpideploy.report.PlannedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out what a deploy would do, by the same rules, and changes nothing. */
final class Preview {

  private final StackContext context;
  private final Shipping shipping;
  private final Unchanged unchanged;

  Preview(StackContext context, Shipping shipping, Unchanged unchanged) {
    this.context = context;
    this.shipping = shipping;
    this.unchanged = unchanged;
  }

  /** What {@link Deployer#plan} does. */
  void plan(List<Candidate> candidates, ProbedStack probed) {
    ComposeFile file = probed.compose().read();
    List<ServiceSpec> specs = Candidate.specs(candidates);
    probed.warnOfUnsettled();
    probed.warnOfClashes(specs, file);
    List<Release> releases =
        candidates.stream().map(candidate -> probed.release(candidate, file)).toList();
    shipping.requireRunnable(releases);
    Event.FilesPlanned files = context.directory().planned();
    context.reporter().report(files);
    context.directory().requireNoConflict();
    report(releases, probed, files, probed.others().plan(specs, file));
  }

  /**
   * @param files what would be sent and removed besides images
   * @param others what would be done with services that no module deploys
   * @throws DeployException after everything is reported, when there is too little space
   */
  private void report(
      List<Release> releases,
      ProbedStack probed,
      Event.FilesPlanned files,
      OtherServices.Plan others) {
    PlannedShipment here = shipping.plan(releases, probed.holdings());
    Map<Node, PlannedShipment> elsewhere = shipping.planElsewhere(releases);
    int recreated = 0;
    for (Release release : releases) {
      ReleaseState state = here.holdings().state(release);
      Fate fate = fate(release, here.lacks(release), state, probed.rollouts());
      recreated += fate.recreated() ? 1 : 0;
      context.reporter().report(planned(release, here, onNodes(release, elsewhere), fate));
    }
    long bytes = here.bytes() + elsewhere.values().stream().mapToLong(PlannedShipment::bytes).sum();
    context.reporter().report(total(releases.size(), recreated, bytes, files, others));
    here.requireSpace();
    elsewhere.values().forEach(PlannedShipment::requireSpace);
  }

  private static Event total(
      int services,
      int recreated,
      long bytes,
      Event.FilesPlanned files,
      OtherServices.Plan others) {
    return new Event.PlanTotal(
        services,
        recreated,
        bytes + files.bytes(),
        files.files().size(),
        files.removed().size(),
        others.started(),
        others.pulled());
  }

  /** Those on which the service may run. */
  private static List<PlannedNode> onNodes(Release release, Map<Node, PlannedShipment> elsewhere) {
    List<PlannedNode> nodes = new ArrayList<>();
    elsewhere.forEach(
        (node, planned) -> {
          if (planned.releases().contains(release)) {
            Shipment.Share share = planned.share(release);
            nodes.add(
                new PlannedNode(node.name(), share.bytes(), share.sent().size(), share.written()));
          }
        });
    return nodes;
  }

  private static Event planned(
      Release release, PlannedShipment here, List<PlannedNode> nodes, Fate fate) {
    Shipment.Share share = here.share(release);
    List<PlannedLayer> layers = new ArrayList<>();
    for (Layer layer : release.tarball().layers()) {
      layers.add(here.planned(layer, share.sent().contains(layer)));
    }
    return new Event.Planned(
        release.service(),
        release.tag().familiar(),
        share.bytes(),
        release.tarball().layerBytes(),
        share.written(),
        layers,
        nodes,
        fate.recreated(),
        fate.reason());
  }

  /** Whether a service would be recreated, and why or why not. */
  private record Fate(boolean recreated, String reason) {}

  private static final Fate FIRST = new Fate(true, "it has no container yet");

  private Fate fate(Release release, boolean missing, ReleaseState state, Rollouts rollouts) {
    Fate fate = fate(release, missing, state);
    return fate.recreated() && !fate.equals(FIRST) && rollouts.isRolledOut(release.shipped())
        ? new Fate(true, fate.reason() + "; the old container goes when the new one is verified")
        : fate;
  }

  private Fate fate(Release release, boolean missing, ReleaseState state) {
    ServiceNow now = Recreator.now(context.orchestrator(), release.shipped());
    if (now.containers().isEmpty()) {
      return FIRST;
    }
    String image = !missing && state instanceof ReleaseState.Usable there ? there.id() : "";
    boolean sameImage = Unchanged.run(image, now);
    boolean sameFile = unchanged.isByTheFile(release.service(), now);
    Optional<String> files = unchanged.changedFilesBefore(release.service(), now);
    if (files.isPresent()) {
      return new Fate(true, files.get() + (sameImage ? "" : ", and so has its image"));
    }
    if (sameImage && sameFile) {
      return unchanged
          .evidence(new Replacement(release.shipped(), image, now, null, List.of()))
          .map(evidence -> new Fate(false, "unchanged, " + evidence))
          .orElseGet(() -> new Fate(true, whyAllTheSame(release, now)));
    }
    String changed =
        sameImage
            ? "its part of the compose file has changed"
            : sameFile
                ? "its image has changed"
                : "its image and its part of the compose file have changed";
    return new Fate(true, changed);
  }

  private String whyAllTheSame(Release release, ServiceNow now) {
    return release.candidate().spec().policy().force()
        ? "rpi.force, although nothing has changed"
        : "nothing has changed, but "
            + unchanged.tooMany(release.shipped(), now).orElse("its container is not good");
  }
}
