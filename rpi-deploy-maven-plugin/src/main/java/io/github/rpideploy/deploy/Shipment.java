package io.github.rpideploy.deploy;

import io.github.rpideploy.image.ArchivePlan;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.DiskUse;
import io.github.rpideploy.image.ImageStore;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.image.WireArchive;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Some releases in one stream.
 *
 * @param releases in the order in which they are loaded
 * @param plan the archive, planned for {@code store}
 * @param archive the same as it goes over the wire
 * @param store what the Pi holds before
 */
record Shipment(List<Release> releases, ArchivePlan plan, WireArchive archive, ImageStore store) {

  /**
   * One release's part in the stream. Of what several share, the first has it all.
   *
   * @param sent its layers that are sent for it, from the lowest; a blob that stands there twice is
   *     there twice
   * @param bytes of the stream as it goes over the wire
   * @param written what the Engine writes for it, about
   */
  record Share(List<Layer> sent, long bytes, long written) {}

  Shipment {
    releases = List.copyOf(releases);
  }

  /**
   * Plans the stream.
   *
   * @param whole which of the releases are sent with every layer
   */
  static Shipment of(List<Release> releases, ImageStore store, Predicate<Release> whole) {
    ArchivePlan plan =
        ArchivePlan.of(
            releases.stream()
                .map(
                    release ->
                        whole.test(release)
                            ? ArchivePlan.Image.whole(release.tarball(), release.tag())
                            : store.thin(release.tarball(), release.tag()))
                .toList());
    return new Shipment(releases, plan, WireArchive.of(plan), store);
  }

  /** What the Engine writes when it loads the archive, about. */
  long written() {
    return DiskUse.of(plan, store);
  }

  /** Each release's part; together they are the whole stream. */
  List<Share> shares() {
    List<Share> shares = new ArrayList<>();
    Set<Digest> claimed = new HashSet<>();
    long wireBefore = 0;
    long writtenBefore = 0;
    for (int i = 0; i < releases.size(); i++) {
      ArchivePlan soFar = ArchivePlan.of(plan.images().subList(0, i + 1));
      boolean last = i == releases.size() - 1;
      long plain = last ? plan.bytes() : soFar.bytes();
      // A compressed stream cannot be taken apart: it is shared out as the plain one would be.
      long wire = last ? archive.bytes() : (long) ((double) archive.bytes() * plain / plan.bytes());
      long written = DiskUse.of(soFar, store);
      List<Layer> layers = releases.get(i).tarball().layers();
      List<Layer> sent =
          layers.stream()
              .filter(plan::sends)
              .filter(l -> !claimed.contains(l.blobDigest()))
              .toList();
      sent.forEach(layer -> claimed.add(layer.blobDigest()));
      shares.add(new Share(sent, wire - wireBefore, written - writtenBefore));
      wireBefore = wire;
      writtenBefore = written;
    }
    return shares;
  }
}
