package io.github.rpideploy.report;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code deploy.json} tells of a service that a module deploys. */
final class ServiceJson {

  private final String name;
  private final Map<String, Duration> took = new LinkedHashMap<>();
  private @Nullable String image;
  private @Nullable String imageId;
  private @Nullable String release;
  private @Nullable String before;
  private long bytesSent;
  private int layersTotal;
  private int layersSent;
  private Outcome outcome = Outcome.NOT_DEPLOYED;
  private @Nullable String reason;
  private @Nullable String rolledBackTo;

  ServiceJson(String name) {
    this.name = name;
  }

  void shipped(Event.Shipped shipped) {
    image = shipped.image();
    imageId = shipped.imageId();
    release = shipped.release();
    bytesSent = shipped.bytesSent();
    layersTotal = shipped.layersTotal();
    layersSent = shipped.layersSent();
    took("ship", shipped.elapsed());
  }

  /** A rollback ships nothing; its release is known from here. */
  void chosen(Event.ReleaseChosen chosen) {
    release = chosen.release();
    before = chosen.before();
  }

  void took(String step, Duration elapsed) {
    took.put(step, elapsed);
  }

  void ended(Outcome how, String why) {
    outcome = how;
    reason = why;
  }

  void rolledBack(Event.RolledBack back) {
    rolledBackTo = back.to();
    took("rollback", back.elapsed());
    if (outcome == Outcome.VERIFIED) {
      ended(Outcome.ROLLED_BACK, back.evidence());
    }
  }

  void rollbackFailed(Event.RollbackFailed back) {
    String why = "could not go back to " + back.to() + ": " + back.reason();
    ended(Outcome.FAILED, outcome == Outcome.FAILED ? reason + "; " + why : why);
  }

  Outcome outcome() {
    return outcome;
  }

  /**
   * @param target the name of its Pi
   * @param directory the compose directory there
   */
  DeployedService deployed(String target, String directory) {
    return new DeployedService(
        target, directory, name, before, release, bytesSent, took, outcome, reason, rolledBackTo);
  }

  /**
   * @param target the name of its Pi; null where the build deploys to only one
   */
  JsonObject json(@Nullable String target) {
    JsonObject json = new JsonObject();
    if (target != null) {
      json.addProperty("target", target);
    }
    json.addProperty("service", name);
    json.addProperty("image", image);
    json.addProperty("imageId", imageId);
    json.addProperty("release", release);
    if (before != null && !before.isEmpty()) {
      json.addProperty("before", before);
    }
    json.addProperty("bytesSent", bytesSent);
    json.addProperty("layersTotal", layersTotal);
    json.addProperty("layersSent", layersSent);
    JsonObject seconds = new JsonObject();
    took.forEach((step, elapsed) -> seconds.addProperty(step, DeployJson.seconds(elapsed)));
    json.add("seconds", seconds);
    json.addProperty("outcome", outcome.jsonName());
    json.addProperty("reason", reason);
    if (rolledBackTo != null) {
      json.addProperty("rolledBackTo", rolledBackTo);
    }
    return json;
  }
}
