package io.github.rpideploy.docker.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How many containers a service has, and what is in the way of another one beside them.
 *
 * @param replicas how many it is to have, at least one
 * @param onlyOne what only one container can have, each as the compose file has it, with what to do
 *     about it; empty when another one may be started
 */
public record Scale(int replicas, List<String> onlyOne) {

  /** One container, and nothing in the way of a second. */
  public static final Scale ONE = new Scale(1, List.of());

  /** {@code data:/var/lib/data:rw}, as version 1 of compose prints it. */
  private static final Pattern SHORT_VOLUME = Pattern.compile("([^:]+):([^:]+)(?::([^:]+))?");

  /** Keeps a copy. */
  public Scale {
    onlyOne = List.copyOf(onlyOne);
  }

  /**
   * Reads it from a service as {@code docker compose config} prints it. Version 2 spells out ports
   * and volumes, version 1 also has their short form.
   */
  static Scale of(Map<String, Object> service) {
    List<String> onlyOne = new ArrayList<>();
    Ports.ofCompose(service.get("ports")).stream()
        .map(port -> "ports: " + port + " (let only the proxy publish a port)")
        .forEach(onlyOne::add);
    String name = ComposeTree.text(service.get("container_name"));
    if (name != null) {
      onlyOne.add("container_name: " + name + " (remove it)");
    }
    String network = ComposeTree.text(service.get("network_mode"));
    if (network != null && !network.equals("none") && !network.equals("bridge")) {
      onlyOne.add("network_mode: " + network + " (use a network of the project)");
    }
    ComposeTree.map(service.get("networks"))
        .forEach(
            (joined, how) -> {
              Map<String, Object> said = ComposeTree.map(how);
              for (String address : List.of("ipv4_address", "ipv6_address", "mac_address")) {
                String fixed = ComposeTree.text(said.get(address));
                if (fixed != null) {
                  onlyOne.add(
                      "networks: " + joined + ": " + address + ": " + fixed + " (remove it)");
                }
              }
            });
    if (service.get("volumes") instanceof List<?> volumes) {
      for (Object volume : volumes) {
        String written = written(volume);
        if (written != null) {
          onlyOne.add(
              "volumes: "
                  + written
                  + " (two containers would write to it; make it read-only: :ro)");
        }
      }
    }
    return new Scale(replicas(service), onlyOne);
  }

  /** A named volume or directory of the Pi that the service writes to; null for all else. */
  private static @Nullable String written(@Nullable Object volume) {
    Map<String, Object> said = ComposeTree.map(volume);
    if (!said.isEmpty()) {
      String type = ComposeTree.text(said.get("type"));
      String source = ComposeTree.text(said.get("source"));
      boolean own = source == null || "tmpfs".equals(type);
      return own || "true".equals(ComposeTree.text(said.get("read_only")))
          ? null
          : source + ":" + ComposeTree.text(said.get("target"));
    }
    Matcher form = SHORT_VOLUME.matcher(Objects.toString(ComposeTree.text(volume), ""));
    boolean readOnly =
        form.matches()
            && List.of(Objects.toString(form.group(3), "").split(",", -1)).contains("ro");
    return form.matches() && !readOnly ? form.group(1) + ":" + form.group(2) : null;
  }

  private static int replicas(Map<String, Object> service) {
    Object wanted =
        service.getOrDefault("scale", ComposeTree.map(service.get("deploy")).get("replicas"));
    String number = Objects.toString(ComposeTree.text(wanted), "");
    return number.matches("[1-9]\\d{0,2}") ? Integer.parseInt(number) : 1;
  }
}
