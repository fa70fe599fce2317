package io.github.rpideploy.docker.swarm;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says what a compose file says of a service in the words that {@code docker stack deploy} reads.
 */
final class SwarmTerms {

  /** What docker stack deploy does as compose does it. */
  private static final Set<String> SAME =
      Set.of(
          "cap_add",
          "cap_drop",
          "command",
          "configs",
          "credential_spec",
          "deploy",
          "dns",
          "dns_search",
          "entrypoint",
          "environment",
          "extra_hosts",
          "healthcheck",
          "hostname",
          "init",
          "isolation",
          "labels",
          "logging",
          "networks",
          "ports",
          "read_only",
          "secrets",
          "stdin_open",
          "stop_grace_period",
          "stop_signal",
          "sysctls",
          "tty",
          "ulimits",
          "user",
          "volumes",
          "working_dir");

  /** What only compose needs, or what is said in another way. */
  private static final Set<String> OF_COMPOSE =
      Set.of(
          "annotations",
          "attach",
          "build",
          "container_name",
          "depends_on",
          "develop",
          "env_file",
          "expose",
          "extends",
          "image",
          "platform",
          "profiles",
          "pull_policy",
          "restart",
          "tmpfs");

  private static final String ON_ONE_PI =
      "no swarm has it: deploy this service to one Pi with compose, from a directory of its own";

  /** What to write in place of what no swarm does. */
  private static final Map<String, String> OTHERWISE =
      Map.of(
          "cpus", "write deploy: {resources: {limits: {cpus: '0.5'}}}",
          "mem_limit", "write deploy: {resources: {limits: {memory: 256M}}}",
          "mem_reservation", "write deploy: {resources: {reservations: {memory: 128M}}}",
          "pids_limit", "write deploy: {resources: {limits: {pids: 100}}}",
          "scale", "write deploy: {replicas: 2}",
          "network_mode", "write networks: a swarm connects services by overlay networks",
          "links", "write networks: services of one network find each other by name",
          "volumes_from", "write volumes");

  private SwarmTerms() {}

  /**
   * @param said what compose prints of the service
   * @param directory the compose directory, absolute or relative to the user's home
   * @throws DeployException with all that no swarm can do
   */
  static Map<String, Object> of(String service, Map<String, Object> said, String directory) {
    List<String> refused = new ArrayList<>();
    Map<String, Object> terms = new TreeMap<>();
    said.forEach(
        (key, value) -> {
          if (SAME.contains(key)) {
            if (value != null) {
              terms.put(key, value);
            }
          } else if (!OF_COMPOSE.contains(key) && !isNothing(value)) {
            refused.add(key + ": " + OTHERWISE.getOrDefault(key, ON_ONE_PI));
          }
        });
    terms.computeIfPresent("ports", (key, ports) -> each(ports, port -> port(port, refused)));
    terms.computeIfPresent(
        "volumes", (key, all) -> each(all, volume -> volume(volume, directory, refused)));
    for (String kind : List.of("configs", "secrets")) {
      terms.computeIfPresent(kind, (key, all) -> each(all, SwarmTerms::withMode));
    }
    terms.computeIfPresent("extra_hosts", (key, hosts) -> withColons(hosts));
    terms.computeIfPresent("networks", (key, all) -> networks(ComposeTree.map(all)));
    addTmpfs(said.get("tmpfs"), terms);
    Map<String, Object> deploy = deploy(ComposeTree.map(terms.get("deploy")));
    deploy.computeIfAbsent(
        "restart_policy", key -> restart(ComposeTree.text(said.get("restart"), "always")));
    terms.put("deploy", deploy);
    if (refused.isEmpty()) {
      return terms;
    }
    throw new DeployException(
        service
            + " cannot run on a swarm as the compose file says:\n  "
            + String.join("\n  ", refused),
        "Change that in the compose file; nothing was changed. docs/swarm.md has an example");
  }

  private static boolean isNothing(@Nullable Object value) {
    return value == null
        || value.equals(false)
        || value.equals(0)
        || (value instanceof Collection<?> all && all.isEmpty());
  }

  private static Object each(
      @Nullable Object list, Function<Map<String, Object>, Map<String, Object>> change) {
    List<Object> changed = new ArrayList<>();
    if (list instanceof Collection<?> all) {
      for (Object one : all) {
        changed.add(one instanceof Map<?, ?> ? change.apply(ComposeTree.map(one)) : one);
      }
    }
    return changed;
  }

  /** Compose prints the port of the node as text, and more than docker knows. */
  private static Map<String, Object> port(Map<String, Object> port, List<String> refused) {
    String published = ComposeTree.text(port.get("published"), "");
    String address = ComposeTree.text(port.get("host_ip"), "");
    Map<String, Object> terms = kept(port, "mode", "target", "protocol");
    if (!address.isEmpty() && !address.equals("0.0.0.0")) {
      refused.add(
          "ports: "
              + address
              + ":"
              + published
              + ": a swarm publishes a port on all addresses of a node; remove the address");
    } else if (published.matches("\\d{1,5}")) {
      terms.put("published", Integer.parseInt(published));
    } else if (!published.isEmpty()) {
      refused.add("ports: " + published + ": write each port of the range");
    }
    return terms;
  }

  private static Map<String, Object> volume(
      Map<String, Object> volume, String directory, List<String> refused) {
    String source = ComposeTree.text(volume.get("source"), "");
    if ("bind".equals(volume.get("type"))
        && source.contains(directory.startsWith("/") ? directory + "/" : "/" + directory + "/")) {
      refused.add(
          "volumes: "
              + source
              + ": only this Pi has it, and the service may run on another; write configs or"
              + " secrets for files, and a named volume for data");
    }
    // With create_host_path docker would refuse it.
    Map<String, Object> terms = new LinkedHashMap<>(volume);
    terms.computeIfPresent("bind", (key, bind) -> kept(ComposeTree.map(bind), "propagation"));
    terms.computeIfPresent("volume", (key, own) -> kept(ComposeTree.map(own), "nocopy"));
    terms.computeIfPresent("tmpfs", (key, own) -> kept(ComposeTree.map(own), "size"));
    return terms;
  }

  private static Map<String, Object> kept(Map<String, Object> all, String... keys) {
    Map<String, Object> kept = new LinkedHashMap<>(all);
    kept.keySet().retainAll(List.of(keys));
    return kept;
  }

  /** Compose prints a mode as octal text, docker reads a number. */
  private static Map<String, Object> withMode(Map<String, Object> file) {
    Map<String, Object> terms = new LinkedHashMap<>(file);
    terms.computeIfPresent(
        "mode",
        (key, mode) ->
            mode instanceof String octal && octal.matches("0?[0-7]{3,4}")
                ? Integer.valueOf(octal, 8)
                : mode);
    return terms;
  }

  /** Compose prints {@code name=address}, which Engine 20.10 does not know. */
  private static Object withColons(@Nullable Object hosts) {
    List<Object> changed = new ArrayList<>();
    if (hosts instanceof Collection<?> all) {
      all.forEach(one -> changed.add(String.valueOf(one).replaceFirst("=", ":")));
    }
    return changed;
  }

  /** Compose prints processors as a number, docker reads text. */
  private static Map<String, Object> deploy(Map<String, Object> deploy) {
    Map<String, Object> resources = ComposeTree.map(deploy.get("resources"));
    for (String kind : List.of("limits", "reservations")) {
      Map<String, Object> amounts = ComposeTree.map(resources.get(kind));
      amounts.computeIfPresent("cpus", (key, cpus) -> String.valueOf(cpus));
      amounts.computeIfPresent("memory", (key, memory) -> String.valueOf(memory));
      if (!amounts.isEmpty()) {
        resources.put(kind, amounts);
      }
    }
    if (!resources.isEmpty()) {
      deploy.put("resources", resources);
    }
    return deploy;
  }

  /** Without what docker does not know: the priority of a network. */
  private static Map<String, Object> networks(Map<String, Object> networks) {
    networks.replaceAll(
        (name, said) -> said == null ? Map.of() : kept(ComposeTree.map(said), "aliases"));
    return networks;
  }

  /** Docker would leave it out without a word. */
  private static void addTmpfs(@Nullable Object said, Map<String, Object> terms) {
    List<Object> volumes = new ArrayList<>();
    if (terms.get("volumes") instanceof Collection<?> all) {
      volumes.addAll(all);
    }
    Collection<?> places =
        said instanceof Collection<?> all ? all : said == null ? List.of() : List.of(said);
    for (Object place : places) {
      volumes.add(Map.of("type", "tmpfs", "target", String.valueOf(place).replaceFirst(":.*", "")));
    }
    if (!volumes.isEmpty()) {
      terms.put("volumes", volumes);
    }
  }

  /** A swarm starts what has ended unless it is told not to; compose does not. */
  private static Map<String, Object> restart(String said) {
    String[] words = said.split(":", 2);
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put(
        "condition",
        switch (words[0]) {
          case "no" -> "none";
          case "on-failure" -> "on-failure";
          default -> "any";
        });
    if (words.length == 2 && words[1].matches("\\d{1,6}")) {
      policy.put("max_attempts", Integer.parseInt(words[1]));
    }
    return policy;
  }
}
