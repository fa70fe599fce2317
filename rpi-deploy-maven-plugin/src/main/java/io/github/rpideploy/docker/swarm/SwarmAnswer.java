package io.github.rpideploy.docker.swarm;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.annotations.SerializedName;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.PlainText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the scripts for a swarm ask Docker to print, and how that is read. */
final class SwarmAnswer {

  /** So much is enough to look at, whatever the Pi says. */
  private static final int MOST_LINES = 10_000;

  /** In characters, of a node in messages. */
  private static final int LONGEST_NAME = 100;

  static final String NODE =
      "{\"id\":{{json .ID}},\"name\":{{json .Description.Hostname}},"
          + "\"address\":{{json .Status.Addr}},\"state\":{{json .Status.State}},"
          + "\"availability\":{{json .Spec.Availability}},\"role\":{{json .Spec.Role}},"
          + "\"architecture\":{{json .Description.Platform.Architecture}},"
          + "\"labels\":{{json .Spec.Labels}},\"manager\":{{json .ManagerStatus}}}";

  static final String TASK =
      "{\"id\":{{json .ID}},\"node\":{{json .NodeID}},\"desired\":{{json .DesiredState}},"
          + "\"state\":{{json .Status.State}},\"error\":{{json .Status.Err}},"
          + "\"at\":{{json .CreatedAt}},\"status\":{{json .Status.ContainerStatus}},"
          + "\"labels\":{{json .Spec.ContainerSpec.Labels}}}";

  /** "runs DIGEST MADE RELEASE", each "-" where it is not known. */
  static final String RUNS =
      "runs {{or (index .Spec.Labels \"%s\") \"-\"}} {{or (index .Spec.Labels \"%s\") \"-\"}} {{or (index .Spec.Labels \"%s\") .Spec.TaskTemplate.ContainerSpec.Image}}"
          .formatted(ServiceFile.DIGEST, ServiceFile.MADE, ServiceFile.RELEASE);

  static final String SERVICE =
      "{\"update\":{{json .UpdateStatus}},\"labels\":{{json .Spec.Labels}},"
          + "\"mode\":{{json .Spec.Mode}}}";

  private record NodeJson(
      @Nullable String id,
      @Nullable String name,
      @Nullable String address,
      @Nullable String state,
      @Nullable String availability,
      @Nullable String role,
      @Nullable String architecture,
      @Nullable Map<String, String> labels,
      @Nullable Map<String, Object> manager) {}

  private record ManagerJson(@SerializedName("Addr") @Nullable String address) {}

  private record TaskJson(
      @Nullable String id,
      @Nullable String node,
      @Nullable String desired,
      @Nullable String state,
      @Nullable String error,
      @Nullable Map<String, Object> status,
      @Nullable Map<String, String> labels) {}

  private record ServiceJson(
      @Nullable Map<String, Object> update,
      @Nullable Map<String, String> labels,
      @Nullable Map<String, Map<String, Object>> mode) {}

  private SwarmAnswer() {}

  /**
   * The nodes.
   *
   * @param self the id of the one that was asked; empty when it is in no swarm
   * @param managers the addresses of the managers that it knows
   */
  record Nodes(String self, boolean isManager, String managers, List<SwarmNode> nodes) {}

  static Nodes nodes(String said) {
    String self = "";
    boolean manager = false;
    String managers = "";
    List<SwarmNode> nodes = new ArrayList<>();
    for (String line : said.lines().limit(MOST_LINES).toList()) {
      String[] words = line.split(" ", 4);
      if (words[0].equals("swarm") && words.length == 4 && words[1].equals("active")) {
        manager = words[2].equals("true");
        self = words[3].strip();
      } else if (words[0].equals("managers")) {
        managers = managers(line.substring("managers".length()));
      } else if (words[0].equals("node")) {
        nodes.add(node(json(line.substring("node ".length()), NodeJson.class), self));
      }
    }
    return new Nodes(self, manager, managers, nodes);
  }

  /** Their addresses, without the port that is not SSH's. */
  private static String managers(String said) {
    List<String> addresses = new ArrayList<>();
    if (said.isBlank() || said.strip().equals("null")) {
      return "";
    }
    for (ManagerJson one : json(said, ManagerJson[].class)) {
      addresses.add(text(one.address).replaceFirst(":\\d+$", ""));
    }
    return String.join(", ", addresses);
  }

  private static SwarmNode node(NodeJson json, String self) {
    String id = text(json.id);
    String address = text(json.address);
    Object ofManager = json.manager == null ? null : json.manager.get("Addr");
    // A manager may know itself by an address that leads to itself everywhere.
    boolean useless = address.isEmpty() || address.equals("0.0.0.0") || address.startsWith("127.");
    return new SwarmNode(
        id,
        PlainText.line(text(json.name), LONGEST_NAME),
        useless && ofManager != null
            ? String.valueOf(ofManager).replaceFirst("^\\[?(.*?)]?:\\d+$", "$1")
            : address,
        PlainText.line(text(json.state), LONGEST_NAME),
        text(json.availability),
        text(json.role),
        text(json.architecture),
        json.labels == null ? Map.of() : json.labels,
        id.equals(self));
  }

  static ServiceOnSwarm now(String said) {
    String release = null;
    String made = "";
    String running = "";
    Map<String, String> files = null;
    List<Task> tasks = new ArrayList<>();
    boolean verified = false;
    List<String> history = new ArrayList<>();
    Map<String, String> tags = new HashMap<>();
    for (String line : said.lines().limit(MOST_LINES).toList()) {
      String[] words = line.split(" ", 3);
      String rest = line.substring(Math.min(line.length(), words[0].length() + 1));
      switch (words[0]) {
        case "image" -> release = rest.strip();
        case "runs" -> {
          String[] runs = rest.strip().split(" ", 3);
          made = runs.length == 3 ? runs[1] : "";
          running = runs.length == 3 ? runs[2] : "";
        }
        case "task" -> tasks.add(task(rest));
        case "files" -> files = new HashMap<>();
        case "file" -> {
          String[] sum = rest.split(" {2}", 2);
          if (files != null && sum.length == 2) {
            files.put(sum[1], sum[0]);
          }
        }
        case "verified" -> verified = true;
        case "line" -> history.add(rest);
        case "tag" -> {
          if (words.length == 3) {
            tags.put(words[2].strip(), words[1]);
          }
        }
        default -> {}
      }
    }
    return new ServiceOnSwarm(release, running, made, files, tasks, verified, history, tags);
  }

  private static Task task(String said) {
    TaskJson json = json(said, TaskJson.class);
    Object container = json.status == null ? null : json.status.get("ContainerID");
    return new Task(
        text(json.id),
        text(json.node),
        text(json.desired),
        text(json.state),
        error(json),
        container == null ? "" : String.valueOf(container),
        json.labels == null ? "" : json.labels.getOrDefault(ServiceFile.DIGEST, ""));
  }

  /**
   * Docker's reason. When the Engine cannot tidy up after a container ("error while removing
   * network", as two of one service end at once on a node), that replaces the code with which the
   * container has ended, which is what one wants to know.
   */
  private static String error(TaskJson json) {
    String error = text(json.error);
    Object said = json.status == null ? null : json.status.get("ExitCode");
    int code = said instanceof Number number ? number.intValue() : 0;
    boolean stopped = code == 128 + 9 || code == 128 + 15;
    return error.isEmpty() || code == 0 || stopped || error.contains(Task.EXITED)
        ? error
        : Task.EXITED + " (" + code + "), then: " + error;
  }

  static Progress progress(String said) {
    ServiceJson service = new ServiceJson(null, null, null);
    List<Task> tasks = new ArrayList<>();
    for (String line : said.lines().limit(MOST_LINES).toList()) {
      if (line.startsWith("service ")) {
        service = json(line.substring("service ".length()), ServiceJson.class);
      } else if (line.startsWith("task ")) {
        tasks.add(task(line.substring("task ".length())));
      }
    }
    Map<String, Object> update = service.update == null ? Map.of() : service.update;
    Map<String, Object> replicated = service.mode == null ? null : service.mode.get("Replicated");
    return new Progress(
        String.valueOf(update.getOrDefault("State", "")),
        String.valueOf(update.getOrDefault("Message", "")),
        service.labels == null ? "" : service.labels.getOrDefault(ServiceFile.DIGEST, ""),
        replicated == null
            ? null
            : replicated.get("Replicas") instanceof Number wanted ? wanted.intValue() : 1,
        tasks);
  }

  private static <T> T json(String said, Class<T> type) {
    try {
      T read = new Gson().fromJson(said, type);
      if (read != null) {
        return read;
      }
    } catch (JsonParseException e) {
      // Told below: what it says may quote anything.
    }
    throw unreadable();
  }

  static DeployException unreadable() {
    return new DeployException(
        "What the swarm on the Pi said cannot be read",
        "See there whether it answers as usual: docker node ls && docker service ls");
  }

  private static String text(@Nullable String said) {
    return said == null ? "" : said;
  }
}
