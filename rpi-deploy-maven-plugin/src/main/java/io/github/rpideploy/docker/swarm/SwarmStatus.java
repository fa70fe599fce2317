package io.github.rpideploy.docker.swarm;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.ProjectStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tasks of services, as a manager knows them; no node is asked. */
final class SwarmStatus {

  static final String TASK =
      "{\"node\":{{json .NodeID}},\"desired\":{{json .DesiredState}},"
          + "\"state\":{{json .Status.State}},\"error\":{{json .Status.Err}},"
          + "\"since\":{{json .Status.Timestamp}},\"slot\":{{json .Slot}},"
          + "\"image\":{{json .Spec.ContainerSpec.Image}},"
          + "\"status\":{{json .Status.ContainerStatus}}}";

  private record Json(
      @Nullable String node,
      @Nullable String desired,
      @Nullable String state,
      @Nullable String error,
      @Nullable String since,
      int slot,
      @Nullable String image,
      @Nullable Map<String, Object> status) {

    boolean isWanted() {
      return "running".equals(desired) || "ready".equals(desired);
    }

    boolean hasFailed() {
      return "failed".equals(state) || "rejected".equals(state);
    }

    /** Whether it is an earlier attempt at the same. */
    boolean isBefore(Json other) {
      return slot == other.slot
          && (slot != 0 || Objects.equals(node, other.node))
          && Objects.equals(image, other.image);
    }
  }

  private record TaskOf(String service, Json task) {}

  private SwarmStatus() {}

  /**
   * The status of a stack with the tasks that the swarm wants as its containers.
   *
   * @param project what the manager's Engine has told
   * @param said by the script
   */
  static ProjectStatus in(ProjectStatus project, String said) {
    Map<String, String> names = new HashMap<>();
    List<TaskOf> tasks = new ArrayList<>();
    for (String line : said.lines().toList()) {
      String[] words = line.split(" ", 3);
      if (words.length == 3 && words[0].equals("node")) {
        names.put(words[1], words[2]);
      } else if (words.length == 3 && words[0].equals("task")) {
        Json task = json(words[2]);
        if (task != null) {
          tasks.add(new TaskOf(words[1], task));
        }
      }
    }
    Map<String, ProjectStatus.Image> images = new HashMap<>(project.images());
    List<ProjectStatus.Member> members = new ArrayList<>();
    for (TaskOf one : tasks) {
      if (one.task.isWanted()) {
        String image = image(one.task, project.tags(), images);
        long failed =
            tasks.stream()
                .filter(other -> other.service.equals(one.service) && other.task.hasFailed())
                .filter(other -> other.task.isBefore(one.task))
                .count();
        String node = one.task.node == null ? "" : one.task.node;
        members.add(
            new ProjectStatus.Member(
                one.service,
                container(one.task, image, (int) failed),
                "",
                names.getOrDefault(node, node.isEmpty() ? "-" : node)));
      }
    }
    return new ProjectStatus(
        project.history(),
        members,
        images,
        project.tags(),
        project.unsettled(),
        project.drifted(),
        project.complaint());
  }

  /** Its id, if the manager has it. Adds what is known of it. */
  private static String image(
      Json task, Map<String, String> tags, Map<String, ProjectStatus.Image> images) {
    String named = task.image == null ? "" : task.image;
    String tag = named.replaceFirst("@.*", "");
    String id = tags.getOrDefault(tag, named);
    List<String> own =
        tags.entrySet().stream()
            .filter(entry -> entry.getValue().equals(id))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    images.putIfAbsent(
        id,
        new ProjectStatus.Image(
            own.isEmpty() && !tag.startsWith("sha256:") && !tag.isEmpty() ? List.of(tag) : own,
            Map.of()));
    return id;
  }

  private static Container container(Json task, String image, int failed) {
    Object container = task.status == null ? null : task.status.get("ContainerID");
    return new Container(
        container == null ? "" : String.valueOf(container),
        image,
        task.state == null ? "" : task.state,
        Container.NO_HEALTH_CHECK,
        0,
        false,
        task.error == null ? "" : task.error,
        failed,
        "running".equals(task.state) && task.since != null ? task.since : "",
        "",
        "",
        0);
  }

  private static @Nullable Json json(String said) {
    try {
      return new Gson().fromJson(said, Json.class);
    } catch (JsonParseException e) {
      throw SwarmAnswer.unreadable();
    }
  }
}
