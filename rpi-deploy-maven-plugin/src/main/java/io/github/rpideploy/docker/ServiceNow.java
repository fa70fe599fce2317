package io.github.rpideploy.docker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A service just before it is replaced.
 *
 * @param release the id of the image of the release that it is to run; empty when the Pi lacks it
 * @param containers what it runs now
 * @param made compose's digest of the service's part of the compose file by which this plugin made
 *     them all; empty when it did not
 * @param hash compose's digest of that by the present file, if it need not be asked; or empty
 * @param files what its containers saw of the stack's files when this plugin made them: the SHA-256
 *     by path; null when that is not known
 * @param named how messages name the image of the first container; empty without one
 * @param live whether the live tag names that image
 * @param verified whether that image was proved good here before
 * @param history if it does not: the lines of the history about the service, oldest first
 * @param tags if it does not: the ids of the images of the service's repository, by tag
 */
public record ServiceNow(
    Optional<String> release,
    List<Container> containers,
    String made,
    String hash,
    @Nullable Map<String, String> files,
    String named,
    boolean live,
    boolean verified,
    List<String> history,
    Map<String, String> tags) {

  /** Keeps copies. */
  public ServiceNow {
    containers = List.copyOf(containers);
    history = List.copyOf(history);
    tags = Map.copyOf(tags);
    files = files == null ? null : Map.copyOf(files);
  }

  /**
   * What the probe saw of a service whose containers this plugin has made.
   *
   * @param moment when that was, for {@code service-now.sh}
   * @param made the note of its containers
   * @param image the id of the image of the release if they all run it already; else empty, as what
   *     follows
   */
  record Seen(
      String moment,
      String made,
      String image,
      List<Container> containers,
      Collection<String> names) {

    /** Nothing that would help. */
    static final Seen NOTHING = new Seen("", "", "", List.of(), List.of());

    static Seen of(
        EngineContents contents, ProbeResult.Project project, String service, String release) {
      String note = project.noteOf(service);
      if (project.moment().isEmpty() || note.isEmpty()) {
        return NOTHING;
      }
      EngineContents.Held held = contents.named(release).orElse(null);
      String image = held == null ? "" : "sha256:" + held.id();
      List<Container> running = project.running(service, image);
      return held == null || running.isEmpty()
          ? new Seen(project.moment(), note, "", List.of(), List.of())
          : new Seen(project.moment(), note, image, running, held.tags());
    }
  }

  /**
   * Whether its containers are made of what the compose file says of it, as far as can be told.
   *
   * @param digest compose's digest of that, null when it has none
   */
  public boolean isMadeOf(@Nullable String digest) {
    return made.isEmpty()
        ? containers.stream().allMatch(container -> container.configHash().equals(digest))
        : made.equals(digest);
  }

  /**
   * @param liveTag it does not count as a name: it is about to name another image
   * @param seen what the probe saw, which may still hold
   */
  static ServiceNow parse(String stdout, String liveTag, Seen seen) {
    String release = null;
    List<Container> containers = new ArrayList<>();
    String made = "";
    String hash = "";
    Map<String, String> files = null;
    Collection<String> names = List.of();
    boolean verified = false;
    List<String> history = new ArrayList<>();
    Map<String, String> tags = new HashMap<>();
    for (String line : stdout.lines().toList()) {
      int blank = line.indexOf(' ');
      String word = blank < 0 ? line : line.substring(0, blank);
      String rest = blank < 0 ? "" : line.substring(blank + 1);
      switch (word) {
        case "image" -> release = rest.strip();
        case "container" -> containers.add(Container.parse(rest));
        case "made" -> made = rest.strip();
        case "hash" -> hash = rest.strip();
        case "files" -> files = new HashMap<>();
        case "file" -> {
          String[] sum = rest.split(" {2}", 2);
          if (files != null && sum.length == 2) {
            files.put(sum[1], sum[0]);
          }
        }
        case "seen" -> {
          release = seen.image();
          containers.addAll(seen.containers());
          names = seen.names();
        }
        case "named" -> names = List.of(rest.strip().split(" +", -1));
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
        containers,
        made,
        hash,
        files,
        containers.isEmpty()
            ? ""
            : ImageNames.of(
                containers.get(0).image(),
                names.stream().filter(tag -> !tag.isEmpty() && !tag.equals(liveTag)).toList()),
        names.contains(liveTag),
        verified,
        history,
        tags);
  }

  private static void tag(String words, Map<String, String> tags) {
    String[] pair = words.split(" ", -1);
    if (pair.length == 2) {
      tags.put(pair[1], pair[0]);
    }
  }
}
