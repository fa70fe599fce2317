package io.github.rpideploy.docker;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.annotations.SerializedName;
import io.github.rpideploy.DeployException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container at one moment.
 *
 * @param id its full id
 * @param image the id of the image that it was made of
 * @param status Docker's word: {@code created}, {@code running}, {@code restarting}, {@code
 *     exited}, {@code paused}, {@code dead}
 * @param health Docker's word for what the health check says, or {@link #NO_HEALTH_CHECK}
 * @param exitCode of the last run, when it is not running
 * @param oomKilled whether the kernel killed the last run because memory ran out
 * @param error what the Engine said when it could not start it; empty otherwise
 * @param restarts how often the restart policy has started it again
 * @param startedAt when the present run began, RFC 3339
 * @param configHash compose's digest of what the service was when compose made this container;
 *     empty when compose did not make it
 * @param healthSaid the last output of the health check; it may hold secrets
 * @param memoryLimit in bytes, 0 for none
 */
public record Container(
    String id,
    String image,
    String status,
    String health,
    int exitCode,
    boolean oomKilled,
    String error,
    int restarts,
    String startedAt,
    String configHash,
    String healthSaid,
    long memoryLimit) {

  static final String FORMAT =
      "{\"id\":{{json .Id}},\"image\":{{json .Image}},\"restarts\":{{.RestartCount}},"
          + "\"state\":{{json .State}},\"memory\":{{.HostConfig.Memory}},"
          + "\"configHash\":{{json (index .Config.Labels \"com.docker.compose.config-hash\")}}}";

  /** The word for a container that has no health check. */
  public static final String NO_HEALTH_CHECK = "none";

  private record Json(
      @Nullable String id,
      @Nullable String image,
      int restarts,
      @Nullable State state,
      long memory,
      @Nullable String configHash) {}

  private record State(
      @SerializedName("Status") @Nullable String status,
      @SerializedName("ExitCode") int exitCode,
      @SerializedName("OOMKilled") boolean oomKilled,
      @SerializedName("Error") @Nullable String error,
      @SerializedName("StartedAt") @Nullable String startedAt,
      @SerializedName("Health") @Nullable Health health) {}

  private record Health(
      @SerializedName("Status") @Nullable String status,
      @SerializedName("Log") @Nullable List<@Nullable Probe> log) {

    String said() {
      Probe last = log == null || log.isEmpty() ? null : log.get(log.size() - 1);
      return last == null || last.output == null ? "" : last.output;
    }
  }

  private record Probe(@SerializedName("Output") @Nullable String output) {}

  /**
   * Reads JSON that Docker printed.
   *
   * @throws DeployException when it is none, or of another kind
   */
  static <T> T json(String printed, Class<T> type) {
    try {
      T read = new Gson().fromJson(printed, type);
      if (read == null) {
        throw unreadable("it is empty");
      }
      return read;
    } catch (JsonParseException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw unreadable(
          String.valueOf(reason.getMessage()).lines().findFirst().orElse("it is malformed"));
    }
  }

  private static DeployException unreadable(String why) {
    return new DeployException(
        "What Docker on the Pi printed cannot be read: " + why,
        "See there whether it answers as usual: docker version && docker ps -a");
  }

  /**
   * Reads {@link #FORMAT}.
   *
   * @throws DeployException when it is not that
   */
  static Container parse(String json) {
    Json parsed = json(json, Json.class);
    State state = parsed.state;
    if (parsed.id == null || parsed.image == null || state == null || state.status == null) {
      throw unreadable("a container has no id, image or state");
    }
    // Some Engines show a Health object with an empty status, or "none", where there is no check.
    String health = state.health == null ? null : state.health.status;
    return new Container(
        parsed.id,
        parsed.image,
        state.status,
        health == null || health.isEmpty() ? NO_HEALTH_CHECK : health,
        state.exitCode,
        state.oomKilled,
        state.error == null ? "" : state.error,
        parsed.restarts,
        state.startedAt == null ? "" : state.startedAt,
        parsed.configHash == null ? "" : parsed.configHash,
        state.health == null ? "" : state.health.said(),
        parsed.memory);
  }

  /** The same, made of an image that has another id elsewhere. */
  public Container withImage(String other) {
    return new Container(
        id,
        other,
        status,
        health,
        exitCode,
        oomKilled,
        error,
        restarts,
        startedAt,
        configHash,
        healthSaid,
        memoryLimit);
  }

  /** A copy with another output of the health check. */
  public Container withHealthSaid(String said) {
    return new Container(
        id,
        image,
        status,
        health,
        exitCode,
        oomKilled,
        error,
        restarts,
        startedAt,
        configHash,
        said,
        memoryLimit);
  }

  /** Whether Docker says {@code running}; a paused or restarting container is not. */
  public boolean running() {
    return status.equals("running");
  }
}
