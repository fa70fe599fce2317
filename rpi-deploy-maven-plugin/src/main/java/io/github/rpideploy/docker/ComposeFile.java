package io.github.rpideploy.docker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The part of {@code docker compose config} that a deploy needs. The rest may hold secrets and is
 * dropped.
 *
 * @param services by name, in the file's order
 */
public record ComposeFile(Map<String, Service> services) {

  /**
   * One service of the file.
   *
   * @param image the image that it names, or null when it only has a {@code build}
   * @param publishedPorts the TCP ports of the Pi that it publishes
   * @param dependsOn the services that compose starts before it
   */
  public record Service(
      @Nullable String image, List<Integer> publishedPorts, Set<String> dependsOn) {

    public Service {
      publishedPorts = List.copyOf(publishedPorts);
      dependsOn = Set.copyOf(dependsOn);
    }
  }

  public ComposeFile {
    services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
  }

  /** The service of that name. */
  public Optional<Service> service(String name) {
    return Optional.ofNullable(services.get(name));
  }

  /** Loads the YAML parser and all that comes with the answers of a Pi. */
  public static void warmUp() {
    parse("services: {a: {image: b, ports: [{published: '1', protocol: tcp}]}}");
    String digest = "0".repeat(64);
    ReleaseAnswer.parse("image " + digest + " a:b " + digest + "\nspace 1 /").contents();
  }

  static ComposeFile parse(String yaml) {
    Map<String, Service> services = new LinkedHashMap<>();
    map(root(yaml).get("services")).forEach((name, body) -> services.put(name, service(map(body))));
    return new ComposeFile(services);
  }

  static Map<String, Object> root(String yaml) {
    return map(new Load(LoadSettings.builder().build()).loadFromString(yaml));
  }

  private static Service service(Map<String, Object> body) {
    List<Integer> published = new ArrayList<>();
    if (body.get("ports") instanceof List<?> ports) {
      ports.forEach(port -> publishedPort(port).ifPresent(published::add));
    }
    Object image = body.get("image");
    return new Service(
        image == null ? null : image.toString(), published, dependsOn(body.get("depends_on")));
  }

  /** A list of names, or conditions by name. */
  private static Set<String> dependsOn(@Nullable Object said) {
    return said instanceof List<?> names
        ? names.stream().map(String::valueOf).collect(Collectors.toSet())
        : map(said).keySet();
  }

  /**
   * Version 2 prints {@code {target: 80, published: "8080", protocol: tcp}}, version 1 also the
   * short form {@code 127.0.0.1:8080:80/tcp}. A range or a port that the Engine chooses counts as
   * none.
   */
  private static Optional<Integer> publishedPort(Object port) {
    String published;
    String protocol;
    if (port instanceof Map<?, ?>) {
      Map<String, Object> fields = map(port);
      published = String.valueOf(fields.get("published"));
      protocol = String.valueOf(fields.getOrDefault("protocol", "tcp"));
    } else {
      String[] halves = port.toString().split("/", 2);
      String[] parts = halves[0].split(":", -1);
      published = parts.length < 2 ? "" : parts[parts.length - 2];
      protocol = halves.length < 2 ? "tcp" : halves[1];
    }
    return protocol.equals("tcp") && published.matches("[1-9]\\d{0,4}")
        ? Optional.of(Integer.valueOf(published))
        : Optional.empty();
  }

  static Map<String, Object> map(@Nullable Object node) {
    Map<String, Object> result = new LinkedHashMap<>();
    if (node instanceof Map<?, ?> nodes) {
      nodes.forEach((key, value) -> result.put(String.valueOf(key), value));
    }
    return result;
  }
}
