package io.github.rpideploy.docker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A service just before it is replaced.
 *
 * @param release the id of the image of the release that it is to run; empty when the Pi lacks it
 * @param container what it runs now, empty when it has no container
 * @param named how messages name the image of that container
 * @param verified whether that image was proved good here before
 * @param history if it does not: the lines of the history about the service, oldest first
 * @param tags if it does not: the ids of the images of the service's repository, by tag
 */
public record ServiceNow(
    Optional<String> release,
    Optional<Container> container,
    String named,
    boolean verified,
    List<String> history,
    Map<String, String> tags) {

  /** Keeps copies. */
  public ServiceNow {
    history = List.copyOf(history);
    tags = Map.copyOf(tags);
  }

  /**
   * @param except a tag that does not count as a name: it is about to name another image
   */
  static ServiceNow parse(String stdout, String except) {
    String release = null;
    Container container = null;
    List<String> names = List.of();
    boolean verified = false;
    List<String> history = new ArrayList<>();
    Map<String, String> tags = new HashMap<>();
    for (String line : stdout.lines().toList()) {
      int blank = line.indexOf(' ');
      String word = blank < 0 ? line : line.substring(0, blank);
      String rest = blank < 0 ? "" : line.substring(blank + 1);
      switch (word) {
        case "image" -> release = rest.strip();
        case "container" -> container = container == null ? Container.parse(rest) : container;
        case "named" -> names = names(rest, except);
        case "verified" -> verified = true;
        case "line" -> history.add(rest);
        case "tag" -> tag(rest, tags);
        default -> {
          // For example absent.
        }
      }
    }
    return new ServiceNow(
        Optional.ofNullable(release),
        Optional.ofNullable(container),
        named(container, names),
        verified,
        history,
        tags);
  }

  private static List<String> names(String words, String except) {
    return List.of(words.strip().split(" +", -1)).stream()
        .filter(tag -> !tag.isEmpty() && !tag.equals(except))
        .toList();
  }

  private static String named(@Nullable Container container, List<String> names) {
    return container == null ? "" : ImageNames.of(container.image(), names);
  }

  private static void tag(String words, Map<String, String> tags) {
    String[] pair = words.split(" ", -1);
    if (pair.length == 2) {
      tags.put(pair[1], pair[0]);
    }
  }
}
