package io.github.rpideploy.deploy.ship;

import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.Images.DeltaOutcome;
import io.github.rpideploy.docker.Images.Loaded;
import io.github.rpideploy.docker.ReleaseCheck;
import io.github.rpideploy.docker.SentLayers;
import io.github.rpideploy.image.ArchivePlan;
import io.github.rpideploy.image.Blob;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.DiskUse;
import io.github.rpideploy.image.ImageStore;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.image.PlannedImage;
import io.github.rpideploy.image.Recompressor;
import io.github.rpideploy.image.WireArchive;
import io.github.rpideploy.image.delta.Deltas;
import io.github.rpideploy.remote.Stdin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Some releases in one stream.
 *
 * @param releases in the order in which they are loaded
 * @param plan the archive, planned for {@code store}
 * @param archive the bytes that are sent for it
 * @param store what the Pi has before
 * @param deltas the layers that are made on the Pi of what it has
 */
public record Shipment(
    List<Release> releases,
    ArchivePlan plan,
    WireArchive archive,
    ImageStore store,
    Deltas deltas) {

  /**
   * One release's part of the stream. What several releases share counts for the first of them.
   *
   * @param sent its layers that are sent for it, from the lowest; one that the image has twice is
   *     there twice
   * @param bytes of the stream as it goes over the wire
   * @param written about how many bytes the Engine writes for it
   */
  public record Share(List<Layer> sent, long bytes, long written) {}

  public Shipment {
    releases = List.copyOf(releases);
  }

  /**
   * Plans the stream.
   *
   * @param whole which of the releases are sent with every layer
   * @param recompressor makes layers smaller
   */
  public static Shipment of(
      List<Release> releases,
      ImageStore store,
      Predicate<Release> whole,
      Recompressor recompressor) {
    ArchivePlan plan =
        ArchivePlan.of(
            releases.stream()
                .map(
                    release ->
                        whole.test(release)
                            ? PlannedImage.whole(release.tarball(), release.tag())
                            : store.thin(release.tarball(), release.tag()))
                .toList());
    return new Shipment(releases, plan, WireArchive.of(plan, recompressor), store, Deltas.NONE);
  }

  /** The same with layers that are made on the Pi. */
  Shipment with(Deltas made, Recompressor recompressor) {
    return new Shipment(
        releases, plan, WireArchive.of(plan, recompressor, made.layers()), store, made);
  }

  /** Waits until it is decided how every layer is sent: compressed again or as it is. */
  public void settle() {
    archive.settle();
  }

  /**
   * Loads the stream on the Pi and proves what has arrived.
   *
   * @param progress hears how many bytes have been sent
   */
  Loaded load(Docker docker, LongConsumer progress) {
    boolean settled = archive.isSettled();
    Stdin stdin = out -> archive.writeTo(new CountingOutputStream(out, progress));
    Loaded loaded =
        deltas.isEmpty()
            ? docker.images().load(stdin, checks())
            : docker.images().load(stdin, checks(), FilesOnPi.there(deltas.directories()));
    // How a layer is sent may have been decided during the load: only now can it be recorded.
    return settled || !loaded.result().ok()
        ? loaded
        : new Loaded(loaded.result(), docker.images().prove(checks()));
  }

  /**
   * What became of its deltas.
   *
   * @param usable whether all that has arrived is
   */
  DeltaOutcome deltaOutcome(boolean usable) {
    if (deltas.isEmpty()) {
      return DeltaOutcome.NONE;
    }
    return usable ? DeltaOutcome.WORKED : DeltaOutcome.FAILED;
  }

  /** About how many bytes the Engine writes when it loads the archive. */
  long written() {
    return DiskUse.of(plan, archive.plainBytes(), store);
  }

  /**
   * What must be known to check the releases on the Pi. What is recorded about them there is final
   * only when the archive is settled.
   */
  List<ReleaseCheck> checks() {
    return releases.stream()
        .map(release -> release.check(archive.manifestDigest(release.tarball()), note(release)))
        .toList();
  }

  private SentLayers note(Release release) {
    List<SentLayers.Sent> layers = new ArrayList<>();
    if (store.kind() == ImageStore.Kind.CONTAINERD) {
      for (Layer layer : release.tarball().layers()) {
        Blob blob = archive.blob(layer);
        layers.add(
            new SentLayers.Sent(
                blob.digest().hex(), blob.size(), Holdings.letter(blob.compression())));
      }
    }
    return new SentLayers(layers);
  }

  /** Each release's part; together they are the whole stream. */
  public List<Share> shares() {
    List<Share> shares = new ArrayList<>();
    Set<Digest> claimed = new HashSet<>();
    long plainTotal = archive.plainBytes();
    long wireBefore = 0;
    long writtenBefore = 0;
    for (int i = 0; i < releases.size(); i++) {
      List<PlannedImage> images = plan.images().subList(0, i + 1);
      long plain = i == releases.size() - 1 ? plainTotal : archive.plainBytes(images);
      long wire = archive.bytes(images);
      long written = DiskUse.of(ArchivePlan.of(images), plain, store);
      List<Layer> layers = releases.get(i).tarball().layers();
      List<Layer> sent =
          layers.stream().filter(plan::sends).filter(l -> !claimed.contains(l.diffId())).toList();
      sent.forEach(layer -> claimed.add(layer.diffId()));
      shares.add(new Share(sent, wire - wireBefore, written - writtenBefore));
      wireBefore = wire;
      writtenBefore = written;
    }
    return shares;
  }
}
