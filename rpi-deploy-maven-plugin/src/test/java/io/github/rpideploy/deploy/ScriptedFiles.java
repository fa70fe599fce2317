package io.github.rpideploy.deploy;

import io.github.rpideploy.image.TestTar;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The files of the stack on a {@link ScriptedPi}; what real scripts do with them has its test. */
final class ScriptedFiles {

  /** The content by path. */
  final Map<String, String> contents = new TreeMap<>();

  /** What was sent: SHA-256 and mode by path. */
  final Map<String, String> record = new TreeMap<>();

  /** What containers saw when they were made; a service that is missing was made by others. */
  final Map<String, String> seen = new HashMap<>();

  private Map<String, String> contentsBefore = Map.of();
  private Map<String, String> recordBefore = Map.of();

  String read(byte[] archive, String name) {
    return new String(TestTar.read(archive).get(name), StandardCharsets.UTF_8);
  }

  /** What the probe tells. */
  String there(String list) {
    StringBuilder said = new StringBuilder();
    record.forEach((path, sum) -> said.append("record " + sum + " " + path + "\n"));
    TreeSet<String> paths = new TreeSet<>(record.keySet());
    list.lines().forEach(line -> paths.add(line.split(" ", 3)[2]));
    paths.retainAll(contents.keySet());
    paths.forEach(
        path ->
            said.append("there " + sha256(contents.getOrDefault(path, "")) + " " + path + "\n"));
    return said.toString();
  }

  /** What speaks against putting the files of an archive in place. */
  String stops(byte[] archive, boolean overwrite) {
    StringBuilder said = new StringBuilder();
    Map<String, byte[]> entries = TestTar.read(archive);
    List<String> lines = read(archive, "files").lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String[] words = lines.get(i).split(" ", 3);
      String present = contents.get(words[2]);
      if (present != null && sha256(present).equals(words[0])) {
        continue;
      }
      if (!entries.containsKey(String.valueOf(i + 1))) {
        said.append("lacking " + words[2] + "\n");
      } else if (present != null
          && !overwrite
          && !record.getOrDefault(words[2], "").startsWith(sha256(present))) {
        said.append("conflict " + words[2] + "\n");
      }
    }
    return said.toString();
  }

  /** Puts them in place, and tells which: a blank before each. */
  String place(byte[] archive) {
    contentsBefore = Map.copyOf(contents);
    recordBefore = Map.copyOf(record);
    record.clear();
    StringBuilder placed = new StringBuilder();
    List<String> lines = read(archive, "files").lines().toList();
    Map<String, byte[]> entries = TestTar.read(archive);
    for (int i = 0; i < lines.size(); i++) {
      String[] words = lines.get(i).split(" ", 3);
      record.put(words[2], words[0] + " " + words[1]);
      byte[] content = entries.get(String.valueOf(i + 1));
      if (content != null) {
        contents.put(words[2], new String(content, StandardCharsets.UTF_8));
        placed.append(' ').append(words[2]);
      }
    }
    recordBefore.keySet().stream()
        .filter(path -> !record.containsKey(path))
        .forEach(
            path -> {
              contents.remove(path);
              placed.append(" -").append(path);
            });
    return placed.toString();
  }

  void restore() {
    contents.clear();
    contents.putAll(contentsBefore);
    record.clear();
    record.putAll(recordBefore);
  }

  void made(String service, String uses) {
    StringBuilder said = new StringBuilder("files\n");
    record.forEach(
        (path, sum) ->
            uses.lines()
                .filter(use -> path.equals(use) || path.startsWith(use + "/"))
                .limit(1)
                .forEach(use -> said.append("file " + sum.split(" ", 2)[0] + "  " + path + "\n")));
    seen.put(service, said.toString());
  }

  String seenBy(String service) {
    return seen.getOrDefault(service, "");
  }

  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
