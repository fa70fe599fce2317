package io.github.rpideploy.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.rpideploy.PlainText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folds the events of a build into {@code deploy.json}, the report for CI and scripts. Its names
 * are a contract: they are added to, never changed.
 *
 * <p>A service counts as {@code not-deployed} until it is verified, found unchanged, or fails. One
 * that was verified and then taken back because a later one failed counts as {@code rolled-back}.
 */
public final class DeployJson implements Reporter {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private final InstantSource clock;
  private final Instant startedAt;

  /** By name; where there is only one, that is empty. */
  private final Map<String, Target> targets = new LinkedHashMap<>();

  /**
   * @param clock tells when the build's first goal begins, which is now, and how long all of it
   *     took
   */
  public DeployJson(InstantSource clock) {
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  @Override
  public synchronized void report(Event event) {
    if (event instanceof Event.OnTarget on) {
      of(on.target()).report(on.event());
    } else {
      of("").report(event);
    }
  }

  private Target of(String name) {
    return targets.computeIfAbsent(name, Target::new);
  }

  /** Whether nothing has happened that is worth a report. */
  public synchronized boolean isEmpty() {
    return targets.values().stream().allMatch(Target::isEmpty);
  }

  /** Writes the report as it stands. A reader finds the old file or the new one, never a part. */
  public synchronized void write(Path file) throws IOException {
    JsonObject document = new JsonObject();
    List<Target> all = targets.values().stream().filter(target -> !target.isEmpty()).toList();
    boolean several = all.stream().anyMatch(target -> !target.name.isEmpty());
    if (several) {
      JsonArray each = new JsonArray();
      all.stream().filter(target -> !target.name.isEmpty()).forEach(one -> each.add(one.json()));
      document.add("targets", each);
    } else {
      Target only = of("");
      document.add("target", only.address);
      document.add("engine", only.engine);
      document.addProperty("compose", only.compose);
    }
    document.addProperty("startedAt", startedAt.toString());
    document.addProperty("seconds", seconds(Duration.between(startedAt, clock.instant())));
    JsonArray services = new JsonArray();
    List<Outcome> outcomes = new ArrayList<>();
    for (Target target : all) {
      for (ServiceJson service : target.services.values()) {
        outcomes.add(service.outcome());
        services.add(service.json(several ? target.name : null));
      }
    }
    document.addProperty("outcome", Outcome.ofAll(outcomes).jsonName());
    document.add("services", services);
    if (!several) {
      document.add("others", of("").stack.others());
      document.add("files", of("").stack.files());
    }
    WholeFile.write(file, GSON.toJson(plain(document)) + "\n");
  }

  /** What became of each service so far, for other reports of the same build. */
  public synchronized List<DeployedService> services() {
    List<DeployedService> all = new ArrayList<>();
    for (Target target : targets.values()) {
      target.services.values().forEach(one -> all.add(one.deployed(target.name, target.directory)));
    }
    return all;
  }

  /** Much of it was said by the Pi; what reads the report may print it. */
  private static JsonElement plain(JsonElement json) {
    if (json instanceof JsonObject object) {
      JsonObject plain = new JsonObject();
      object.asMap().forEach((name, value) -> plain.add(name, plain(value)));
      return plain;
    }
    if (json instanceof JsonArray array) {
      JsonArray plain = new JsonArray();
      array.forEach(value -> plain.add(plain(value)));
      return plain;
    }
    return json instanceof JsonPrimitive text && text.isString()
        ? new JsonPrimitive(PlainText.of(text.getAsString()))
        : json;
  }

  static double seconds(Duration elapsed) {
    return elapsed.toMillis() / 1000.0;
  }

  /** A Pi, and what became of the services that go there. */
  private static final class Target {

    private final String name;
    private final Map<String, ServiceJson> services = new LinkedHashMap<>();
    private final JsonObject address = new JsonObject();
    private final JsonObject engine = new JsonObject();
    private final StackJson stack = new StackJson();
    private @Nullable String compose;
    private String directory = "";

    private Target(String name) {
      this.name = name;
    }

    private void report(Event event) {
      if (event instanceof Event.EngineFound found) {
        address.addProperty("host", found.host());
        address.addProperty("directory", found.directory());
        directory = found.directory();
        engine.addProperty("version", found.version());
        engine.addProperty("store", found.store());
        engine.addProperty("architecture", found.architecture());
        compose = found.compose();
      } else if (event instanceof Event.ReleaseChosen chosen) {
        service(chosen.service()).chosen(chosen);
      } else if (event instanceof Event.Shipped shipped) {
        service(shipped.service()).shipped(shipped);
      } else if (event instanceof Event.Recreated recreated) {
        service(recreated.service()).took("recreate", recreated.elapsed());
      } else if (event instanceof Event.Verified verified) {
        service(verified.service()).took("verify", verified.elapsed());
        service(verified.service()).ended(Outcome.VERIFIED, verified.evidence());
      } else if (event instanceof Event.Failed failed) {
        service(failed.service()).ended(Outcome.FAILED, failed.reason());
      } else if (event instanceof Event.Unchanged same) {
        service(same.service()).ended(Outcome.UNCHANGED, same.evidence());
      } else if (event instanceof Event.RolledBack back) {
        service(back.service()).rolledBack(back);
      } else if (event instanceof Event.RollbackFailed back) {
        service(back.service()).rollbackFailed(back);
      } else if (event instanceof Event.NotDeployed notDeployed) {
        service(notDeployed.service()).ended(Outcome.NOT_DEPLOYED, notDeployed.reason());
      } else {
        stack.report(event);
      }
    }

    private boolean isEmpty() {
      return compose == null && services.isEmpty() && stack.isEmpty();
    }

    private ServiceJson service(String name) {
      return services.computeIfAbsent(name, ServiceJson::new);
    }

    /** Among others. */
    private JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("name", name);
      address.asMap().forEach(json::add);
      json.add("engine", engine);
      json.addProperty("compose", compose);
      json.add("others", stack.others());
      json.add("files", stack.files());
      return json;
    }
  }
}
