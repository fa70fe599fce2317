package io.github.rpideploy.docker;

import io.github.rpideploy.remote.ExecResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads what {@link ReleaseScripts} print. A malformed line is skipped: then a layer counts as
 * missing and is sent, or a release as absent.
 */
final class ReleaseAnswer {

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern REFERENCE = Pattern.compile("=[0-9]{1,6}");
  private static final Pattern KIB = Pattern.compile("[0-9]{1,15}");
  private static final Pattern STATUS = Pattern.compile("[0-9]{1,3}");

  /** The digests in the order in which they came; a later {@code =3} means the fourth. */
  private final Map<String, Integer> places = new HashMap<>();

  private final List<String> known = new ArrayList<>();

  private final Map<String, List<String>> images = new LinkedHashMap<>();
  private final Map<String, SentLayers> notes = new HashMap<>();
  private final Map<String, ReleaseState> releases = new HashMap<>();
  private final List<EngineContents.FreeSpace> space = new ArrayList<>();
  private final Set<String> unrecorded = new TreeSet<>();
  private Optional<ExecResult> loaded = Optional.empty();

  private ReleaseAnswer() {}

  static ReleaseAnswer parse(String output) {
    ReleaseAnswer answer = new ReleaseAnswer();
    output.lines().forEach(answer::line);
    return answer;
  }

  EngineContents contents() {
    List<EngineContents.Held> held = new ArrayList<>();
    images.forEach(
        (id, words) -> {
          Set<String> tags = new LinkedHashSet<>(words);
          tags.removeIf(word -> HEX.matcher(word).matches());
          List<String> layers = words.stream().filter(word -> !tags.contains(word)).toList();
          held.add(new EngineContents.Held(id, tags, layers, Optional.ofNullable(notes.get(id))));
        });
    return new EngineContents(held, space);
  }

  Proof proof() {
    return new Proof(releases, unrecorded);
  }

  /** How {@code docker load} ended, if it was run. */
  Optional<ExecResult> loaded() {
    return loaded;
  }

  private void line(String line) {
    String[] words = line.strip().split(" +", -1);
    if (words.length < 2) {
      return;
    }
    switch (words[0]) {
      case "image" -> digests(words).ifPresent(all -> images.put(all.get(0), rest(all)));
      case "note" ->
          digests(words)
              .ifPresent(
                  all -> SentLayers.parse(rest(all)).ifPresent(n -> notes.put(all.get(0), n)));
      case "space" -> {
        if (words.length > 2 && KIB.matcher(words[1]).matches()) {
          space.add(new EngineContents.FreeSpace(rest(words), Long.parseLong(words[1]) * 1024));
        }
      }
      case "loaded" -> {
        if (STATUS.matcher(words[1]).matches()) {
          loaded = Optional.of(new ExecResult(Integer.parseInt(words[1]), null, "", rest(words)));
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

  /** The words after the first, with references resolved; the first of them is a digest. */
  private Optional<List<String>> digests(String[] words) {
    List<String> resolved = new ArrayList<>();
    for (int i = 1; i < words.length; i++) {
      String word = words[i];
      if (HEX.matcher(word).matches()) {
        if (places.putIfAbsent(word, known.size()) == null) {
          known.add(word);
        }
      } else if (REFERENCE.matcher(word).matches()) {
        int place = Integer.parseInt(word.substring(1));
        if (place >= known.size()) {
          return Optional.empty();
        }
        word = known.get(place);
      }
      resolved.add(word);
    }
    return HEX.matcher(resolved.get(0)).matches() ? Optional.of(resolved) : Optional.empty();
  }

  private static List<String> rest(List<String> words) {
    return words.subList(1, words.size());
  }

  /** Everything after the first two words. */
  private static String rest(String[] words) {
    return String.join(" ", Arrays.asList(words).subList(2, words.length));
  }

  private static String withoutAlgorithm(String digest) {
    return digest.startsWith("sha256:") ? digest.substring("sha256:".length()) : digest;
  }
}
