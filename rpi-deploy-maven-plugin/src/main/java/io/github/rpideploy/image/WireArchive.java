package io.github.rpideploy.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An archive as it goes over the wire. A small one is compressed as a whole, which {@code docker
 * load} takes on every Engine: most of it is JSON and tar padding. A large one is sent while it is
 * made. Layers that are ready go first, and each goes as the smallest blob that exists when its
 * turn comes.
 *
 * <p>An archive with deltas is sent as a program ({@link io.github.rpideploy.image.program}): some
 * of its layers are made on the Pi of old files and what is sent.
 */
public final class WireArchive {

  /**
   * Up to here an archive is compressed, in memory: 1 MiB. Above it, compressing takes longer than
   * a home uplink needs for the few kilobytes that it saves.
   */
  private static final int SMALL = 1024 * 1024;

  /**
   * How a layer is made on the Pi.
   *
   * @param size of the uncompressed layer, as which it is in the archive
   * @param program the part of the program that writes it
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Delta(long size, byte[] program) {}

  private final ArchivePlan plan;
  private final Recompressor recompressor;

  /** The layers that are made on the Pi, by diffID. */
  private final Map<Digest, Delta> deltas;

  /** What was decided: the blobs that layers are sent as, by diffID. */
  private final Map<Digest, StoredBlob> chosen = new HashMap<>();

  /** The size by what was decided so far; -1 when it has to be reckoned again. */
  private long plainBytes = -1;

  /** The same of the program; -1 when it has to be reckoned again, or there is none. */
  private long programBytes = -1;

  private final @Nullable ByteArrayOutputStream compressed;

  private WireArchive(ArchivePlan plan, Recompressor recompressor, Map<Digest, Delta> deltas) {
    this.plan = plan;
    this.recompressor = recompressor;
    this.deltas = Map.copyOf(deltas);
    plan.sent().stream()
        .filter(own -> deltas.containsKey(own.diffId()))
        .forEach(own -> choose(own, made(own)));
    if (!deltas.isEmpty() || plainBytes() > SMALL) {
      plan.sent().forEach(this::decide);
      this.compressed = null;
    } else {
      plan.sent().forEach(own -> choose(own, own.stored()));
      this.compressed = compressed();
    }
  }

  /**
   * Makes the archive ready to be sent; a small one is read here already.
   *
   * @param recompressor what layers are made smaller by
   * @throws io.github.rpideploy.DeployException when a tarball is damaged, has changed or cannot be
   *     read
   */
  public static WireArchive of(ArchivePlan plan, Recompressor recompressor) {
    return new WireArchive(plan, recompressor, Map.of());
  }

  /**
   * The same with layers that are made on the Pi.
   *
   * @param deltas by diffID
   */
  public static WireArchive of(
      ArchivePlan plan, Recompressor recompressor, Map<Digest, Delta> deltas) {
    return new WireArchive(plan, recompressor, deltas);
  }

  /** Waits until it is decided as which blob every layer goes. */
  public void settle() {
    plan.sent().forEach(own -> choose(own, recompressor.await(own)));
  }

  /** Whether it is decided as which blob every layer goes: what is named now is what is sent. */
  public boolean isSettled() {
    return chosen.size() == plan.sent().size();
  }

  /**
   * Exactly as many bytes as {@link #writeTo} writes if it is settled; otherwise it may become
   * less.
   */
  public long bytes() {
    if (!deltas.isEmpty()) {
      if (programBytes < 0) {
        programBytes = programBytes(plan);
      }
      return programBytes;
    }
    return compressed == null ? plainBytes() : compressed.size();
  }

  /**
   * What these images of the plan would take of {@link #bytes()}. A stream that is compressed as a
   * whole cannot be taken apart: it is divided as the plain one would be.
   */
  public long bytes(List<PlannedImage> images) {
    if (images.size() == plan.images().size()) {
      return bytes();
    }
    return deltas.isEmpty()
        ? (long) ((double) bytes() * plainBytes(images) / plainBytes())
        : programBytes(ArchivePlan.of(images));
  }

  private long programBytes(ArchivePlan part) {
    long bytes = ArchiveWriter.endOfProgram(part.documents(blobs())).length;
    for (TarballLayer own : part.sent()) {
      StoredBlob blob = chosen.getOrDefault(own.diffId(), own.stored());
      bytes += ArchiveWriter.programBytes(entry(own, blob));
    }
    return bytes;
  }

  /** The same before the whole is compressed: what the Engine unpacks. */
  public long plainBytes() {
    // Asked for with every piece that is sent, and reckoning it makes and hashes all documents.
    if (plainBytes < 0) {
      plainBytes = plan.bytes(blobs());
    }
    return plainBytes;
  }

  /** What these images of the plan would take in an archive of their own, by the same blobs. */
  public long plainBytes(List<PlannedImage> images) {
    return ArchivePlan.of(images).bytes(blobs());
  }

  /** As which blob the layer is sent, or is on the Pi. */
  public Blob blob(Layer layer) {
    return blobs().apply(layer);
  }

  /** The digest of the image's manifest: its id on the containerd store. */
  public Digest manifestDigest(ImageTarball image) {
    return Digest.of(OciDocuments.manifest(image, blobs()));
  }

  /**
   * Writes it and flushes; the stream is not closed.
   *
   * @throws io.github.rpideploy.DeployException when a tarball is damaged, has changed or cannot be
   *     read: the archive is not completed then
   * @throws IOException of {@code out} as it comes
   */
  public void writeTo(OutputStream out) throws IOException {
    if (compressed != null) {
      compressed.writeTo(out);
      out.flush();
      return;
    }
    List<TarballLayer> left = new ArrayList<>(plan.sent());
    LinkRate rate =
        new LinkRate(
            out, System::nanoTime, measured -> recompressor.begin(withoutDeltas(left), measured));
    ArchiveWriter writer = new ArchiveWriter(rate);
    while (!left.isEmpty()) {
      TarballLayer own = next(left);
      left.remove(own);
      StoredBlob blob = chosen.get(own.diffId());
      if (blob == null) {
        blob = recompressor.await(own, rate::bytesPerSecond);
        choose(own, blob);
      }
      if (deltas.isEmpty()) {
        writer.write(new ArchiveEntry.LayerBlob(blob));
      } else {
        writer.writeProgram(entry(own, blob));
      }
    }
    if (!deltas.isEmpty()) {
      rate.write(ArchiveWriter.endOfProgram(plan.documents(blobs())));
      rate.flush();
      return;
    }
    for (ArchiveEntry document : plan.documents(blobs())) {
      writer.write(document);
    }
    writer.end();
  }

  private ArchiveEntry entry(TarballLayer own, StoredBlob blob) {
    Delta delta = deltas.get(own.diffId());
    return delta == null
        ? new ArchiveEntry.LayerBlob(blob)
        : new ArchiveEntry.DeltaBlob(own.diffId(), delta);
  }

  /** As which blob a layer is on the Pi that is made there. */
  private StoredBlob made(TarballLayer own) {
    long size = Objects.requireNonNull(deltas.get(own.diffId())).size();
    return StoredBlob.inCache(own.tarball(), new Blob(own.diffId(), size, Compression.NONE));
  }

  /** The first that need not be waited for. */
  private TarballLayer next(List<TarballLayer> left) {
    left.forEach(this::decide);
    Optional<TarballLayer> decided =
        left.stream().filter(own -> chosen.containsKey(own.diffId())).findFirst();
    return decided.orElse(left.get(0));
  }

  private List<TarballLayer> withoutDeltas(List<TarballLayer> layers) {
    return layers.stream().filter(own -> !deltas.containsKey(own.diffId())).toList();
  }

  private void decide(TarballLayer own) {
    if (!chosen.containsKey(own.diffId()) && !recompressor.isPending(own)) {
      choose(own, recompressor.best(own));
    }
  }

  private void choose(TarballLayer own, StoredBlob blob) {
    if (chosen.putIfAbsent(own.diffId(), blob) == null) {
      plainBytes = -1;
      programBytes = -1;
    }
  }

  private Function<Layer, Blob> blobs() {
    return plan.blobs(chosen);
  }

  private @Nullable ByteArrayOutputStream compressed() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      ArchiveWriter writer = new ArchiveWriter(gzip);
      for (TarballLayer own : plan.sent()) {
        writer.write(new ArchiveEntry.LayerBlob(own.stored()));
      }
      for (ArchiveEntry document : plan.documents(blobs())) {
        writer.write(document);
      }
      writer.end();
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
    return bytes.size() < plainBytes() ? bytes : null;
  }
}
