package io.github.rpideploy.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code deploy.json} tells of a stack besides the services that modules deploy. */
final class StackJson {

  private final Map<String, Other> others = new LinkedHashMap<>();

  /** The sizes of files that were sent, by path, and the paths of those that were removed. */
  private final Map<String, Long> filesSent = new LinkedHashMap<>();

  private final Set<String> filesRemoved = new LinkedHashSet<>();
  private boolean filesRestored;

  /** Takes in what concerns it. */
  void report(Event event) {
    if (event instanceof Event.FilesSent sent) {
      sent.files().forEach(file -> filesSent.put(file.path(), file.bytes()));
      filesRestored = false;
    } else if (event instanceof Event.FileRemoved removed) {
      filesRemoved.add(removed.path());
      filesRestored = false;
    } else if (event instanceof Event.FilesRestored) {
      filesRestored = true;
    } else if (event instanceof Event.Pulled pulled) {
      other(pulled.service()).pulled(pulled);
    } else if (event instanceof Event.StartingOther starting) {
      other(starting.service()).starting(starting);
    } else if (event instanceof Event.OtherReady ready) {
      other(ready.service()).ready(ready);
    }
  }

  boolean isEmpty() {
    return others.isEmpty() && filesSent.isEmpty() && filesRemoved.isEmpty() && !filesRestored;
  }

  JsonArray others() {
    JsonArray all = new JsonArray();
    others.values().forEach(other -> all.add(other.json()));
    return all;
  }

  JsonObject files() {
    JsonArray sent = new JsonArray();
    filesSent.forEach(
        (path, bytes) -> {
          JsonObject file = new JsonObject();
          file.addProperty("path", path);
          file.addProperty("bytes", bytes);
          sent.add(file);
        });
    JsonArray removed = new JsonArray();
    filesRemoved.forEach(removed::add);
    JsonObject files = new JsonObject();
    files.add("sent", sent);
    files.add("removed", removed);
    files.addProperty("restored", filesRestored);
    return files;
  }

  private Other other(String name) {
    return others.computeIfAbsent(name, Other::new);
  }

  /** What is known of a service that no module deploys. */
  private static final class Other {

    private final String name;
    private final JsonObject seconds = new JsonObject();
    private @Nullable String neededBy;
    private @Nullable String pulled;
    private @Nullable String done;
    private @Nullable String reason;
    private @Nullable String ready;

    private Other(String name) {
      this.name = name;
    }

    private void pulled(Event.Pulled event) {
      pulled = event.image();
      seconds.addProperty("pull", DeployJson.seconds(event.elapsed()));
    }

    private void starting(Event.StartingOther event) {
      neededBy = event.neededBy();
      done = event.anew() ? "recreated" : "started";
      reason = event.reason();
    }

    private void ready(Event.OtherReady event) {
      ready = event.evidence();
      seconds.addProperty("ready", DeployJson.seconds(event.elapsed()));
    }

    private JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("service", name);
      json.addProperty("neededBy", neededBy);
      json.addProperty("pulled", pulled);
      json.addProperty("done", done);
      json.addProperty("reason", reason);
      json.addProperty("ready", ready);
      json.add("seconds", seconds);
      return json;
    }
  }
}
