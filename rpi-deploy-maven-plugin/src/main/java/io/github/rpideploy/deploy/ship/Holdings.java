package io.github.rpideploy.deploy.ship;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.Engine;
import io.github.rpideploy.docker.EngineContents;
import io.github.rpideploy.docker.ReleaseState;
import io.github.rpideploy.docker.SentLayers;
import io.github.rpideploy.image.Blob;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.ImageStore;
import io.github.rpideploy.report.Units;
import java.util.List;
import java.util.Optional;

/**
 * What the Pi has before a ship.
 *
 * @param store the same for the planner
 * @param contents as the Pi reported it, with the names of images
 * @param space free space where the Engine will write; empty when that cannot be known
 */
public record Holdings(
    ImageStore store, EngineContents contents, Optional<EngineContents.FreeSpace> space) {

  private static final List<Compression> COMPRESSIONS = List.of(Compression.values());
  private static final String LETTERS = "ngz";

  public static Holdings of(Engine engine, EngineContents contents) {
    boolean containerd = engine.store().equals(Engine.CONTAINERD);
    ImageStore store =
        new ImageStore(
            containerd ? ImageStore.Kind.CONTAINERD : ImageStore.Kind.CLASSIC,
            contents.images().stream().map(Holdings::held).toList());
    return new Holdings(store, contents, space(contents.space(), containerd));
  }

  /** The image under a release's tag; one that has a record was proved before. */
  public ReleaseState state(Release release) {
    return contents
        .named(release.tag().familiar())
        .<ReleaseState>map(held -> new ReleaseState.Usable("sha256:" + held.id(), held.layers()))
        .orElse(new ReleaseState.Absent(""));
  }

  /** Whether the image under a release's tag was proved before. */
  boolean isProved(Release release) {
    return contents.named(release.tag().familiar()).flatMap(EngineContents.Held::note).isPresent();
  }

  /** The letter of a compression in a {@link SentLayers}. */
  static char letter(Compression compression) {
    return LETTERS.charAt(COMPRESSIONS.indexOf(compression));
  }

  private static ImageStore.Held held(EngineContents.Held held) {
    List<SentLayers.Sent> sent = held.note().map(SentLayers::layers).orElse(List.of());
    return new ImageStore.Held(
        held.layers().stream().map(Digest::new).toList(),
        sent.stream().map(Holdings::blob).toList());
  }

  private static Blob blob(SentLayers.Sent sent) {
    return new Blob(
        new Digest(sent.digest()),
        sent.size(),
        COMPRESSIONS.get(LETTERS.indexOf(sent.compression())));
  }

  /**
   * The classic store and its temporary files are below Docker's root. containerd has a root of its
   * own, which comes second, unless dockerd runs it; then that is below Docker's root too.
   */
  private static Optional<EngineContents.FreeSpace> space(
      List<EngineContents.FreeSpace> all, boolean containerd) {
    return all.stream().skip(containerd ? Math.max(0, all.size() - 1) : 0).findFirst();
  }

  /** Whether a shipment would not fill the disk, as far as that is known. */
  boolean hasSpaceFor(Shipment shipment) {
    return space.map(there -> shipment.written() <= there.bytes()).orElse(true);
  }

  /**
   * Refuses a shipment that would fill the disk.
   *
   * @throws DeployException before the first byte is sent
   */
  public void requireSpace(Shipment shipment, String host) {
    space.ifPresent(there -> requireSpace(shipment, there, host));
  }

  private static void requireSpace(Shipment shipment, EngineContents.FreeSpace there, String host) {
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
              + ", but only "
              + Units.bytes(there.bytes())
              + " is free there: "
              + Units.bytes(needed - there.bytes())
              + " is missing",
          "Nothing was sent. See what takes the space on the Pi: df -h "
              + there.directory()
              + "; docker system df");
    }
  }
}
