package io.github.rpideploy.docker.swarm;

import io.github.rpideploy.docker.file.ComposeTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says what a compose file says of a service in the words that {@code docker stack deploy} reads.
 */
final class SwarmTerms {

  private static final int LAST_PORT = 65535;

  private static final Pattern WITH_ADDRESS = Pattern.compile("(.+):([^:]*:[^:]+)");

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

  private static final Set<String> OF_DEPLOY =
      Set.of(
          "endpoint_mode",
          "labels",
          "mode",
          "placement",
          "replicas",
          "resources",
          "restart_policy",
          "rollback_config",
          "update_config");

  private SwarmTerms() {}

  /**
   * @param said what compose prints of the service
   * @param directory the compose directory, absolute or relative to the user's home
   * @param refused gets what no swarm can do
   */
  static Map<String, Object> of(Map<String, Object> said, String directory, Refusals refused) {
    Map<String, Object> terms = new TreeMap<>();
    said.forEach(
        (key, value) -> {
          if (SAME.contains(key)) {
            if (value != null) {
              terms.put(key, value);
            }
          } else if (!OF_COMPOSE.contains(key)
              && !key.startsWith("x-")
              && (key.equals("scale") || !Refusals.isNothing(value))) {
            refused.add(key, OTHERWISE.getOrDefault(key, Refusals.ON_ONE_PI));
          }
        });
    terms.computeIfPresent("ports", (key, ports) -> each(ports, port -> port(port, refused)));
    for (String kind : List.of("configs", "secrets")) {
      terms.computeIfPresent(kind, (key, all) -> each(all, SwarmTerms::withMode));
    }
    terms.computeIfPresent("extra_hosts", (key, hosts) -> withColons(hosts));
    terms.computeIfPresent("networks", (key, all) -> networks(all, refused));
    List<Object> mounts = new Mounts(directory, refused).of(said.get("volumes"), said.get("tmpfs"));
    if (!mounts.isEmpty()) {
      terms.put("volumes", mounts);
    }
    Map<String, Object> deploy = deploy(terms.get("deploy"), refused);
    deploy.computeIfAbsent(
        "restart_policy", key -> restart(ComposeTree.text(said.get("restart"), "always")));
    terms.put("deploy", deploy);
    if ("dnsrr".equals(deploy.get("endpoint_mode"))) {
      requireHostMode(ComposeTree.list(terms.get("ports")), refused);
    }
    return terms;
  }

  private static Object each(@Nullable Object list, UnaryOperator<Object> change) {
    List<Object> changed = ComposeTree.list(list);
    changed.replaceAll(change);
    return changed;
  }

  private static Object port(Object said, Refusals refused) {
    return said instanceof Map
        ? port(ComposeTree.map(said), refused)
        : shortPort(ComposeTree.text(said, ""), refused);
  }

  /** As version 1 of compose prints it: {@code 127.0.0.1:8080:80/tcp}. */
  private static String shortPort(String port, Refusals refused) {
    Matcher parts = WITH_ADDRESS.matcher(port);
    if (!parts.matches()) {
      return port;
    }
    requireAllAddresses(parts.group(1), port, refused);
    return parts.group(2);
  }

  /** There is no virtual address then that could pass on what comes in at any node. */
  private static void requireHostMode(List<Object> ports, Refusals refused) {
    for (Object port : ports) {
      Map<String, Object> said = ComposeTree.map(port);
      if (!"host".equals(said.get("mode"))) {
        refused.add(
            "ports: " + ComposeTree.text(port, ComposeTree.text(said.get("published"), "")),
            "with endpoint_mode: dnsrr write {mode: host, target: 80, published: 81}");
      }
    }
  }

  private static void requireAllAddresses(String address, String port, Refusals refused) {
    if (!address.equals("0.0.0.0")) {
      refused.add(
          "ports: " + port,
          "a swarm publishes a port on all addresses of a node; remove the address");
    }
  }

  /** Compose prints the port of the node as text, and more than docker knows. */
  private static Map<String, Object> port(Map<String, Object> port, Refusals refused) {
    String published = ComposeTree.text(port.get("published"), "");
    String address = ComposeTree.text(port.get("host_ip"), "");
    Map<String, Object> terms =
        refused.only(
            "ports: " + published,
            port,
            Set.of("mode", "target", "protocol"),
            Set.of("published", "host_ip", "name", "app_protocol"));
    if (!address.isEmpty()) {
      requireAllAddresses(address, address + ":" + published, refused);
    }
    if (published.matches("\\d{1,5}") && Integer.parseInt(published) <= LAST_PORT) {
      terms.put("published", Integer.parseInt(published));
    } else if (!published.isEmpty()) {
      refused.add("ports: " + published, "write each port, from 1 to 65535, alone");
    }
    return terms;
  }

  /** Compose prints a mode as octal text, docker reads a number. */
  private static Object withMode(Object file) {
    Map<String, Object> terms = ComposeTree.map(file);
    terms.computeIfPresent(
        "mode",
        (key, mode) ->
            mode instanceof String octal && octal.matches("0?[0-7]{3,4}")
                ? Integer.valueOf(octal, 8)
                : mode);
    return file instanceof Map ? terms : file;
  }

  /**
   * Version 2 of compose prints {@code name=address}, which Engine 20.10 does not know, and version
   * 1 perhaps a map.
   */
  private static Object withColons(@Nullable Object hosts) {
    List<Object> changed = new ArrayList<>();
    ComposeTree.map(hosts)
        .forEach((name, address) -> changed.add(name + ":" + ComposeTree.text(address, "")));
    for (Object host : ComposeTree.list(hosts)) {
      changed.add(ComposeTree.text(host, "").replaceFirst("=", ":"));
    }
    return changed;
  }

  /**
   * The entries of a map, or of a list of {@code name=value}, as version 1 of compose prints it.
   */
  static Map<String, Object> pairs(@Nullable Object said) {
    Map<String, Object> pairs = ComposeTree.map(said);
    for (Object one : ComposeTree.list(said)) {
      String[] words = ComposeTree.text(one, "").split("=", 2);
      pairs.put(words[0], words.length == 2 ? words[1] : "");
    }
    return pairs;
  }

  /** Compose prints processors as a number, docker reads text. */
  private static Map<String, Object> deploy(@Nullable Object said, Refusals refused) {
    Map<String, Object> deploy = refused.only("deploy", said, OF_DEPLOY, Set.of());
    String mode = ComposeTree.text(deploy.get("mode"), "replicated");
    if (mode.endsWith("-job")) {
      refused.add("deploy: mode: " + mode, "a job ends, and only what goes on can be proved good");
    }
    Map<String, Object> resources = ComposeTree.map(deploy.get("resources"));
    resources.computeIfPresent(
        "limits", (key, all) -> amounts(key, all, Set.of("cpus", "memory", "pids"), refused));
    resources.computeIfPresent(
        "reservations",
        (key, all) -> amounts(key, all, Set.of("cpus", "memory", "generic_resources"), refused));
    if (!resources.isEmpty()) {
      deploy.put("resources", resources);
    }
    return deploy;
  }

  private static Map<String, Object> amounts(
      String kind, @Nullable Object said, Set<String> same, Refusals refused) {
    Map<String, Object> amounts = refused.only("deploy: resources: " + kind, said, same, Set.of());
    amounts.computeIfPresent("cpus", (key, cpus) -> ComposeTree.text(cpus));
    amounts.computeIfPresent("memory", (key, memory) -> ComposeTree.text(memory));
    return amounts;
  }

  private static Map<String, Object> networks(@Nullable Object said, Refusals refused) {
    Map<String, Object> networks = ComposeTree.map(said);
    ComposeTree.list(said).forEach(name -> networks.put(ComposeTree.text(name, ""), null));
    networks.replaceAll(
        (name, how) ->
            refused.only(
                "networks: " + name, how, Set.of("aliases"), Set.of("priority", "gw_priority")));
    return networks;
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
