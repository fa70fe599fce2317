package io.github.rpideploy.image.delta;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.ImageTarball;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.image.WireArchive;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Plans which layers are sent as deltas, and lists files of layers. */
public final class DeltaPlanner {

  /** A layer with fewer bytes in its tarball is sent as it is, and a delta has to save as many. */
  public static final long LEAST = 256 * 1024;

  /** One with more is sent as it is, because it takes long to look into it: 512 MiB. */
  private static final long LARGEST = 512L * 1024 * 1024;

  /** What of a layer a delta has to save. */
  private static final double WORTH_IT = 0.25;

  /** All deltas of one shipment are made in memory. */
  private static final long MOST = 32L * 1024 * 1024;

  /** apply-delta.sh takes 64 MiB; a piece that passes comes on top of it. */
  private static final long PI_MEMORY = 48L * 1024 * 1024;

  /** Each of them is a container that is made on the Pi. */
  private static final int MOST_RELEASES = 4;

  /**
   * A layer that must be sent.
   *
   * @param repository of its release: other releases of it are looked at first
   * @param bytes what it takes when it is sent whole
   */
  public record Wanted(ImageTarball tarball, Layer layer, String repository, long bytes) {}

  private final Map<Digest, Optional<LayerIndex>> indexes = new HashMap<>();

  /**
   * Plans the deltas that are worth it.
   *
   * @param releases what the Pi has
   * @param lists the lists of files that it has, by diffID
   * @param jars asks it for entries of jars
   */
  public Deltas plan(
      List<Wanted> layers, List<OldRelease> releases, Map<Digest, LayerFiles> lists, OldJars jars) {
    List<Deltas.OldDirectory> directories = new ArrayList<>();
    Map<Digest, WireArchive.Delta> deltas = new HashMap<>();
    Map<Digest, String> from = new HashMap<>();
    long left = MOST;
    for (Wanted wanted : layers) {
      Optional<LayerIndex> index = index(wanted.tarball(), wanted.layer());
      if (index.isEmpty()) {
        continue;
      }
      try {
        List<Copy> copies = copies(wanted, index.get(), oldFiles(wanted, releases, lists), jars);
        if (copies.isEmpty()) {
          continue;
        }
        DeltaWriter writer = new DeltaWriter(copies, directories.size());
        byte[] program = write(writer, wanted, left);
        left -= program.length;
        deltas.put(wanted.layer().diffId(), new WireArchive.Delta(index.get().size(), program));
        directories.addAll(writer.directories());
        from.put(wanted.layer().diffId(), mostly(copies));
      } catch (IOException e) {
        // It is not worth it, or sending the layer whole will tell what is wrong with it.
      }
    }
    return new Deltas(directories, deltas, from);
  }

  private static byte[] write(DeltaWriter writer, Wanted wanted, long left) throws IOException {
    long saved = Math.max(LEAST, (long) Math.ceil(wanted.bytes() * WORTH_IT));
    try (InputStream layer = wanted.tarball().unpacked(wanted.layer())) {
      return writer.write(layer, Math.min(left, wanted.bytes() - saved));
    }
  }

  /** Whether a layer is of a size whose files are worth listing. */
  public static boolean isListed(Layer layer) {
    return layer.size() >= LEAST && layer.size() <= LARGEST;
  }

  /** The list of a layer's files; empty when it is no layer of which one can be made. */
  public Optional<LayerFiles> list(ImageTarball tarball, Layer layer) {
    return index(tarball, layer).map(LayerIndex::list).filter(list -> !list.files().isEmpty());
  }

  private synchronized Optional<LayerIndex> index(ImageTarball tarball, Layer layer) {
    Optional<LayerIndex> known = indexes.get(layer.diffId());
    if (known == null) {
      known = read(tarball, layer);
      indexes.put(layer.diffId(), known);
    }
    return known;
  }

  /** Sending a layer that cannot be read tells what is wrong with it. */
  private static Optional<LayerIndex> read(ImageTarball tarball, Layer layer) {
    if (!isListed(layer)) {
      return Optional.empty();
    }
    try (InputStream tar = tarball.unpacked(layer)) {
      return Optional.of(LayerIndex.read(tar))
          .filter(index -> index.layer().equals(layer.diffId()));
    } catch (IOException | DeployException e) {
      return Optional.empty();
    }
  }

  private static OldFiles oldFiles(
      Wanted wanted, List<OldRelease> releases, Map<Digest, LayerFiles> lists) {
    Comparator<OldRelease> order =
        Comparator.comparing(release -> !release.tag().startsWith(wanted.repository() + ":"));
    return new OldFiles(releases.stream().sorted(order).toList(), lists);
  }

  private static List<Copy> copies(Wanted wanted, LayerIndex index, OldFiles old, OldJars jars)
      throws IOException {
    Map<Digest, OldFiles.Place> places =
        old.choose(
            index.spans().stream().map(LayerIndex.Span::file).toList(), MOST_RELEASES, LEAST);
    List<Copy> copies = new ArrayList<>();
    for (LayerIndex.Span span : index.spans()) {
      OldFiles.Place place = places.get(span.file().digest());
      if (place != null) {
        long size = span.file().size();
        copies.add(new Copy(span.offset(), size, place, size, 0));
      }
    }
    ChangedJars changed = new ChangedJars(index, old, places.keySet());
    copies.addAll(changed.copies(wanted.tarball(), wanted.layer(), jars));
    copies.sort(Comparator.comparingLong(Copy::at));
    return PiMemory.within(PI_MEMORY, worthReading(copies));
  }

  /** Without the directories that give too little to be read for. */
  private static List<Copy> worthReading(List<Copy> copies) {
    Map<OldFiles.Root, Long> bytes =
        copies.stream()
            .collect(
                Collectors.groupingBy(
                    copy -> copy.from().root(), Collectors.summingLong(Copy::length)));
    return copies.stream()
        .filter(copy -> bytes.getOrDefault(copy.from().root(), 0L) >= LEAST)
        .toList();
  }

  private static String mostly(List<Copy> copies) {
    return copies.stream()
        .collect(
            Collectors.groupingBy(
                copy -> copy.from().release().tag(), Collectors.summingLong(Copy::length)))
        .entrySet()
        .stream()
        .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .orElseThrow()
        .getKey();
  }
}
