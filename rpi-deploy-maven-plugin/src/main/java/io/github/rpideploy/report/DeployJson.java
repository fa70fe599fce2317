package io.github.rpideploy.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Folds the events of a build into {@code deploy.json}, the report for CI and scripts. Its names
 * are a contract: they are added to, never changed.
 *
 * <p>A service that has not been verified yet, and has not failed, counts as {@code not-deployed};
 * one that ran what it is to run already as {@code unchanged}; one that was verified and went back
 * because a later one failed as {@code rolled-back}.
 */
public final class DeployJson implements Reporter {

  private static final String NOT_DEPLOYED = "not-deployed";
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private final InstantSource clock;
  private final Instant startedAt;
  private final JsonObject target = new JsonObject();
  private final JsonObject engine = new JsonObject();
  private final Map<String, JsonObject> services = new LinkedHashMap<>();
  private @Nullable String compose;

  /**
   * @param clock says that the first goal begins now, and later how long all took
   */
  public DeployJson(InstantSource clock) {
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  @Override
  public synchronized void report(Event event) {
    if (event instanceof Event.EngineFound found) {
      target.addProperty("host", found.host());
      target.addProperty("directory", found.directory());
      engine.addProperty("version", found.version());
      engine.addProperty("store", found.store());
      engine.addProperty("architecture", found.architecture());
      compose = found.compose();
    } else if (event instanceof Event.Shipped shipped) {
      JsonObject service = service(shipped.service());
      service.addProperty("image", shipped.image());
      service.addProperty("imageId", shipped.imageId());
      service.addProperty("release", shipped.release());
      service.addProperty("bytesSent", shipped.bytesSent());
      service.addProperty("layersTotal", shipped.layersTotal());
      service.addProperty("layersSent", shipped.layersSent());
      seconds(shipped.service(), "ship", shipped.elapsed());
    } else if (event instanceof Event.Recreated recreated) {
      seconds(recreated.service(), "recreate", recreated.elapsed());
    } else if (event instanceof Event.Verified verified) {
      seconds(verified.service(), "verify", verified.elapsed());
      outcome(verified.service(), "verified", verified.evidence());
    } else if (event instanceof Event.Failed failed) {
      outcome(failed.service(), "failed", failed.reason());
    } else if (event instanceof Event.Unchanged same) {
      outcome(same.service(), "unchanged", same.evidence());
    } else if (event instanceof Event.RolledBack back) {
      service(back.service()).addProperty("rolledBackTo", back.to());
      seconds(back.service(), "rollback", back.elapsed());
      if (service(back.service()).get("outcome").getAsString().equals("verified")) {
        outcome(back.service(), "rolled-back", back.evidence());
      }
    } else if (event instanceof Event.RollbackFailed back) {
      String why = "could not go back to " + back.to() + ": " + back.reason();
      String before = service(back.service()).get("outcome").getAsString();
      String reason = service(back.service()).get("reason").getAsString();
      outcome(back.service(), "failed", before.equals("failed") ? reason + "; " + why : why);
    } else if (event instanceof Event.NotDeployed notDeployed) {
      outcome(notDeployed.service(), NOT_DEPLOYED, notDeployed.reason());
    }
  }

  /** Whether anything has happened that is worth a report. */
  public synchronized boolean isEmpty() {
    return compose == null && services.isEmpty();
  }

  /** Writes the report as it stands; the file appears as a whole. */
  public synchronized void write(Path file) throws IOException {
    JsonObject document = new JsonObject();
    document.add("target", target);
    document.add("engine", engine);
    document.addProperty("compose", compose);
    document.addProperty("startedAt", startedAt.toString());
    document.addProperty("seconds", seconds(Duration.between(startedAt, clock.instant())));
    document.addProperty("outcome", outcome());
    JsonArray all = new JsonArray();
    services.values().forEach(all::add);
    document.add("services", all);
    Path directory = file.toAbsolutePath().getParent();
    Path whole = Files.createDirectories(directory).resolve(file.getFileName() + ".tmp");
    Files.writeString(whole, GSON.toJson(document) + "\n");
    Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private String outcome() {
    Set<String> outcomes = new HashSet<>();
    services.values().forEach(service -> outcomes.add(service.get("outcome").getAsString()));
    return outcomes.contains("failed")
        ? "failed"
        : outcomes.contains(NOT_DEPLOYED) ? NOT_DEPLOYED : "verified";
  }

  private JsonObject service(String name) {
    return services.computeIfAbsent(name, DeployJson::empty);
  }

  private static JsonObject empty(String name) {
    JsonObject service = new JsonObject();
    service.addProperty("service", name);
    for (String text : List.of("image", "imageId", "release")) {
      service.add(text, JsonNull.INSTANCE);
    }
    for (String count : List.of("bytesSent", "layersTotal", "layersSent")) {
      service.addProperty(count, 0);
    }
    service.add("seconds", new JsonObject());
    service.addProperty("outcome", NOT_DEPLOYED);
    service.add("reason", JsonNull.INSTANCE);
    return service;
  }

  private void outcome(String name, String outcome, String reason) {
    service(name).addProperty("outcome", outcome);
    service(name).addProperty("reason", reason);
  }

  private void seconds(String name, String step, Duration elapsed) {
    service(name).getAsJsonObject("seconds").addProperty(step, seconds(elapsed));
  }

  private static double seconds(Duration elapsed) {
    return elapsed.toMillis() / 1000.0;
  }
}
