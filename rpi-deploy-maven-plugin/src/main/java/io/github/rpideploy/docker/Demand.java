package io.github.rpideploy.docker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a service of a compose file asks of the Pi.
 *
 * @param ports where it wants to be reached on the Pi; ranges and ports that the Engine chooses are
 *     left out
 * @param memoryLimit in bytes, empty when it has none
 * @param logDriver what takes its log, or null for what the Engine has by default
 * @param logRotates whether it says itself how large its log may become
 */
public record Demand(
    List<Endpoint> ports,
    OptionalLong memoryLimit,
    @Nullable String logDriver,
    boolean logRotates) {

  /** {@code 127.0.0.1:8080:80/tcp}, as version 1 of compose prints what it was given. */
  private static final Pattern SHORT_PORT =
      Pattern.compile("(?:(\\[?[0-9A-Fa-f.:]+\\]?):)?(\\d{1,5}):\\d{1,5}(?:/(tcp|udp))?");

  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([bkmg]?)b?");

  public Demand {
    ports = List.copyOf(ports);
  }

  /** What each service of the file asks, by its name. */
  static Map<String, Demand> parse(String yaml) {
    Map<String, Demand> demands = new LinkedHashMap<>();
    ComposeFile.map(ComposeFile.root(yaml).get("services"))
        .forEach((name, body) -> demands.put(name, of(ComposeFile.map(body))));
    return demands;
  }

  private static Demand of(Map<String, Object> service) {
    List<Endpoint> published = new ArrayList<>();
    if (service.get("ports") instanceof List<?> ports) {
      ports.forEach(port -> endpoint(port).ifPresent(published::add));
    }
    Map<String, Object> logging = ComposeFile.map(service.get("logging"));
    Object driver = logging.get("driver");
    return new Demand(
        published,
        memory(service),
        driver == null ? null : driver.toString(),
        ComposeFile.map(logging.get("options")).containsKey("max-size"));
  }

  private static Optional<Endpoint> endpoint(Object port) {
    String address;
    String published;
    String protocol;
    if (port instanceof Map<?, ?>) {
      Map<String, Object> fields = ComposeFile.map(port);
      address = String.valueOf(fields.getOrDefault("host_ip", ""));
      published = String.valueOf(fields.get("published"));
      protocol = String.valueOf(fields.getOrDefault("protocol", "tcp"));
    } else {
      Matcher text = SHORT_PORT.matcher(port.toString());
      if (!text.matches()) {
        return Optional.empty();
      }
      address = text.group(1) == null ? "" : text.group(1);
      published = text.group(2);
      protocol = text.group(3) == null ? "tcp" : text.group(3);
    }
    return published.matches("[1-9]\\d{0,4}")
        ? Optional.of(Endpoint.of(protocol, address, Integer.parseInt(published)))
        : Optional.empty();
  }

  private static OptionalLong memory(Map<String, Object> service) {
    Map<String, Object> resources =
        ComposeFile.map(ComposeFile.map(service.get("deploy")).get("resources"));
    Object limit =
        service.getOrDefault("mem_limit", ComposeFile.map(resources.get("limits")).get("memory"));
    Matcher size = SIZE.matcher(String.valueOf(limit).toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      return OptionalLong.empty();
    }
    int powers = "bkmg".indexOf(size.group(2).isEmpty() ? "b" : size.group(2));
    long bytes = Long.parseLong(size.group(1)) << (10 * powers);
    return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
  }
}
