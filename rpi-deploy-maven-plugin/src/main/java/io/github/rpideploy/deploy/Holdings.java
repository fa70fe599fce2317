package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.Engine;
import io.github.rpideploy.docker.ReleaseState;
import io.github.rpideploy.docker.Survey;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.ImageStore;
import io.github.rpideploy.report.Units;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the Pi has before a ship: its image store, the releases that were asked for, free space.
 *
 * @param store what the planner works with
 * @param releases what lies under each release tag
 * @param space where the Engine will write; empty when that cannot be known
 */
record Holdings(
    ImageStore store, Map<String, ReleaseState> releases, Optional<Survey.FreeSpace> space) {

  /** Asks in one round trip. */
  static Holdings of(Docker docker, List<Release> releases, boolean prove) {
    Survey survey = docker.survey(releases.stream().map(Release::check).toList(), prove);
    boolean containerd = docker.engine().store().equals(Engine.CONTAINERD);
    ImageStore store =
        new ImageStore(
            containerd ? ImageStore.Kind.CONTAINERD : ImageStore.Kind.CLASSIC,
            survey.images().stream()
                .map(held -> new ImageStore.Held(digests(held.layers()), digests(held.blobs())))
                .toList());
    return new Holdings(store, survey.releases(), space(survey.space(), containerd));
  }

  /**
   * The classic store and its tmp lie below Docker's root. containerd has a root of its own, which
   * comes second, unless dockerd runs it; then that lies below Docker's root too.
   */
  private static Optional<Survey.FreeSpace> space(List<Survey.FreeSpace> all, boolean containerd) {
    return all.stream().skip(containerd ? Math.max(0, all.size() - 1) : 0).findFirst();
  }

  /**
   * Refuses a stream that would fill the disk.
   *
   * @throws DeployException before the first byte is sent
   */
  void requireSpace(Shipment shipment, String host) {
    space.ifPresent(there -> requireSpace(shipment, there, host));
  }

  private static void requireSpace(Shipment shipment, Survey.FreeSpace there, String host) {
    long needed = shipment.written();
    if (needed > there.bytes()) {
      throw new DeployException(
          String.join(", ", shipment.releases().stream().map(Release::service).toList())
              + " needs about "
              + Units.bytes(needed)
              + " in "
              + there.directory()
              + " on "
              + host
              + ", and "
              + Units.bytes(there.bytes())
              + " are free there: "
              + Units.bytes(needed - there.bytes())
              + " are missing",
          "Nothing was sent. See there what takes the space: df -h "
              + there.directory()
              + "; docker system df");
    }
  }

  private static List<Digest> digests(List<String> hex) {
    return hex.stream().map(Digest::new).toList();
  }
}
