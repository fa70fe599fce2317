package io.github.rpideploy.image.delta;

import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.ImageTarball;
import io.github.rpideploy.image.Layer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds of jars that have changed what an older version of them has. */
final class ChangedJars {

  /** A smaller one is sent. */
  private static final long LEAST = 32 * 1024;

  /** Of a larger one the Pi does not tell the entries, since it would have to hold it. */
  private static final long MOST = 32L * 1024 * 1024;

  private static final String JAR = ".jar";

  /** A jar of the layer and its older version. */
  private record Pair(LayerIndex.Span span, OldFiles.Place place, LayerFile old) {}

  private final List<Pair> pairs = new ArrayList<>();

  /**
   * @param unchanged what is copied as it is
   */
  ChangedJars(LayerIndex index, OldFiles old, Set<Digest> unchanged) {
    for (LayerIndex.Span span : index.spans()) {
      if (isCandidate(span.file()) && !unchanged.contains(span.file().digest())) {
        Optional<OldFiles.Found> found = old.olderVersion(span.file().path());
        found
            .filter(it -> isCandidate(it.file()))
            .ifPresent(it -> pairs.add(new Pair(span, it.place(), it.file())));
      }
    }
  }

  private static boolean isCandidate(LayerFile file) {
    return file.path().endsWith(JAR) && file.size() >= LEAST && file.size() <= MOST;
  }

  /** Asks the Pi, and says what can be copied; the layer is read if there is such a jar. */
  List<Copy> copies(ImageTarball tarball, Layer layer, OldJars jars) throws IOException {
    if (pairs.isEmpty()) {
      return List.of();
    }
    List<Map<JarEntries.Content, Long>> there = ask(jars);
    if (there.isEmpty()) {
      return List.of();
    }
    List<Copy> copies = new ArrayList<>();
    try (InputStream in = tarball.unpacked(layer)) {
      long position = 0;
      for (int i = 0; i < pairs.size(); i++) {
        Pair pair = pairs.get(i);
        if (there.get(i).isEmpty()) {
          continue;
        }
        in.skipNBytes(pair.span().offset() - position);
        byte[] jar = in.readNBytes((int) pair.span().file().size());
        if (jar.length < pair.span().file().size()) {
          throw new EOFException();
        }
        position = pair.span().offset() + jar.length;
        add(pair, jar, there.get(i), copies);
      }
    }
    return copies;
  }

  private List<Map<JarEntries.Content, Long>> ask(OldJars jars) {
    List<Copy> whole =
        pairs.stream().map(pair -> new Copy(0, 0, pair.place(), pair.old().size(), 0)).toList();
    DeltaWriter places = new DeltaWriter(whole, 0);
    StringBuilder questions = new StringBuilder();
    for (Pair pair : pairs) {
      questions.append(places.question(pair.place())).append('\n');
    }
    return JarEntries.parse(
        jars.ask(places.directories(), questions.toString()),
        pairs.stream().map(pair -> pair.old().size()).toList());
  }

  private static void add(
      Pair pair, byte[] jar, Map<JarEntries.Content, Long> there, List<Copy> copies) {
    long end = 0;
    for (JarEntries.Entry entry : JarEntries.of(jar)) {
      Long offset = there.get(entry.content());
      if (offset != null && entry.offset() >= end) {
        long size = entry.content().size();
        copies.add(
            new Copy(
                pair.span().offset() + entry.offset(),
                size,
                pair.place(),
                pair.old().size(),
                offset));
        end = entry.offset() + size;
      }
    }
  }
}
