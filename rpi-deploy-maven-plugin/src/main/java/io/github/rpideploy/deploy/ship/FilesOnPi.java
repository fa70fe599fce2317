package io.github.rpideploy.deploy.ship;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.EngineContents;
import io.github.rpideploy.docker.Images;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.image.delta.DeltaPlanner;
import io.github.rpideploy.image.delta.Deltas;
import io.github.rpideploy.image.delta.FileListArchive;
import io.github.rpideploy.image.delta.LayerFiles;
import io.github.rpideploy.image.delta.OldRelease;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What files the layers on one Pi have, as far as it is recorded there. */
final class FilesOnPi {

  /** As much as so many lists take as an Engine has use for. */
  private static final int ANSWER_LIMIT = 8 * 1024 * 1024;

  private final Images images;
  private final DeltaPlanner planner;
  private Map<Digest, LayerFiles> there = Map.of();
  private CompletableFuture<List<LayerFiles>> lists = CompletableFuture.completedFuture(List.of());

  FilesOnPi(Images images, DeltaPlanner planner) {
    this.images = images;
    this.planner = planner;
  }

  /** Plans which layers of a shipment are sent as deltas. Asks the Pi when one may be worth it. */
  Deltas deltas(Shipment shipment, Holdings holdings) {
    try {
      return planned(shipment, holdings);
    } catch (DeployException e) {
      // If more is wrong than that, sending the layers whole tells it.
      return Deltas.NONE;
    }
  }

  private Deltas planned(Shipment shipment, Holdings holdings) {
    Set<Digest> seen = new HashSet<>();
    List<DeltaPlanner.Wanted> wanted = new ArrayList<>();
    for (Release release : shipment.releases()) {
      for (Layer layer : release.tarball().layers()) {
        long bytes = shipment.archive().blob(layer).size();
        if (shipment.plan().sends(layer)
            && bytes >= DeltaPlanner.LEAST
            && seen.add(layer.diffId())) {
          String repository = release.tag().familiar().replaceFirst(":[^:/]*$", "");
          wanted.add(new DeltaPlanner.Wanted(release.tarball(), layer, repository, bytes));
        }
      }
    }
    List<OldRelease> old = holdings.contents().images().stream().flatMap(FilesOnPi::old).toList();
    if (wanted.isEmpty() || old.isEmpty()) {
      return Deltas.NONE;
    }
    Set<Digest> layers =
        old.stream().flatMap(release -> release.layers().stream()).collect(Collectors.toSet());
    there = FileListArchive.read(answer(images::writeFileLists), layers);
    return there.isEmpty()
        ? Deltas.NONE
        : planner.plan(
            wanted,
            old,
            there,
            (directories, questions) -> jarEntries(shipment, directories, questions));
  }

  private static Stream<OldRelease> old(EngineContents.Held held) {
    return held.note().isEmpty()
        ? Stream.empty()
        : held.tags().stream()
            .filter(OldRelease::isTag)
            .sorted()
            .limit(1)
            .map(tag -> new OldRelease(tag, held.layers().stream().map(Digest::new).toList()));
  }

  private byte[] jarEntries(
      Shipment shipment, List<Deltas.OldDirectory> directories, String questions) {
    String platform = shipment.releases().get(0).tarball().platform().toString();
    return answer(out -> images.writeJarEntries(platform, there(directories), questions, out));
  }

  /** The same directories as those who know the Pi call them. */
  static List<Images.OldDirectory> there(List<Deltas.OldDirectory> directories) {
    return directories.stream()
        .map(of -> new Images.OldDirectory(of.release(), of.path()))
        .toList();
  }

  /** Of more than is allowed, the rest is not waited for. */
  private static byte[] answer(Consumer<OutputStream> question) {
    Kept kept = new Kept();
    try {
      question.accept(kept);
    } catch (DeployException e) {
      if (!kept.full) {
        throw e;
      }
    }
    return kept.bytes.toByteArray();
  }

  private static final class Kept extends OutputStream {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean full;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] more, int offset, int length) throws IOException {
      int count = Math.min(length, ANSWER_LIMIT - bytes.size());
      bytes.write(more, offset, count);
      full = count < length;
      if (full) {
        throw new IOException("it is more than " + ANSWER_LIMIT + " bytes");
      }
    }
  }

  /** Begins to list the files of large layers of a shipment while it is sent. */
  void startLists(Shipment shipment) {
    boolean large =
        shipment.releases().stream()
            .flatMap(release -> release.tarball().layers().stream())
            .anyMatch(layer -> DeltaPlanner.isListed(layer) && shipment.plan().sends(layer));
    if (large) {
      lists =
          CompletableFuture.supplyAsync(() -> lists(shipment.releases()), FilesOnPi::inBackground);
    }
  }

  /** It is not waited for when a deploy fails, and ends by itself. */
  private static void inBackground(Runnable work) {
    Thread thread = new Thread(work, "rpi-deploy lists files");
    thread.setDaemon(true);
    thread.start();
  }

  private List<LayerFiles> lists(List<Release> releases) {
    List<LayerFiles> all = new ArrayList<>();
    Set<Digest> seen = new HashSet<>(there.keySet());
    for (Release release : releases) {
      for (Layer layer : release.tarball().layers()) {
        if (DeltaPlanner.isListed(layer) && seen.add(layer.diffId())) {
          planner.list(release.tarball(), layer).ifPresent(all::add);
        }
      }
    }
    return all;
  }

  /**
   * Keeps on the Pi what was listed: without it, later layers are sent whole.
   *
   * @return whether deltas will be tried again
   */
  boolean keepLists(Images.DeltaOutcome deltas) {
    List<LayerFiles> listed = lists.join();
    try {
      return (listed.isEmpty() && deltas == Images.DeltaOutcome.NONE)
          || images.keepFileLists(out -> out.write(FileListArchive.write(listed)), deltas);
    } catch (DeployException e) {
      // What is wrong with the connection shows in the next step; nothing depends on the lists.
      return true;
    }
  }
}
