package io.github.rpideploy.docker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What was found on the Pi in the first round trip.
 *
 * @param docker the command line there
 * @param contents what the Engine holds, and free space
 * @param compose what compose makes of the compose file that is to be used
 * @param unsettled the services that a deploy has left without a verdict
 * @param files what was told of the stack's files
 * @param project what runs in the compose directory
 * @param available how many bytes of memory programs could have now; empty when that is not known
 */
public record ProbeResult(
    Docker docker,
    EngineContents contents,
    ComposeAnswer compose,
    List<String> unsettled,
    List<String> files,
    Project project,
    OptionalLong available) {

  /** Keeps copies. */
  public ProbeResult {
    unsettled = List.copyOf(unsettled);
    files = List.copyOf(files);
  }

  /**
   * The containers that compose has made in its directory.
   *
   * @param containers by service, running or not; without the output of health checks
   * @param made compose's digest of the part of the compose file by which this plugin has made the
   *     containers of a service, and their ids
   * @param moment when that was, for {@code service-now.sh}; empty when it could not tell whether
   *     it still holds
   */
  public record Project(
      Map<String, List<Container>> containers, Map<String, String> made, String moment) {

    /** Nothing runs there. */
    public static final Project EMPTY = new Project(Map.of(), Map.of(), "");

    private static final Pattern MOMENT =
        Pattern.compile("moment (\\d{1,10}\\.\\d{1,9} [0-9a-f-]{36} (?:[0-9a-f]{64}|-))");

    /**
     * A line for each container but those that {@code compose run} has made and that an interrupted
     * compose has left, whose name begins with twelve digits of an id. Templates with {@code .Id}
     * see maps, in which a container without a health check has no such entry.
     */
    static final String FORMAT =
        "{{if ne (index .Config.Labels \"com.docker.compose.oneoff\") \"True\"}}"
            + "member {{index .Config.Labels \"com.docker.compose.service\"}} {{.Name}} "
            + "{\"id\":{{json .Id}},\"image\":{{json .Image}},\"restarts\":{{.RestartCount}},"
            + "\"state\":{\"Status\":{{json .State.Status}},\"ExitCode\":{{.State.ExitCode}},"
            + "\"Error\":{{json .State.Error}}{{with index .State \"Health\"}},"
            + "\"Health\":{\"Status\":{{json .Status}}}{{end}}},"
            + "\"memory\":{{.HostConfig.Memory}},"
            + "\"configHash\":{{json (index .Config.Labels \"com.docker.compose.config-hash\")}}}"
            + "{{end}}";

    private static final String LEFT_OVER = "/[0-9a-f]{12}_.*";

    /** Keeps copies. */
    public Project {
      containers = Map.copyOf(containers);
      made = Map.copyOf(made);
    }

    /** Reads what was printed by {@link #FORMAT}, and notes; other lines are skipped. */
    static Project parse(Stream<String> lines) {
      Map<String, List<Container>> containers = new HashMap<>();
      Map<String, String> made = new HashMap<>();
      String moment = "";
      for (String line : (Iterable<String>) lines::iterator) {
        String[] words = line.split(" ", 4);
        if (words.length == 4 && words[0].equals("member") && !words[2].matches(LEFT_OVER)) {
          containers
              .computeIfAbsent(words[1], service -> new ArrayList<>())
              .add(Container.parse(words[3]));
        } else if (words.length >= 3 && words[0].equals("made")) {
          made.put(words[1], line.substring("made ".length() + words[1].length() + 1));
        } else {
          Matcher said = MOMENT.matcher(line);
          moment = said.matches() ? said.group(1) : moment;
        }
      }
      return new Project(containers, made, moment);
    }

    /** The key of all that compose read then, for {@code config-key.sh}; empty when it has none. */
    String key() {
      String last = moment.substring(moment.lastIndexOf(' ') + 1);
      return last.equals("-") ? "" : last;
    }

    /** The containers of a service; none when it never ran. */
    public List<Container> of(String service) {
      return containers.getOrDefault(service, List.of());
    }

    /**
     * Whether the containers of a service are made of what the compose file says of it, as far as
     * can be told.
     *
     * @param digest compose's digest of that; empty when it has none
     */
    public boolean isMadeOf(String service, String digest) {
      List<Container> all = of(service);
      List<String> note = List.of(made.getOrDefault(service, "").split(" ", -1));
      List<String> ids = all.stream().map(Container::id).toList();
      return isNoteOf(note, ids)
          ? note.get(0).equals(digest)
          : all.stream().allMatch(container -> container.configHash().equals(digest));
    }

    private static boolean isNoteOf(List<String> note, List<String> ids) {
      return note.subList(1, note.size()).containsAll(ids) && note.size() == 1 + ids.size();
    }

    /** The note of the containers of a service; empty if this plugin has not made them all. */
    String noteOf(String service) {
      String note = made.getOrDefault(service, "");
      List<String> ids = of(service).stream().map(Container::id).toList();
      return isNoteOf(List.of(note.split(" ", -1)), ids) ? note : "";
    }

    /** The containers of a service, if all of them run an image; else none. */
    List<Container> running(String service, String image) {
      List<Container> all = of(service);
      return all.stream().allMatch(container -> container.image().equals(image)) ? all : List.of();
    }
  }
}
