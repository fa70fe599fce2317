package io.github.rpideploy.docker;

import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.Script;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The containers of a compose project at one moment, with what is known of their images.
 *
 * @param history the last lines of the history, oldest first
 * @param members the project's containers, running or not
 * @param images what is known of their images, by id
 * @param tags the id of the image that each tag of the Engine names
 * @param unsettled what a deploy does, or has left undone, with a service: {@code replacing} or
 *     {@code unsettled}
 * @param drifted the files of the stack that are not as they were sent
 * @param complaint what compose said when it could not list them; empty otherwise
 */
public record ProjectStatus(
    List<String> history,
    List<Member> members,
    Map<String, Image> images,
    Map<String, String> tags,
    Map<String, String> unsettled,
    List<Drifted> drifted,
    String complaint) {

  /** One whose files are as they were sent. */
  public ProjectStatus(
      List<String> history,
      List<Member> members,
      Map<String, Image> images,
      Map<String, String> tags,
      Map<String, String> unsettled,
      String complaint) {
    this(history, members, images, tags, unsettled, List.of(), complaint);
  }

  /**
   * A file that somebody has changed or removed.
   *
   * @param what {@code changed} or {@code missing}
   * @param service whose containers see it; {@code -} for none
   * @param path relative to the compose directory
   */
  public record Drifted(String what, String service, String path) {}

  /**
   * A container of a service.
   *
   * @param memory what it takes, as Docker shows it: {@code 123.4MiB}; empty when that is not known
   * @param node the node of a swarm that it is on; null where there is only one Pi
   */
  public record Member(String service, Container container, String memory, @Nullable String node) {

    /** Where there is only one Pi. */
    public Member(String service, Container container, String memory) {
      this(service, container, memory, null);
    }
  }

  /**
   * An image.
   *
   * @param tags all of its names
   * @param labels what those who built it say of it
   */
  public record Image(List<String> tags, Map<String, String> labels) {

    /** Keeps copies. */
    public Image {
      tags = List.copyOf(tags);
      labels = Map.copyOf(labels);
    }
  }

  private record Json(
      @Nullable String id,
      @Nullable List<@Nullable String> tags,
      @Nullable Map<String, @Nullable String> labels) {

    List<String> named() {
      return tags == null ? List.of() : tags.stream().filter(Objects::nonNull).toList();
    }

    Map<String, String> labelled() {
      Map<String, String> known = new HashMap<>();
      if (labels != null) {
        labels.forEach((name, value) -> known.put(name, value == null ? "" : value));
      }
      return known;
    }
  }

  private static final String CONTAINER =
      "container {{index .Config.Labels \"com.docker.compose.service\"}} " + Container.FORMAT;

  private static final String IMAGE =
      "image {\"id\":{{json .Id}},\"tags\":{{json .RepoTags}},\"labels\":{{json .Config.Labels}}}";

  private static final Script SCRIPT = Script.of(ProjectStatus.class, "project-status.sh");

  /** Keeps copies. */
  public ProjectStatus {
    history = List.copyOf(history);
    members = List.copyOf(members);
    images = Map.copyOf(images);
    tags = Map.copyOf(tags);
    unsettled = Map.copyOf(unsettled);
    drifted = List.copyOf(drifted);
  }

  static Command command(DockerCommand docker, ComposeCommand compose, String directory) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                Command.asPath(directory),
                Inventory.FILE,
                String.valueOf(Inventory.LINES),
                CONTAINER,
                IMAGE));
    arguments.addAll(compose.containers());
    return Command.script(SCRIPT, docker.forScript(arguments.toArray(String[]::new)));
  }

  static ProjectStatus parse(String stdout) {
    List<String> history = new ArrayList<>();
    Map<Container, String> serviceOf = new LinkedHashMap<>();
    Map<String, Image> images = new HashMap<>();
    Map<String, String> tags = new HashMap<>();
    Map<String, String> memory = new HashMap<>();
    Map<String, String> unsettled = new HashMap<>();
    List<Drifted> drifted = new ArrayList<>();
    String complaint = "";
    for (String said : stdout.lines().toList()) {
      String[] halves = said.split(" ", 2);
      String rest = halves.length < 2 ? "" : halves[1];
      switch (halves[0]) {
        case "line" -> history.add(rest);
        case "container" -> {
          int json = rest.indexOf(' ') + 1;
          serviceOf.put(Container.parse(rest.substring(json)), rest.substring(0, json).strip());
        }
        case "image" -> {
          Json json = Container.json(rest, Json.class);
          images.put(String.valueOf(json.id), new Image(json.named(), json.labelled()));
        }
        case "tag" -> {
          String[] named = rest.split(" ", 2);
          if (named.length == 2) {
            tags.put(named[1], named[0]);
          }
        }
        case "memory" -> {
          String[] used = rest.split(" ", 3);
          memory.put(used[0], used.length < 2 || used[1].startsWith("0B") ? "" : used[1]);
        }
        case "replacing", "unsettled" -> unsettled.put(rest.strip(), halves[0]);
        case "drifted" -> {
          String[] words = rest.split(" ", 3);
          if (words.length == 3) {
            drifted.add(new Drifted(words[0], words[1], words[2]));
          }
        }
        case "complaint" -> complaint = rest.strip();
        default -> {}
      }
    }
    List<Member> members = new ArrayList<>();
    serviceOf.forEach(
        (container, service) ->
            members.add(new Member(service, container, memory.getOrDefault(container.id(), ""))));
    return new ProjectStatus(history, members, images, tags, unsettled, drifted, complaint);
  }
}
