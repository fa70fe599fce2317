package io.github.rpideploy.deploy.files;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the Pi has of the stack's files, as the probe tells it.
 *
 * @param record what was sent last: the SHA-256 by path
 * @param modes the same for permissions
 * @param there the SHA-256 of what is there, by path, as far as anybody has asked
 * @param hasEnv whether there is a {@code .env}
 * @param unset the variables of the compose file that have no value there
 * @param same whether all is as it is to be, so that nothing was told of single files
 */
public record FilesOnPi(
    Map<String, String> record,
    Map<String, String> modes,
    Map<String, String> there,
    boolean hasEnv,
    Set<String> unset,
    boolean same) {

  /** A directory in which nothing is. */
  public static final FilesOnPi NONE = parse(List.of());

  /** Keeps copies. */
  public FilesOnPi {
    record = new TreeMap<>(record);
    modes = Map.copyOf(modes);
    there = Map.copyOf(there);
    unset = new TreeSet<>(unset);
  }

  /**
   * Reads what the probe told.
   *
   * @param lines of the probe's answer; other ones do no harm
   */
  public static FilesOnPi parse(List<String> lines) {
    Map<String, String> record = new HashMap<>();
    Map<String, String> modes = new HashMap<>();
    Map<String, String> there = new HashMap<>();
    Set<String> unset = new HashSet<>();
    boolean hasEnv = false;
    boolean same = false;
    for (String line : lines) {
      String[] words = line.split(" ", 4);
      if (words[0].equals("record") && words.length == 4) {
        record.put(words[3], words[1]);
        modes.put(words[3], words[2]);
      } else if (words[0].equals("there") && words.length > 2) {
        there.put(line.split(" ", 3)[2], words[1]);
      } else if (words[0].equals("unset") && words.length > 1) {
        unset.add(words[1]);
      }
      hasEnv |= line.equals("env there");
      same |= line.equals("files same");
    }
    return new FilesOnPi(record, modes, there, hasEnv, unset, same);
  }

  /** The files that the Pi lacks, or has with another content. */
  public List<StackFile> lacking(StackFiles wanted) {
    return wanted.files().values().stream()
        .filter(file -> !same && !file.sha256().equals(there.get(file.path())))
        .toList();
  }

  /** The files that are wanted and lacking because somebody else has changed or made them. */
  public List<String> conflicts(StackFiles wanted) {
    return lacking(wanted).stream()
        .map(StackFile::path)
        .filter(there::containsKey)
        .filter(path -> !Objects.equals(there.get(path), record.get(path)))
        .toList();
  }

  /** The files that were sent once and are no longer named, and that nobody has changed. */
  public List<String> obsolete(StackFiles wanted) {
    List<String> obsolete = new ArrayList<>();
    record.forEach(
        (path, sha256) -> {
          if (!same && !wanted.files().containsKey(path) && sha256.equals(there.get(path))) {
            obsolete.add(path);
          }
        });
    return obsolete;
  }
}
