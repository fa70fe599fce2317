package io.github.rpideploy.image.delta;

import io.github.rpideploy.image.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files that releases on the Pi have, by their content. Of a path that several layers of a
 * release have, the topmost counts.
 */
final class OldFiles {

  /** Where files lie, by their content: a path for each release, by its place in the list. */
  private final Map<Digest, Map<Integer, String>> places = new HashMap<>();

  /** The version at the end of a jar's name. */
  private static final Pattern VERSION = Pattern.compile("-\\d[^/]*(?=\\.jar$)");

  private final List<OldRelease> releases;

  /** Jars by their paths without versions, for each release; of several, one. */
  private final List<Map<String, LayerFile>> jars = new ArrayList<>();

  OldFiles(List<OldRelease> releases, Map<Digest, LayerFiles> lists) {
    this.releases = List.copyOf(releases);
    for (int i = 0; i < releases.size(); i++) {
      Map<String, LayerFile> visible = new LinkedHashMap<>();
      for (Digest layer : releases.get(i).layers()) {
        LayerFiles list = lists.get(layer);
        if (list != null) {
          list.files().forEach(file -> visible.put(file.path(), file));
        }
      }
      Map<String, LayerFile> byName = new HashMap<>();
      jars.add(byName);
      for (LayerFile file : visible.values()) {
        if (file.path().endsWith(".jar")) {
          byName.put(file.path(), file);
          byName.putIfAbsent(withoutVersion(file.path()), file);
        }
        places.computeIfAbsent(file.digest(), any -> new HashMap<>()).putIfAbsent(i, file.path());
      }
    }
  }

  /** A file of a release. */
  record Place(OldRelease release, String path) {

    Root root() {
      return new Root(release, path.substring(0, path.indexOf('/', 1)));
    }
  }

  /** A file and where it is. */
  record Found(Place place, LayerFile file) {}

  /** The same jar, or one of the same name with another version, of the first release with one. */
  Optional<Found> olderVersion(String path) {
    for (String name : List.of(path, withoutVersion(path))) {
      for (int i = 0; i < releases.size(); i++) {
        LayerFile file = jars.get(i).get(name);
        if (file != null) {
          return Optional.of(new Found(new Place(releases.get(i), file.path()), file));
        }
      }
    }
    return Optional.empty();
  }

  private static String withoutVersion(String path) {
    return VERSION.matcher(path).replaceFirst("");
  }

  /** What is read at once: a directory at or below that one of a release. */
  record Root(OldRelease release, String path) {}

  /**
   * Chooses where to copy files from: as few releases as serve.
   *
   * @param wanted the files
   * @param most so many releases
   * @param least a release must give that many bytes that no other gives
   */
  Map<Digest, Place> choose(List<LayerFile> wanted, int most, long least) {
    Map<Digest, LayerFile> left = new LinkedHashMap<>();
    wanted.stream()
        .filter(file -> places.containsKey(file.digest()))
        .forEach(file -> left.putIfAbsent(file.digest(), file));
    Map<Digest, Place> chosen = new HashMap<>();
    for (int round = 0; round < most && !left.isEmpty(); round++) {
      int best = -1;
      long bestBytes = least - 1;
      for (int i = 0; i < releases.size(); i++) {
        long bytes = 0;
        for (LayerFile file : left.values()) {
          bytes += in(i, file) == null ? 0 : file.size();
        }
        if (bytes > bestBytes) {
          best = i;
          bestBytes = bytes;
        }
      }
      if (best < 0) {
        break;
      }
      Set<Digest> found = new HashSet<>();
      for (LayerFile file : new ArrayList<>(left.values())) {
        String path = in(best, file);
        if (path != null) {
          chosen.put(file.digest(), new Place(releases.get(best), path));
          found.add(file.digest());
        }
      }
      left.keySet().removeAll(found);
    }
    return chosen;
  }

  private @Nullable String in(int release, LayerFile file) {
    return places.getOrDefault(file.digest(), Map.of()).get(release);
  }
}
