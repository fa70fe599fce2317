package io.github.rpideploy.deploy.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a deploy changed besides the services that it deployed. In the file, its names are a
 * contract, as those of the {@link History}.
 *
 * @param files the paths of files of the stack that were sent, as far as a line has room
 * @param removed the paths of those that were removed, as far as a line has room
 * @param moreFiles how many had no room; null when all had
 * @param others the services that were started or recreated although no module deploys them
 */
public record StackChanges(
    List<String> files, List<String> removed, @Nullable Integer moreFiles, List<String> others) {

  /** Nothing. */
  static final StackChanges NONE = new StackChanges(List.of(), List.of(), null, List.of());

  /** So many characters of paths a line has: every deploy reads a hundred lines. */
  private static final int ROOM = 1000;

  /** Keeps copies. */
  public StackChanges {
    files = List.copyOf(files);
    removed = List.copyOf(removed);
    others = List.copyOf(others);
  }

  /** Leaves out the paths that do not fit on a line. */
  static StackChanges of(
      Collection<String> sent, Collection<String> removed, Collection<String> others) {
    List<String> sentOnLine = new ArrayList<>();
    int room = fill(sentOnLine, sent, ROOM);
    List<String> removedOnLine = new ArrayList<>();
    fill(removedOnLine, removed, room);
    int more = sent.size() + removed.size() - sentOnLine.size() - removedOnLine.size();
    return new StackChanges(
        sentOnLine, removedOnLine, more == 0 ? null : more, List.copyOf(others));
  }

  /** Returns the room that is left. */
  private static int fill(List<String> line, Collection<String> paths, int room) {
    int left = room;
    for (String path : paths) {
      left -= path.length();
      if (left < 0) {
        return 0;
      }
      line.add(path);
    }
    return left;
  }

  boolean isEmpty() {
    return equals(NONE);
  }
}
