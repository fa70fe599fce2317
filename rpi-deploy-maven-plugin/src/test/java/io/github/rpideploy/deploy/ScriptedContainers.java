package io.github.rpideploy.deploy;

import static io.github.rpideploy.deploy.ScriptedPi.failed;
import static io.github.rpideploy.deploy.ScriptedPi.ok;

import io.github.rpideploy.remote.ExecResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Compose and the containers of a {@link ScriptedPi}. */
final class ScriptedContainers {

  private record Made(String image, String configHash) {}

  private final ScriptedPi pi;
  private final Map<String, Made> containers = new LinkedHashMap<>();

  /** The highest number of a service's containers, where some were started beside others. */
  private final Map<String, Integer> highest = new HashMap<>();

  ScriptedContainers(ScriptedPi pi) {
    this.pi = pi;
  }

  /** The id of the image that a service's container was made of. */
  String imageOf(String service) {
    return made(idsOf(service).isEmpty() ? "container-" + service : idsOf(service).get(0)).image();
  }

  /** The ids of the images that containers are made of. */
  List<String> images() {
    return containers.values().stream().map(Made::image).toList();
  }

  ExecResult compose(List<String> argv) {
    if (argv.contains("config")) {
      return ok(pi.composeYaml);
    }
    throw new IllegalArgumentException("not scripted: " + argv);
  }

  /** By the compose file that is there. */
  ExecResult hashes() {
    return hashes(pi.composeYaml.getBytes(StandardCharsets.UTF_8));
  }

  ExecResult hashes(byte[] yaml) {
    StringBuilder hashes = new StringBuilder();
    hashes(new String(yaml, StandardCharsets.UTF_8))
        .forEach((name, hash) -> hashes.append(name + " " + hash + "\n"));
    return ok(hashes.toString());
  }

  ExecResult of(String service) {
    return hashes(pi.composeYaml).containsKey(service)
        ? ok(String.join("\n", idsOf(service)))
        : failed("no such service: " + service);
  }

  List<String> idsOf(String service) {
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= highest(service); i++) {
      String id = "container-" + service + (i == 1 ? "" : "-" + i);
      if (containers.containsKey(id)) {
        ids.add(id);
      }
    }
    return ids;
  }

  private int highest(String service) {
    return highest.getOrDefault(service, pi.replicas.getOrDefault(service, 1));
  }

  /** Starts one more, as {@code up --scale} does. */
  ExecResult upBeside(String service) {
    pi.changes.add("start beside " + service);
    String hash = hashes(pi.composeYaml).get(service);
    int number = highest(service) + 1;
    highest.put(service, number);
    containers.put(
        "container-" + service + "-" + number,
        new Made(pi.idOf(service + ":latest"), hash == null ? "" : hash));
    return pi.recreateResult.apply(ok(""));
  }

  /** Removes some. */
  void remove(List<String> ids) {
    pi.changes.add("remove " + String.join(" ", ids));
    ids.forEach(containers::remove);
  }

  ExecResult up(String service) {
    pi.changes.add("recreate " + service);
    idsOf(service).forEach(containers::remove);
    highest.remove(service);
    String hash = hashes(pi.composeYaml).get(service);
    for (int i = 1; i <= pi.replicas.getOrDefault(service, 1); i++) {
      containers.put(
          "container-" + service + (i == 1 ? "" : "-" + i),
          new Made(pi.idOf(service + ":latest"), hash == null ? "" : hash));
    }
    return pi.recreateResult.apply(ok(""));
  }

  /** A container of a service that is not deployed. */
  void make(String service) {
    String hash = hashes(pi.composeYaml).get(service);
    containers.put(
        "container-" + service, new Made("sha256:of-" + service, hash == null ? "" : hash));
  }

  /** What the probe tells of them all. */
  String members() {
    StringBuilder said = new StringBuilder();
    containers
        .keySet()
        .forEach(
            id ->
                said.append("member ")
                    .append(id.replace("container-", ""))
                    .append(" /x ")
                    .append(inspect(id).stdout())
                    .append('\n'));
    return said.toString();
  }

  ExecResult inspect(String id) {
    if (!containers.containsKey(id)) {
      return failed("Error response from daemon: No such container: " + id);
    }
    Made made = made(id);
    String service = id.replace("container-", "");
    Deque<String> left =
        pi.statesOfImage.getOrDefault(
            made.image(),
            pi.states.getOrDefault(service, new ArrayDeque<>(List.of(ScriptedPi.running()))));
    String state = left.size() > 1 ? left.removeFirst() : left.getFirst();
    return ok(
        "{\"id\":\"%s\",\"image\":\"%s\",\"restarts\":0,\"state\":%s,\"configHash\":\"%s\"}"
            .formatted(id, made.image(), state, made.configHash()));
  }

  /** Like compose's own digests: another one whenever a service's part of the file is another. */
  private static Map<String, String> hashes(String yaml) {
    Map<String, String> hashes = new TreeMap<>();
    Object root = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    if (root instanceof Map<?, ?> file && file.get("services") instanceof Map<?, ?> services) {
      services.forEach(
          (name, body) ->
              hashes.put(name.toString(), Integer.toHexString(body.toString().hashCode())));
    }
    return hashes;
  }

  private Made made(String id) {
    return Objects.requireNonNull(containers.get(id), id);
  }
}
