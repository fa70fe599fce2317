package io.github.rpideploy.image.delta;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a program makes the Pi hold in memory. {@code docker cp} gives the files of a directory in
 * the order of their names, once; a file that comes by before it is needed, and one that is needed
 * again, is held.
 */
final class PiMemory {

  private final long limit;
  private final Map<OldFiles.Place, Integer> uses = new HashMap<>();
  private final Map<OldFiles.Place, Long> sizes = new HashMap<>();
  private final Map<OldFiles.Root, List<OldFiles.Place>> coming = new HashMap<>();
  private final Set<OldFiles.Place> held = new HashSet<>();
  private final Set<OldFiles.Place> dropped = new HashSet<>();
  private long bytes;

  private PiMemory(List<Copy> copies, long limit) {
    this.limit = limit;
    for (Copy copy : copies) {
      if (uses.merge(copy.from(), 1, Integer::sum) == 1) {
        sizes.put(copy.from(), copy.size());
        coming.computeIfAbsent(copy.from().root(), any -> new ArrayList<>()).add(copy.from());
      }
    }
    coming.values().forEach(files -> files.sort((a, b) -> byNames(a.path(), b.path())));
  }

  /** The copies without those from files that would have to be held above the limit. */
  static List<Copy> within(long limit, List<Copy> copies) {
    PiMemory memory = new PiMemory(copies, limit);
    copies.forEach(memory::use);
    return copies.stream().filter(copy -> !memory.dropped.contains(copy.from())).toList();
  }

  private void use(Copy copy) {
    OldFiles.Place file = copy.from();
    if (dropped.contains(file)) {
      return;
    }
    if (!held.contains(file)) {
      List<OldFiles.Place> files = coming.getOrDefault(file.root(), List.of());
      int place = files.indexOf(file);
      files.subList(0, place).forEach(this::hold);
      files.subList(0, place + 1).clear();
      if (uses.getOrDefault(file, 0) > 1) {
        hold(file);
      }
    }
    if (uses.merge(file, -1, Integer::sum) == 0 && held.remove(file)) {
      bytes -= copy.size();
    }
  }

  private void hold(OldFiles.Place file) {
    long size = sizes.getOrDefault(file, 0L);
    if (dropped.contains(file)) {
      return;
    }
    if (bytes + size > limit) {
      dropped.add(file);
    } else {
      held.add(file);
      bytes += size;
    }
  }

  /** As a directory is walked: what is below {@code a/} comes before {@code a.b}. */
  static int byNames(String one, String other) {
    String[] names = one.split("/", -1);
    String[] others = other.split("/", -1);
    for (int i = 0; i < names.length && i < others.length; i++) {
      int order = names[i].compareTo(others[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(names.length, others.length);
  }
}
