package io.github.rpideploy.image.tarball;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.TarballFailures;
import io.github.rpideploy.image.Text;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The links of a tarball: other names of its files. Docker before 25 writes a layer only once, and
 * links to it where it stands again.
 */
final class TarLinks {

  /** Nobody needs more than one step. */
  private static final int LONGEST_CHAIN = 8;

  private record Link(String target, boolean symbolic) {}

  private final TarballFailures failures;
  private final Map<String, Link> links = new HashMap<>();

  TarLinks(TarballFailures failures) {
    this.failures = failures;
  }

  /**
   * One more.
   *
   * @param target of a symbolic link relative to its directory, of any other in the tarball
   */
  void add(String name, String target, boolean symbolic) {
    links.put(name, new Link(target, symbolic));
  }

  boolean has(String name) {
    return links.containsKey(name);
  }

  /**
   * The name that a link leads to after all, or the name itself when it is none.
   *
   * @throws DeployException when that is outside of the tarball, or there is no end of it
   */
  String follow(String name) {
    String end = name;
    for (int steps = 0; has(end); steps++) {
      Link link = Objects.requireNonNull(links.get(end));
      String next = link.symbolic() ? beside(end, link.target()) : TarIndex.plain(link.target());
      if (next == null || steps == LONGEST_CHAIN) {
        throw leadsNowhere(name);
      }
      end = next;
    }
    return end;
  }

  /** The failure that a link does not lead to a file of the tarball. */
  DeployException leadsNowhere(String name) {
    String target = Objects.requireNonNull(links.get(name)).target();
    return failures.unusable(
        "%s in it is a link to %s, which is no file in it"
            .formatted(Text.shorten(name), Text.shorten(target)));
  }

  /** Where a symbolic link of that name leads; null when that is outside of the tarball. */
  private static @Nullable String beside(String name, String target) {
    if (target.startsWith("/")) {
      return null;
    }
    Deque<String> parts = new ArrayDeque<>(List.of(name.split("/", -1)));
    parts.removeLast();
    for (String part : target.split("/", -1)) {
      if (part.equals("..")) {
        if (parts.pollLast() == null) {
          return null;
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }
}
