package io.github.rpideploy.docker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads what {@link ReleaseScripts} print. A line that makes no sense is passed over: then a layer
 * counts as missing and is sent, or a release as absent.
 */
final class ReleaseAnswer {

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern REFERENCE = Pattern.compile("=[0-9]{1,6}");
  private static final Pattern KIB = Pattern.compile("[0-9]{1,15}");

  /** The digests in the order in which they came; a later {@code =3} means the fourth. */
  private final List<String> known = new ArrayList<>();

  private final Map<String, List<String>> images = new LinkedHashMap<>();
  private final Map<String, List<String>> blobs = new HashMap<>();
  private final Map<String, ReleaseState> releases = new HashMap<>();
  private final List<Survey.FreeSpace> space = new ArrayList<>();
  private final Set<String> unrecorded = new TreeSet<>();

  private ReleaseAnswer() {}

  static ReleaseAnswer parse(String output) {
    ReleaseAnswer answer = new ReleaseAnswer();
    output.lines().forEach(answer::line);
    return answer;
  }

  Survey survey() {
    List<Survey.Held> held = new ArrayList<>();
    images.forEach(
        (id, layers) -> {
          List<String> sent = blobs.getOrDefault(id, List.of());
          held.add(new Survey.Held(layers, sent.size() == layers.size() ? sent : List.of()));
        });
    return new Survey(held, releases, space);
  }

  Map<String, ReleaseState> releases() {
    return Map.copyOf(releases);
  }

  /** The tags of releases of which the blobs could not be recorded. */
  Set<String> unrecorded() {
    return Set.copyOf(unrecorded);
  }

  private void line(String line) {
    String[] words = line.strip().split(" +", -1);
    if (words.length < 2) {
      return;
    }
    switch (words[0]) {
      case "image", "blobs" -> digests(words);
      case "space" -> {
        if (words.length > 2 && KIB.matcher(words[1]).matches()) {
          space.add(new Survey.FreeSpace(rest(words), Long.parseLong(words[1]) * 1024));
        }
      }
      case "absent" -> releases.put(words[1], new ReleaseState.Absent(rest(words)));
      case "found" -> found(words);
      case "unusable" -> releases.put(words[1], new ReleaseState.Unusable(rest(words)));
      case "unrecorded" -> unrecorded.add(words[1]);
      default -> {}
    }
  }

  private void found(String[] words) {
    if (words.length > 2) {
      List<String> layers =
          Arrays.stream(words, 3, words.length).map(ReleaseAnswer::withoutAlgorithm).toList();
      releases.put(words[1], new ReleaseState.Usable(words[2], layers));
    }
  }

  private void digests(String[] words) {
    List<String> digests = new ArrayList<>();
    boolean sound = true;
    for (int i = 1; i < words.length; i++) {
      if (HEX.matcher(words[i]).matches()) {
        if (!known.contains(words[i])) {
          known.add(words[i]);
        }
        digests.add(words[i]);
      } else if (REFERENCE.matcher(words[i]).matches()
          && Integer.parseInt(words[i].substring(1)) < known.size()) {
        digests.add(known.get(Integer.parseInt(words[i].substring(1))));
      } else {
        sound = false;
      }
    }
    if (sound) {
      Map<String, List<String>> kind = words[0].equals("image") ? images : blobs;
      kind.put(digests.get(0), digests.subList(1, digests.size()));
    }
  }

  /** What stands after the first two words. */
  private static String rest(String[] words) {
    return String.join(" ", Arrays.asList(words).subList(2, words.length));
  }

  private static String withoutAlgorithm(String digest) {
    return digest.startsWith("sha256:") ? digest.substring("sha256:".length()) : digest;
  }
}
