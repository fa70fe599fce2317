package io.github.rpideploy.docker.swarm;

import io.github.rpideploy.docker.file.ComposeTree;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The networks, volumes, configs and secrets of a compose file, in the words of a swarm. */
final class SharedParts {

  /** What other parts of a compose file a service may use, by its own key. */
  static final List<String> KINDS = List.of("networks", "volumes", "configs", "secrets");

  private static final Map<String, Set<String>> SAME =
      Map.of(
          "networks",
          Set.of(
              "name",
              "driver",
              "driver_opts",
              "ipam",
              "external",
              "internal",
              "attachable",
              "labels"),
          "volumes",
          Set.of("name", "driver", "driver_opts", "external", "labels"),
          "configs",
          Set.of("name", "file", "external", "labels", "template_driver"),
          "secrets",
          Set.of("name", "file", "external", "labels", "driver", "driver_opts", "template_driver"));

  /** Drivers of networks that end at one machine. */
  private static final Set<String> OF_ONE_PI =
      Set.of("bridge", "host", "ipvlan", "macvlan", "none", "null");

  private SharedParts() {}

  /**
   * Those of a kind that a service uses.
   *
   * @param stack the name of the stack
   * @param uses what the service says of them
   * @param all of the compose file, by name
   */
  static Map<String, Object> used(
      String kind, String stack, @Nullable Object uses, Map<String, Object> all, Refusals refused) {
    Map<String, Object> used = new LinkedHashMap<>(all);
    // Version 1 of compose does not print that a service is in the network of that name.
    Set<String> names = kind.equals("networks") && uses == null ? Set.of("default") : names(uses);
    used.keySet().retainAll(names);
    used.replaceAll((name, said) -> part(kind, stack, name, said, refused));
    return used;
  }

  private static Map<String, Object> part(
      String kind, String stack, String name, @Nullable Object said, Refusals refused) {
    String where = kind + ": " + name;
    Map<String, Object> given = ComposeTree.map(said);
    for (String key : List.of("content", "environment")) {
      if (given.remove(key) != null) {
        refused.add(where + ": " + key, "a swarm reads it from a file; write file: ./" + name);
      }
    }
    Map<String, Object> part =
        refused.only(where, given, SAME.getOrDefault(kind, Set.of()), Set.of("enable_ipv4"));
    boolean own = Refusals.isNothing(part.get("external"));
    // The name that the stack gives it anyway.
    if (own && (stack + "_" + name).equals(part.get("name"))) {
      part.remove("name");
    }
    if (kind.equals("networks")) {
      network(where, part, own, refused);
    }
    return part;
  }

  private static void network(
      String where, Map<String, Object> network, boolean own, Refusals refused) {
    String driver = ComposeTree.text(network.get("driver"), "");
    if (own && OF_ONE_PI.contains(driver)) {
      refused.add(where + ": driver: " + driver, "it ends at one Pi; write driver: overlay");
    }
    Map<String, Object> ipam =
        refused.only(
            where + ": ipam", network.remove("ipam"), Set.of("driver", "config"), Set.of());
    List<Object> subnets = ComposeTree.list(ipam.get("config"));
    subnets.replaceAll(one -> refused.only(where + ": ipam", one, Set.of("subnet"), Set.of()));
    if (!ipam.isEmpty()) {
      ipam.put("config", subnets);
      network.put("ipam", ipam);
    }
  }

  /** A service names them in a map, in a list, or at the start of texts. */
  private static Set<String> names(@Nullable Object uses) {
    Set<String> names = new HashSet<>(ComposeTree.map(uses).keySet());
    for (Object one : ComposeTree.list(uses)) {
      String source = ComposeTree.text(ComposeTree.map(one).get("source"));
      names.add(source == null ? ComposeTree.text(one, "").replaceFirst(":.*", "") : source);
    }
    return names;
  }
}
